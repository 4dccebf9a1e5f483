"""Search as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """One table of everything that can be found (搜索)."""

    name = "yangguang.kernel.search"
    label = "search"
    verbose_name = "搜索"
    default_auto_field = "django.db.models.BigAutoField"
