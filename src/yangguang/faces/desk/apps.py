"""The officers' side: shell, today page, acting post, refusals."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Workbench (工作台)."""

    name = "yangguang.faces.desk"
    label = "desk"
    verbose_name = "工作台"
