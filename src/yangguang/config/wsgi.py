"""The web application for any WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from yangguang.platform.telemetry import start_telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.config.settings")
start_telemetry()
application = get_wsgi_application()
