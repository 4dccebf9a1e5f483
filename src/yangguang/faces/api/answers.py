"""What the API gives: the shapes of its answers, for programs and for the published schema."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field


class Coded(Schema):
    """A code and its word in the reader's language."""

    code: str
    words: str


class UnitRef(Schema):
    """A unit."""

    code: str
    name: str


class Notice(Schema):
    """A notice (来文) that was taken in."""

    number: str
    title: str
    document_number: str
    issuer: str
    signed_on: date | None
    state: Coded
    opened_at: str
    duties: int = Field(description="Duties issued from it.")
    public: bool
    back_entered: bool


class Notices(Schema):
    """A page of notices, by number."""

    items: list[Notice]
    next: str | None


class Duty(Schema):
    """A duty (督查事项): who does what by when, and how it stands."""

    number: str
    notice: str | None = Field(description="Number of the notice.")
    position: int
    path: list[str]
    title: str
    text: str
    units: dict[str, list[UnitRef]] = Field(description="By part: lead, support, responsible, supervising.")
    state: Coded
    lamp: Coded
    lamp_because: str
    percent: int
    due_on: date | None = Field(description="The next day by which something is due.")
    last_report_on: date | None
    parent: str | None
    public: bool
    revision: int


class Duties(Schema):
    """A page of duties, by number."""

    items: list[Duty]
    next: str | None


class Event(Schema):
    """One line of the trail."""

    seq: int
    name: str
    label: str
    sentence: str
    unit: str
    occurred_at: str
    recorded_at: str
    hash: str


class Skipped(Schema):
    """A day that was not counted, and why."""

    day: date
    why: str
    name: str
    source: str
    provisional: bool


class Clock(Schema):
    """A deadline that explains itself."""

    key: str
    label: str
    unit: str | None
    state: str
    starts_on: date
    due_on: date | None
    met_on: date | None
    provisional: bool
    cite: str
    calendar_version: str
    counted: list[date]
    skipped: list[Skipped]
    moved_from: list[date | None] = Field(description="Days on which it was due before.")


class Card(Schema):
    """A yellow or red card."""

    number: str
    level: Coded
    rule: str
    case: str
    unit: UnitRef
    state: Coded
    raised_on: date
    because: str
    answer_due_on: date | None


class Cards(Schema):
    """A page of cards, by number."""

    items: list[Card]
    next: str | None


class SpecialDay(Schema):
    """A day that is not what its weekday says, or that a notice names."""

    day: date
    is_work: bool
    why: str
    name: str
    source: str
    confidence: str
    provisional: bool


class Calendar(Schema):
    """A year of a working calendar."""

    jurisdiction: str
    year: int
    version: str
    provisional: bool
    working_days: int
    days: list[SpecialDay]


class Due(Schema):
    """When a term falls due, and which days counted."""

    due_on: date | None
    due_at: str | None = None
    provisional: bool
    counted: list[date]
    skipped: list[Skipped]


class RuleValue(Schema):
    """One value of the rulebook with its source."""

    key: str
    words: str
    value: Any
    unit: str
    place: str = Field(description="Division that set it; empty: the whole country.")
    valid_from: date
    valid_to: date | None
    law: str
    article: str
    cite: str
    confidence: str


class Rulebook(Schema):
    """The values in force on a day at a place."""

    hash: str
    on: date
    place: str
    values: list[RuleValue]


class Division(Schema):
    """An administrative division."""

    code: str
    name: str
    short_name: str
    level: Coded
    parent: str | None
    branch: bool


class Divisions(Schema):
    """A page of divisions, by code."""

    items: list[Division]
    next: str | None


class Unit(Schema):
    """A unit of government."""

    code: str
    name: str
    division: str
    nature: Coded
    level: Coded
    superior: str | None
    counterpart: str | None
    merged_into: str | None
    valid_from: date
    valid_to: date | None


class Units(Schema):
    """A page of units, by code."""

    items: list[Unit]
    next: str | None


class ProgressGiven(Schema):
    """A report that was taken."""

    report: int
    duty: str
    percent: int
    state: Coded
    revision: int


class ClosedDay(Schema):
    """A closed day of the ledger with its root (RFC 9162) and the proof from the day before."""

    day: date
    size: int = Field(description="Entries of the whole ledger at the end of the day.")
    root: str
    previous: str = Field(description="Seal of the day before; empty for the first day.")
    seal: str = Field(description="SHA-256 over day, previous, root and size.")
    path: list[str] = Field(description="Consistency proof from the day before.")


class ClosedDays(Schema):
    """Closed days, oldest first."""

    items: list[ClosedDay]
    next: date | None = Field(description="`since` of the next page.")


class Consistency(Schema):
    """The proof that a later day continues an earlier one."""

    earlier: ClosedDay
    later: ClosedDay
    path: list[str]


class Proof(Schema):
    """The proof that an entry is in the ledger as published for a day."""

    day: date
    position: int
    size: int
    root: str
    path: list[str]


class Receipt(Schema):
    """The receipt of an entry; it holds no content. `proof` is null until the day is closed."""

    format: str
    stream: str
    seq: int
    recorded_at: str
    hash: str
    proof: Proof | None
