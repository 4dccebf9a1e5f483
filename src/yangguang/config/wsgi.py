"""The web application for any WSGI server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from yangguang.platform.telemetry import start_telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.config.settings")
start_telemetry()
application = get_wsgi_application()

# What a process keeps for good is made now and left out of the collector's later walks: a walk over all of it stopped
# a page for more than a tenth of a second. Reading the patterns imports the pages.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
