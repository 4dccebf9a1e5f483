"""The demonstration as a Django app; installed only where settings.DEMO is on."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    """The invented province 青禾省 (演示)."""

    name = "yangguang.demo"
    label = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        """Let every process of the demonstration live on its own clock; no real instance can load this room."""
        from django.conf import settings  # noqa: PLC0415 - read once the app is loaded

        from yangguang.demo.clock import shown_now  # noqa: PLC0415 - as above
        from yangguang.platform.now import set_clock  # noqa: PLC0415 - as above

        if not settings.DEMO:
            raise ImproperlyConfigured("yangguang.demo is for demonstrations only: this instance is none")
        set_clock(shown_now)
