"""The API as a Django app, for the template of its documentation."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Application programming interface (接口)."""

    name = "yangguang.faces.api"
    label = "api"
    verbose_name = "接口"
