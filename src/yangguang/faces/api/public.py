"""Operations that anyone may call: clock, calendar, rulebook, divisions, units, cards."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from yangguang.faces.api import answers, shapes
from yangguang.faces.api.inputs import Cursor, Day, Limit, Number, Text, Year, page_of
from yangguang.faces.api.signing_in import ERRORS
from yangguang.kernel.clock.limits import Event
from yangguang.kernel.clock.limits import Limit as TimeLimit
from yangguang.kernel.clock.reckoning import reckon
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.clock.vocabulary import ClockError, EventKind
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.office import queries as office
from yangguang.kernel.organisation.models import Division
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.organisation.vocabulary import Level, Nature
from yangguang.kernel.rulebook import NothingHeld, house_rulebook
from yangguang.platform.now import today
from yangguang.supervision import queries as supervision

router = Router()
_PAUSES: Any = Query([], max_length=100, description="Days `A..B` that do not count, both included. May be repeated.")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
Place = Annotated[Number, Field(description="Division code (GB/T 2260); empty: the whole country.")]


@router.get(
    "/clock/due", auth=None, response={200: answers.Due, **ERRORS}, tags=["clock"], summary="When a term falls due"
)
def due(
    request: HttpRequest,
    term: Annotated[
        Text, Field(description="`5 working days`, `30 calendar days`, `3 months`, `24 hours`, `5个工作日`.")
    ],
    start: Annotated[Text, Query(alias="from", description="Day of the start (not counted), or moment for hours.")],
    place: Place = "",
    pause: list[Text] = _PAUSES,
    roll: Annotated[bool, Field(description="A last day on a closed day moves to the next working day.")] = False,
) -> Any:
    """Reckon a term by the working calendar of a place, and tell every day: counted or not, why, by which notice."""
    limit = TimeLimit(parse_term(term), rolls=roll)
    pauses = [_pause(one) for one in pause]
    answer = reckon(limit, [Event(EventKind.START, _start(start))], _calendar(place), uncounted=pauses)
    return Status(
        200,
        {
            "due_on": answer.due_on,
            "due_at": answer.due_at.isoformat() if answer.due_at else None,
            "provisional": answer.provisional,
            "counted": list(answer.counted),
            "skipped": [shapes.skipped(one) for one in answer.skipped],
        },
    )


@router.get(
    "/calendar/{year}",
    auth=None,
    response={200: answers.Calendar, **ERRORS},
    tags=["clock"],
    summary="A year's working calendar",
)
def calendar(request: HttpRequest, year: Year, place: Place = "") -> Any:
    """Return the special days of a year with their notices, and how many working days it has."""
    used = _calendar(place)
    head = max(date(year - 1, 12, 31), used.first)
    working = used.between(head, date(year, 12, 31)) + (head.year == year and used.is_work(head))
    return Status(
        200,
        {
            "jurisdiction": used.jurisdiction,
            "year": year,
            "version": used.version,
            "working_days": working,
            "provisional": year in used.provisional_years,
            "days": [shapes.special(fact) for fact in used.special_days(year)],
        },
    )


@router.get(
    "/rulebook",
    auth=None,
    response={200: answers.Rulebook, **ERRORS},
    tags=["law"],
    summary="Limits and thresholds with their law",
)
def rulebook(request: HttpRequest, on: Day | None = None, place: Place = "", q: Text = "") -> Any:
    """Return what held on a day at a place, each value with its article and how sure the citation is."""
    book, day = house_rulebook(), on or today()
    chain = division_chain(place) if place else ()
    if place and not chain:
        raise Malformed(errors={"query/place": "没有这个区划代码。"})
    values = []
    for key in sorted(book.keys):
        try:
            value = book(key, on=day, chain=chain)
        except NothingHeld:
            continue
        if not q or q in value.key or q in value.zh or q in value.cite.title:
            values.append(shapes.rule_value(value))
    return Status(200, {"hash": book.hash, "on": day, "place": place, "values": values})


@router.get(
    "/divisions", auth=None, response={200: answers.Divisions, **ERRORS}, tags=["organisation"], summary="Divisions"
)
def divisions(
    request: HttpRequest, q: Text = "", level: Level | None = None, limit: Limit = 50, cursor: Cursor = ""
) -> Any:
    """List the divisions by code."""
    listed = office.divisions(q=q, level=level.value if level else "")
    rows, following = page_of(listed, "code", cursor, limit)
    return Status(200, {"items": [shapes.division(row) for row in rows], "next": following})


@router.get(
    "/units", auth=None, response={200: answers.Units, **ERRORS}, tags=["organisation"], summary="Units of government"
)
def units(
    request: HttpRequest,
    q: Text = "",
    division: Number = "",
    level: Level | None = None,
    nature: Nature | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Any:
    """List the units by code, by any name they bear or bore; people are not given."""
    place = Division.objects.filter(code=division).first() if division else None
    if division and place is None:
        raise Malformed(errors={"query/division": "没有这个区划代码。"})
    listed = office.units(
        q=q, division=place, level=level.value if level else "", nature=nature.value if nature else ""
    )
    rows, following = page_of(listed.select_related("counterpart"), "code", cursor, limit)
    return Status(200, {"items": [shapes.unit(row) for row in rows], "next": following})


@router.get(
    "/cards", auth=None, response={200: answers.Cards, **ERRORS}, tags=["supervision"], summary="Yellow and red cards"
)
def cards(request: HttpRequest, q: Text = "", limit: Limit = 50, cursor: Cursor = "") -> Any:
    """List the cards in your sight by number; the public sees published ones."""
    actor = request.actor  # type: ignore[attr-defined]
    listed = supervision.find_cards(supervision.cards(actor, on=today()), q)
    rows, following = page_of(listed, "case__number", cursor, limit)
    return Status(200, {"items": [shapes.card(row) for row in rows], "next": following})


def _calendar(place: str) -> Any:
    return calendar_in(place)


def _start(text: str) -> date | datetime:
    if not _MOMENT.fullmatch(text):
        raise _bad_day("from")
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad_day("from") from error


def _pause(text: str) -> tuple[date, date]:
    first, _dots, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise _bad_day("pause") from error
    if days[1] < days[0]:
        raise ClockError("bad_pause", "中止期间 {begin}..{end} 的终日早于始日。", begin=days[0], end=days[1])
    return days


def _bad_day(name: str) -> Malformed:
    return Malformed(errors={f"query/{name}": "日期须写作 2026-02-13。"})
