"""The days of a calendar as rows: written once a version, counting like the clock."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.ledger.calendar_days import sync_calendar
from yangguang.kernel.ledger.models import CalendarDay

pytestmark = pytest.mark.django_db


def test_a_version_is_written_once() -> None:
    calendar = calendar_for("53")
    assert (sync_calendar(calendar), sync_calendar(calendar)) == (True, False)
    assert CalendarDay.objects.count() == (calendar.last - calendar.first).days + 1


def test_divisions_without_days_of_their_own_share_the_rows() -> None:
    sync_calendar(calendar_for("53"))
    assert not sync_calendar(calendar_for("5301"))


def test_a_prefecture_with_festivals_has_rows_of_its_own() -> None:
    sync_calendar(calendar_for())
    assert sync_calendar(calendar_for("5134"))
    assert CalendarDay.objects.values_list("version", flat=True).distinct().order_by("version").count() == 2


@pytest.mark.parametrize(
    ("first", "last"), [("2026-02-13", "2026-03-19"), ("2026-09-30", "2026-10-13"), ("2004-01-01", "2027-12-31")]
)
def test_rows_count_like_the_clock(first: str, last: str) -> None:
    calendar = calendar_for()
    sync_calendar(calendar)
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    rows = {row.day: row for row in CalendarDay.objects.filter(version=calendar.version, day__in=(start, end))}
    assert rows[end].number - rows[start].number == calendar.between(start, end)
    assert (rows[end].is_work, rows[end].provisional) == (calendar.is_work(end), calendar.is_provisional(end))
