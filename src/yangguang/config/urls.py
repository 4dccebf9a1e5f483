"""Where each address leads."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from yangguang.faces.api.pages import docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("yangguang.faces.api.urls")),
    *i18n_patterns(
        path("accounts/", include("yangguang.kernel.accounts.faces.urls")),
        path("accounts/", include("allauth.urls")),
        path("", include("yangguang.domains.directives.faces.urls")),
        path("", include("yangguang.supervision.faces.urls")),
        path("", include("yangguang.faces.desk.urls")),
        path("ledger/", include("yangguang.kernel.proofs.faces.urls")),
        path("api/docs/", docs, name="api_docs"),
        path("desk/setup/", include("yangguang.kernel.office.faces.urls")),
        path("", include("yangguang.faces.portal.urls")),
        prefix_default_language=False,
    ),
]
handler500 = "yangguang.platform.web.unavailable.failed"

if settings.DEMO:
    urlpatterns.append(path("design/", include("yangguang.faces.design.urls")))
    urlpatterns += i18n_patterns(path("demo/", include("yangguang.demo.faces.urls")), prefix_default_language=False)
