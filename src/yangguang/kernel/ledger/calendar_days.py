"""The days of working calendars as rows, so that SQL does working-day arithmetic by subtraction.

The working days in (a, b] are ``number(b) - number(a)`` of one version. A
version's rows are written once and never changed: a corrected calendar is a
new version, and what was judged under the old one can be reckoned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.clock.flat import FlatClock
from yangguang.kernel.clock.vocabulary import Unit
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


#: the last day of flat clocks, by the rows of their calendar version: the n-th day after the start that counts (a
#: month is as many days as it has), then, where the limit rolls, the first working day that lies in no span. A day
#: on or after the beginning of a suspension without a known end is not known.
_DUE = """
WITH flat AS MATERIALIZED (
    SELECT c.place, c.version, c.start, c.working, c.rolls, c.open_from,
        CASE WHEN c.months THEN (c.start + make_interval(months => c.n))::date - c.start ELSE c.n END AS need,
        (SELECT coalesce(array_agg(daterange(s.first, s.last, '[]')), '{}')
            FROM unnest(%(owner)s::int[], %(first)s::date[], %(last)s::date[]) AS s(place, first, last)
            WHERE s.place = c.place) AS spans
    FROM unnest(%(version)s::text[], %(start)s::date[], %(n)s::int[], %(months)s::bool[], %(working)s::bool[],
        %(rolls)s::bool[], %(open_from)s::date[]) WITH ORDINALITY
        AS c(version, start, n, months, working, rolls, open_from, place))
SELECT nullif(least(due.day, coalesce(flat.open_from, 'infinity')), flat.open_from)
FROM flat
CROSS JOIN LATERAL (
    SELECT d.day FROM ledger_calendarday AS d
    WHERE d.version = flat.version AND d.day > flat.start AND (d.is_work OR NOT flat.working)
        AND NOT d.day <@ ANY (flat.spans)
    ORDER BY d.day OFFSET flat.need - 1 LIMIT 1) AS last
CROSS JOIN LATERAL (
    SELECT d.day FROM ledger_calendarday AS d
    WHERE d.version = flat.version AND d.day >= last.day
        AND (NOT flat.rolls OR (d.is_work AND NOT d.day <@ ANY (flat.spans)))
    ORDER BY d.day LIMIT 1) AS due
ORDER BY flat.place"""


def due_in_sql(clocks: Sequence[tuple[str, FlatClock]]) -> list[date | None]:
    """Return the last day of each flat clock under its calendar version, reckoned by the database from its rows."""
    spans = [(place, *span) for place, (_, clock) in enumerate(clocks, start=1) for span in clock.spans]
    units = [clock.term.unit for _, clock in clocks]
    columns: dict[str, list[Any]] = {
        "version": [version for version, _ in clocks],
        "start": [clock.start for _, clock in clocks],
        "n": [c.term.amount * (12 if c.term.unit is Unit.YEARS else 1) for _, c in clocks],
        "months": [unit in (Unit.MONTHS, Unit.YEARS) for unit in units],
        "working": [unit is Unit.WORKING_DAYS for unit in units],
        "rolls": [clock.rolls for _, clock in clocks],
        "open_from": [clock.open_from for _, clock in clocks],
        "owner": [place for place, _, _ in spans],
        "first": [first for _, first, _ in spans],
        "last": [last for _, _, last in spans],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, columns)
        return [row[0] for row in cursor.fetchall()]
