"""Calendars: whole days, identifiers that last, equal bytes for equal days."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from icalendar import Calendar

from yangguang.platform.ical import Entry, calendar, identifier

CHANGED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENTRY = Entry(
    "duty:12#report",
    "报送进展；一、二",
    date(2026, 6, 30),
    CHANGED,
    "第一行\n第二行, x",
    "https://x.example/1",
    2,
    False,
    1,
)


def events(feed: bytes):
    return list(Calendar.from_ical(feed).walk("VEVENT"))


def test_an_entry_is_one_whole_day_that_takes_no_time():
    event = events(calendar("任务时限", [ENTRY]))[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 6, 30), date(2026, 7, 1))
    assert str(event["summary"]) == "报送进展；一、二"
    assert str(event["description"]) == "第一行\n第二行, x"
    assert (event["transp"], event["status"], event["sequence"]) == ("TRANSPARENT", "CONFIRMED", 2)
    assert event.decoded("dtstamp") == CHANGED


def test_a_day_that_moves_keeps_its_identifier():
    moved = dataclasses.replace(ENTRY, day=date(2026, 7, 31), sequence=3)
    before, after = (events(calendar("x", [e]))[0]["uid"] for e in (ENTRY, moved))
    assert before == after == identifier("duty:12#report")
    assert identifier("duty:12#report") == "75bfff0e-d7c9-5b78-a1f2-712a9496aa77@yangguang"


def test_equal_entries_give_equal_bytes_in_short_lines():
    feed = calendar("任务时限", [ENTRY])
    assert feed == calendar("任务时限", [ENTRY])
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))


def test_a_cancelled_day_says_so_and_reminds_nobody():
    event = events(calendar("x", [dataclasses.replace(ENTRY, cancelled=True)]))[0]
    assert event["status"] == "CANCELLED"
    assert not event.walk("VALARM")
    assert len(events(calendar("x", [ENTRY]))[0].walk("VALARM")) == 1


def test_an_empty_calendar_is_a_calendar():
    assert events(calendar("x", [])) == []
