"""The outbox as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages to people and events to subscribers (发件箱)."""

    name = "yangguang.kernel.outbox"
    label = "outbox"
    verbose_name = "发件箱"
    default_auto_field = "django.db.models.BigAutoField"
