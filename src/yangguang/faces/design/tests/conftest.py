"""A site made of the design face alone, served on a free port of this machine, and a browser to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import pytest
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="design-tests",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="yangguang.faces.design.tests.site",
        INSTALLED_APPS=[
            "yangguang.faces.design",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django_htmx",
            "django_tables2",
        ],
        MIDDLEWARE=[
            "csp.middleware.CSPMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "yangguang.platform.web.view.ViewMiddleware",
        ],
        MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "yangguang.faces.design.context.page",
                    ]
                },
            }
        ],
        DATABASES={},
        STATIC_URL="/static/",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        LANGUAGES=[("zh-hans", "中文"), ("en", "English")],
        FORM_RENDERER="yangguang.faces.design.forms.Renderer",
        DJANGO_TABLES2_TEMPLATE="design/table.html",
    )
    django.setup()

from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, sync_playwright

from yangguang.platform.i18n import LOCALE
from yangguang.platform.i18n import compile as compile_catalogues
from yangguang.platform.web.policy import CONTENT_SECURITY_POLICY

configured.CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY
configured.LOCALE_PATHS = [str(LOCALE)]

CHROMIUM = "/usr/bin/chromium"


class Quiet(WSGIRequestHandler):
    """No line a request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """Address of the gallery site."""
    compile_catalogues()
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
