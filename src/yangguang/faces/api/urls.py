"""Addresses of the API, below /api/."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from yangguang.faces.api.assembly import api
from yangguang.faces.api.facing import faced, nowhere


def _faced(patterns: list[Any]) -> list[Any]:
    for pattern in patterns:
        pattern.callback = faced(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
urlpatterns = [
    path("v1/", include((_faced(list(_patterns)), _app), namespace=_namespace)),
    path("v1/<path:rest>", faced(nowhere)),
]
