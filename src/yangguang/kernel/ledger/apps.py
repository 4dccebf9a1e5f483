"""The ledger as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Cases, entries, deadlines and work items (台账)."""

    name = "yangguang.kernel.ledger"
    label = "ledger"
    verbose_name = "台账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the log tell which request wrote which entry."""
        from yangguang.kernel.ledger.logged import tell_of_entry  # noqa: PLC0415 - apps are loading
        from yangguang.kernel.ledger.writing import subscribe  # noqa: PLC0415 - as above

        subscribe("*")(tell_of_entry)
