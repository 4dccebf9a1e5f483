"""Settings: one file, read strictly from the environment.

Every variable is described in ``docs/reference/settings.md``. A real instance
sets ``DATABASE_URL``, ``YG_SECRET_KEY`` (or ``YG_SECRET_KEY_FILE``) and
``YG_ALLOWED_HOSTS``; a demonstration needs nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from yangguang.platform.logs import FORMATS, log_settings
from yangguang.platform.settings import env_addresses, env_bool, env_choice, env_int, env_path, env_secret, env_text
from yangguang.platform.unusable import Unusable

PACKAGE = Path(__file__).resolve().parent.parent


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Unusable("DATABASE_URL names no PostgreSQL.", "Write postgresql://user:password@host:port/database.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "yangguang",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATA_DIR = env_path("YG_DATA", PACKAGE.parent.parent / ".data")
DEMO = env_bool("YG_DEMO", False)
DEBUG = env_bool("YG_DEBUG", False)
_keyless = DEMO or DEBUG or env_bool("YG_SETUP", False)
SECRET_KEY = env_secret("YG_SECRET_KEY", "for-demonstrations-and-tests-only" if _keyless else None)
ALLOWED_HOSTS = env_text("YG_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
#: calendar folders of the instance beside the shipped ones
CALENDAR_DIRS = [p for p in os.environ.get("YG_CALENDARS", "").split(os.pathsep) if p]
if DEMO:
    CALENDAR_DIRS.append(str(PACKAGE / "demo" / "content" / "calendars"))
SITE_NAME = env_text("YG_SITE_NAME", "青禾省人民政府" if DEMO else "阳光")

#: what the footer of every public page must name (政府网站发展指引)
SITE = {
    "organiser": env_text("YG_SITE_ORGANISER", "青禾省人民政府办公厅（虚构）" if DEMO else ""),
    "operator": env_text("YG_SITE_OPERATOR", ""),
    "phone": env_text("YG_SITE_PHONE", ""),
    "site_code": env_text("YG_SITE_CODE", ""),
    "icp": env_text("YG_SITE_ICP", ""),
    "police": env_text("YG_SITE_POLICE", ""),
}

DATABASES = {"default": _database(env_text("DATABASE_URL", "postgresql://localhost/yangguang"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "yangguang.kernel.accounts",  # before allauth, whose pages it dresses
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "csp",
    "yangguang.kernel.organisation",
    "yangguang.kernel.documents",
    "yangguang.kernel.ledger",
    "yangguang.kernel.outbox",
    "yangguang.kernel.search",
    "yangguang.kernel.processes",
    "yangguang.kernel.office",
    "yangguang.kernel.proofs",
    "yangguang.domains.directives",
    "yangguang.supervision",
    "yangguang.faces.design",
    "yangguang.faces.portal",
    "yangguang.faces.desk",
    "yangguang.faces.api",
]
if DEMO:
    INSTALLED_APPS.append("yangguang.demo")

MIDDLEWARE = [
    "yangguang.platform.web.requests.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yangguang.platform.web.view.ViewMiddleware",
    "yangguang.platform.web.limits.RateLimits",
    "yangguang.kernel.accounts.faces.guarding.SessionLimits",
    "yangguang.faces.desk.middleware.ActingOfficer",
    "yangguang.kernel.accounts.faces.guarding.SecondFactorFirst",
    "yangguang.faces.desk.middleware.Refusals",
]

ROOT_URLCONF = "yangguang.config.urls"
WSGI_APPLICATION = "yangguang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yangguang.faces.design.context.page",
                "yangguang.faces.desk.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "yangguang.faces.design.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "design/table.html"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
#: the confirm page of a long notice: some thirty fields a duty, and a thousand duties on one page
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
#: largest text of a notice that the reader takes, in bytes
NOTICE_MAX_BYTES = env_int("YG_NOTICE_MAX_BYTES", 5 * 1024 * 1024, least=1)
DOCUMENT_MAX_BYTES = env_int("YG_DOCUMENT_MAX_BYTES", 25 * 1024 * 1024, least=1)
#: channel -> Apprise URL; without one a message is recorded and not carried
OUTBOX_URLS = env_addresses("YG_OUTBOX_URLS", ("email", "sms", "wecom"))

#: who outside keeps the daily roots of the ledger (kernel/proofs)
WITNESSES = {
    "folder": env_path("YG_WITNESS_FOLDER", DATA_DIR / "witness"),
    "url": env_text("YG_WITNESS_URL", ""),
    "token": env_secret("YG_WITNESS_TOKEN", ""),
    "tsa": env_text("YG_WITNESS_TSA", ""),
    "tsa_roots": env_path("YG_WITNESS_TSA_ROOTS", DATA_DIR / "tsa-roots.pem"),
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "yangguang.kernel.accounts.adapters.Accounts"
ACCOUNT_SIGNUP_FORM_CLASS = "yangguang.kernel.accounts.forms.CitizenSignup"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
#: who must have a second factor: staff, administrators, or nobody
SECOND_FACTOR = env_choice("YG_SECOND_FACTOR", "off" if DEMO else "staff", ("staff", "administrators", "off"))
#: system, security and audit administrators are different people (三员分立)
SEPARATE_ADMINISTRATORS = env_bool("YG_SEPARATE_ADMINISTRATORS", not DEMO)
#: dangerous acts ask for the password again
ASK_AGAIN = not DEMO
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
#: requests by address or account in a minute, in each web process
RATE_LIMITS = not DEMO
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("YG_BEHIND_PROXY", False) else 0
MFA_ADAPTER = "yangguang.kernel.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "yangguang.kernel.accounts.forms.AddPasskey"}
MFA_PASSKEY_LOGIN_ENABLED = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 3600 * env_int("YG_SESSION_HOURS", 8, least=1, most=24)
SESSION_IDLE_SECONDS = 60 * env_int("YG_SESSION_IDLE_MINUTES", 480 if DEMO else 60, least=5, most=1440)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("YG_HTTPS", not (DEMO or DEBUG))
SECURE_SSL_REDIRECT = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("YG_BEHIND_PROXY", False) else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOG_FORM = env_choice("YG_LOG", "text", FORMATS)
LOGGING = log_settings(LOG_FORM, env_text("YG_LOG_LEVEL", "WARNING"))
#: who holds it may read /metrics; without one, this machine alone
METRICS_TOKEN = env_secret("YG_METRICS_TOKEN", "")
