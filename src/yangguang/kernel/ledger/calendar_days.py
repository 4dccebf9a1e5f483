"""The days of working calendars as rows, so that SQL does working-day arithmetic by subtraction.

The working days in (a, b] are ``number(b) - number(a)`` of one version. A
version's rows are written once and never changed: a corrected calendar is a
new version, and what was judged under the old one can be reckoned again.
"""

from __future__ import annotations

from django.db import connection

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.ledger.models import CalendarDay

#: some ten thousand rows at once: arrays spare the server as many placeholders
_WRITE = """
INSERT INTO ledger_calendarday (jurisdiction, version, day, number, is_work, provisional)
SELECT %s, %s, row.day, row.number, row.is_work, row.provisional
FROM unnest(%s::date[], %s::integer[], %s::boolean[], %s::boolean[]) AS row(day, number, is_work, provisional)
ON CONFLICT DO NOTHING"""


def sync_calendar(calendar: WorkingCalendar) -> bool:
    """Write the days of a calendar version unless they are there; return whether they were written now.

    Divisions without days of their own share the calendar, and so the rows, of
    the division above. The test is one look-up in an index; two transactions
    that write the same version at once leave it written once.
    """
    if CalendarDay.objects.filter(version=calendar.version, day=calendar.first).exists():
        return False
    rows = list(calendar.rows())
    columns = [[getattr(row, name) for row in rows] for name in ("day", "number", "is_work", "provisional")]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [calendar.jurisdiction, calendar.version, *columns])
    return True
