"""The public side: home, lights, duties, search, method."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Portal (门户)."""

    name = "yangguang.faces.portal"
    label = "portal"
    verbose_name = "门户"
