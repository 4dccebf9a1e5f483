"""The calendar notices that an instance has adopted, as the clock takes them.

They are read once and kept for some seconds: another process sees a notice so much later at most. What it reckons
meanwhile under the old calendar bears that calendar's version, and is reckoned anew by ``replaying``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import groupby

from yangguang.kernel.clock.notices import Gazette, unpack_notice
from yangguang.kernel.ledger.models import CalendarNotice

#: seconds for which the adopted notices are not read again
FRESH = 20.0

_kept: tuple[float, tuple[Gazette, ...]] | None = None


def adopted_gazettes() -> tuple[Gazette, ...]:
    """Return the notices in force, one gazette a jurisdiction."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > FRESH:
        _kept = (now, gazettes_of(CalendarNotice.objects.filter(withdrawn=None)))
    return _kept[1]


def forget_adopted() -> None:
    """Let the next question read the adopted notices anew."""
    global _kept
    _kept = None


def gazettes_of(rows: Iterable[CalendarNotice]) -> tuple[Gazette, ...]:
    """Return adopted notices as the clock takes them."""
    ordered = sorted(rows, key=lambda row: (row.jurisdiction, row.pk))
    return tuple(
        Gazette(jurisdiction, tuple(unpack_notice(row.page) for row in group))
        for jurisdiction, group in groupby(ordered, key=lambda row: row.jurisdiction)
    )
