"""Calendar feeds (iCalendar, RFC 5545) of whole days. Knows days and titles, no word of government."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

#: keys become identifiers in this namespace; it must never change, or every calendar shows each day twice
_NAMESPACE = uuid.UUID("6f1c1f0e-0c5a-5d2b-9a57-1b7c8b6d2e11")


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in a calendar; ``key`` names it for good, ``changed_at`` says when it last changed."""

    key: str
    title: str
    day: date
    changed_at: datetime
    description: str = ""
    url: str = ""
    #: how often the day has moved: calendars take the higher number
    sequence: int = 0
    cancelled: bool = False
    #: days before at whose morning (9:00) the calendar reminds, or None
    remind_days: int | None = None


def calendar(name: str, entries: Iterable[Entry], *, refresh_hours: int = 4) -> bytes:
    """Return a calendar of whole-day events; equal entries give equal bytes, and keys keep their identifiers."""
    feed = Calendar()
    feed.add("prodid", "-//Yangguang//Deadlines//ZH")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", timedelta(hours=refresh_hours), parameters={"value": "DURATION"})
    feed.add("x-published-ttl", f"PT{refresh_hours}H")
    for entry in entries:
        feed.add_component(_event(entry))
    return bytes(feed.to_ical())


def identifier(key: str) -> str:
    """Return the identifier (UID) that stands for a key in every calendar, for ever."""
    return f"{uuid.uuid5(_NAMESPACE, key)}@yangguang"


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", identifier(entry.key))
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    if entry.remind_days is not None and not entry.cancelled:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", timedelta(hours=9) - timedelta(days=entry.remind_days or 0))
    return alarm
