"""The one place that reads the wall clock. Everything else is given its time.

A demonstration may move the clock; a real instance cannot (``yangguang.config``
never installs a provider there).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_provider: Callable[[], datetime] | None = None


def set_clock(provider: Callable[[], datetime] | None) -> None:
    """Move the clock (demonstrations and tests), or give it back with None."""
    global _provider
    _provider = provider


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _provider() if _provider else datetime.now(UTC)


def today() -> date:
    """Return the present day in China (Beijing time)."""
    return now().astimezone(BEIJING).date()
