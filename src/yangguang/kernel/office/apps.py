"""The office as a Django app: what a fresh instance's set-up may do."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Commands on the organisation."""

    name = "yangguang.kernel.office"
    label = "office"
    verbose_name = "机构管理"

    def ready(self) -> None:
        """Let the set-up of an instance write the first rows."""
        from yangguang.kernel.ledger.authority import grant_system  # noqa: PLC0415
        from yangguang.kernel.office.vocabulary import EVERYTHING, SETUP  # noqa: PLC0415

        grant_system(SETUP, *EVERYTHING)
