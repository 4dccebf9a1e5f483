"""The one place that reads the wall clock. Everything else is given its time.

A demonstration may move the clock, by YG_TODAY when a process starts or by a
provider; a real instance cannot: it refuses YG_TODAY, and ``yangguang.config``
never installs a provider there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from yangguang.platform.settings import env_bool, env_text
from yangguang.platform.unusable import Unusable

BEIJING = ZoneInfo("Asia/Shanghai")

#: clocks that differ by less show the same moment
SAME_CLOCK = timedelta(minutes=1)

_provider: Callable[[], datetime] | None = None


def set_clock(provider: Callable[[], datetime] | None) -> None:
    """Move the clock (demonstrations and tests), or give it back with None."""
    global _provider
    _provider = provider


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _provider() if _provider else unmoved_now()


def real_now() -> datetime:
    """Return what the wall clock says, moved or not; for providers, which reckon from it."""
    return datetime.now(UTC)


def unmoved_now() -> datetime:
    """Return the moment that holds where no provider moved the clock: the real one, or YG_TODAY's."""
    return real_now() + _shift()


def today() -> date:
    """Return the present day in China (Beijing time)."""
    return now().astimezone(BEIJING).date()


def is_moved() -> bool:
    """Say whether the clock shown differs from the real one; pages then print the day they count with."""
    return abs(now() - real_now()) >= SAME_CLOCK


@cache
def _shift() -> timedelta:
    """Return how far YG_TODAY lies from the real day on which this process first asked; the same ever after."""
    chosen = env_text("YG_TODAY", "")
    if not chosen:
        return timedelta()
    if not env_bool("YG_DEMO", False):
        raise Unusable("YG_TODAY is set, but this instance is not a demonstration.", "Remove YG_TODAY.")
    return parse_day(chosen, "YG_TODAY") - datetime.now(BEIJING).date()


def parse_day(text: str, name: str) -> date:
    """Return the day written as 2026-02-13; `name` says in the refusal which setting or option it came from."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"{name} is {text!r}, which is not a day.", "Write it as 2026-02-13.") from None


def beijing_day(at: datetime) -> date:
    """Return the day in China on which a moment falls; refuses naive moments."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(BEIJING).date()
