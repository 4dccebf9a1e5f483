"""A site made of the design face alone, served on a free port of this machine, and a browser to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser

from yangguang.platform.i18n import LOCALE
from yangguang.platform.i18n import compile as compile_catalogues
from yangguang.platform.testkit.browser import chromium

SITE = {
    "ALLOWED_HOSTS": ["*"],
    "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"], "img-src": ["'self'", "data:"]}},
    "DEMO": True,
    "FORM_RENDERER": "yangguang.faces.design.forms.Renderer",
    "LANGUAGES": [("zh-hans", "中文"), ("en", "English")],
    "LANGUAGE_CODE": "zh-hans",
    "LOCALE_PATHS": [str(LOCALE)],
    "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "yangguang.platform.web.view.ViewMiddleware",
    ],
    "ROOT_URLCONF": "yangguang.faces.design.tests.site",
    "SITE": {
        "organiser": "青禾省人民政府办公厅",
        "operator": "青禾省政务服务局",
        "phone": "0000-12345",
        "site_code": "0000000000",
    },
    "SITE_NAME": "青禾省政务公开与服务平台",
    "STATIC_URL": "/static/",
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "TEMPLATES": [
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
    "TIME_ZONE": "Asia/Shanghai",
    "USE_TZ": True,
}
"""Nothing but the design face: no database, no accounts."""

if not settings.configured:
    settings.configure(
        SECRET_KEY="design-tests",
        DATABASES={},
        DJANGO_TABLES2_TEMPLATE="design/table.html",
        INSTALLED_APPS=[
            "yangguang.faces.design",
            "allauth",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django_htmx",
            "django_tables2",
        ],
        **SITE,
    )
    django.setup()


@pytest.fixture
def site() -> Iterator[None]:
    """Settings of the design face alone, whatever the project's are."""
    with override_settings(**SITE):
        yield


class Quiet(WSGIRequestHandler):
    """No line a request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site_url() -> Iterator[str]:
    """Address of the gallery site, served as long as one test module runs."""
    compile_catalogues()
    with override_settings(**SITE):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the tests of a module."""
    with chromium() as running:
        yield running
