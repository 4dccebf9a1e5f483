"""Where each address leads."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    *i18n_patterns(
        path("accounts/", include("yangguang.kernel.accounts.faces.urls")),
        path("accounts/", include("allauth.urls")),
        prefix_default_language=False,
    ),
]
