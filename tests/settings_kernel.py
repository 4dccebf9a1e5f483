"""Settings for the tests of kernel rooms: the real ones with only the apps those rooms need."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("YG_SETUP", "1")

from yangguang.config.settings import *  # noqa: E402, F403
from yangguang.config.settings import STORAGES  # noqa: E402

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "yangguang.kernel.organisation",
    "yangguang.kernel.documents",
    "yangguang.kernel.ledger",
    "yangguang.kernel.outbox",
    "yangguang.kernel.search",
]
AUTH_USER_MODEL = "auth.User"
MIDDLEWARE: list[str] = []
ROOT_URLCONF = __name__
urlpatterns: list[object] = []
DATA_DIR = Path(tempfile.gettempdir()) / f"yangguang-tests-{os.getpid()}"
STORAGES["default"]["OPTIONS"]["location"] = DATA_DIR / "files"
