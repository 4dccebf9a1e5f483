"""The days of working calendars as rows, so that SQL does working-day arithmetic by subtraction.

The working days in (a, b] are ``number(b) - number(a)`` of one version. A
version's rows are written once and never changed: a corrected calendar is a
new version, and what was judged under the old one can be reckoned again.
"""

from __future__ import annotations

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.ledger.models import CalendarDay

_BATCH = 2000


def sync_calendar(calendar: WorkingCalendar) -> int:
    """Write the days of a calendar version unless they are there; return how many were written.

    Divisions without days of their own share the calendar, and so the rows, of
    the division above. The test is one look-up in an index; two transactions
    that write the same version at once leave it written once.
    """
    if CalendarDay.objects.filter(version=calendar.version, day=calendar.first).exists():
        return 0
    rows = [
        CalendarDay(
            jurisdiction=calendar.jurisdiction,
            version=calendar.version,
            day=row.day,
            number=row.number,
            is_work=row.is_work,
            provisional=row.provisional,
        )
        for row in calendar.rows()
    ]
    CalendarDay.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)
