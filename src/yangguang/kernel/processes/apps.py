"""Processes as a Django app: published versions of process files."""

from __future__ import annotations

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Processes (流程)."""

    name = "yangguang.kernel.processes"
    label = "processes"
    verbose_name = "流程"
    default_auto_field = "django.db.models.BigAutoField"
