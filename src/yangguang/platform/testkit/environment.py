"""Settings of a test run, put in place before Django reads them; a plug-in of pytest.

The address of the test server is known before the server runs: a run that touches no
database never starts it.
"""

from __future__ import annotations

import os

from yangguang.platform.testkit.databases import EMBEDDED_DATA

os.environ.setdefault("YG_DEMO", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in the tests' thread
os.environ.pop("YG_TODAY", None)
os.environ.setdefault("YG_DATA", str(EMBEDDED_DATA / "data"))
(EMBEDDED_DATA / "data" / "static").mkdir(parents=True, exist_ok=True)
