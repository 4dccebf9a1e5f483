"""Processes as a Django app: published versions of process files."""

from __future__ import annotations

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Processes (流程)."""

    name = "yangguang.kernel.processes"
    label = "processes"
    verbose_name = "流程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the installer publish the process files that come with the program."""
        from yangguang.kernel.ledger.authority import grant_system  # noqa: PLC0415
        from yangguang.kernel.processes.commands import INSTALLER, PUBLISH  # noqa: PLC0415

        grant_system(INSTALLER.key, PUBLISH)
