"""The outbox as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages to people and events to subscribers (发件箱)."""

    name = "yangguang.kernel.outbox"
    label = "outbox"
    verbose_name = "发件箱"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell units of what happens to every kind of case alike."""
        from yangguang.kernel.ledger.calendar_vocabulary import ClockMoved  # noqa: PLC0415 - apps are loading
        from yangguang.kernel.ledger.writing import subscribe  # noqa: PLC0415 - as above
        from yangguang.kernel.outbox.telling import tell_of_moved_clock  # noqa: PLC0415 - as above

        subscribe(ClockMoved.name)(tell_of_moved_clock)
