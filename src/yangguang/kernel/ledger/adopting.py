"""A holiday notice taken over by the instance: read, weighed against what runs, adopted, and taken back if wrong.

Adopting writes one row and one entry and defers the job that reckons running clocks anew (``replaying``): however
many clocks a notice moves, the officer who adopts it does not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app as queue

from yangguang.kernel.clock.jurisdictions import expected_of
from yangguang.kernel.clock.notice_text import ReadNotice, read_notice, year_of_text
from yangguang.kernel.clock.notices import NATION, Gazette, Notice, pack_notice
from yangguang.kernel.clock.vocabulary import ClockError
from yangguang.kernel.ledger import chain
from yangguang.kernel.ledger.adopted import adopted_gazettes, forget_adopted
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.calendar_vocabulary import (
    ADOPT,
    CALENDARS,
    AlreadyAdopted,
    AlreadyWithdrawn,
    NoticeAdopted,
    NoticeWithdrawn,
    UnknownPlace,
)
from yangguang.kernel.ledger.deadlines import account, calendar_folders, calendar_in, calendar_with
from yangguang.kernel.ledger.models import CalendarNotice, Deadline
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.organisation.models import Division
from yangguang.platform.now import beijing_day

#: the job that reckons running clocks anew
REPLAY = "ledger.replay_clocks_now"


@dataclass(frozen=True, slots=True)
class Move:
    """What a notice would do to a running clock, whose stored answer is the old one."""

    deadline: Deadline
    due_on: date | None
    provisional: bool


def read_words(
    text: str, *, jurisdiction: str = "", number: str = "", published: date | None = None, year: int | None = None
) -> ReadNotice:
    """Return what the words of a notice order for a division, the whole nation without one.

    Raises ClockError with the sentence that says what does not hold together, UnknownPlace for no such division.
    """
    place = place_of(jurisdiction)
    about = year or year_of_text(text)
    expected = expected_of(place, about, extra=calendar_folders()) if about else None
    return read_notice(
        text, jurisdiction=place, expected=expected, year=about, number=number, published=published
    )


def place_of(jurisdiction: str) -> str:
    """Return the name under which the clock keeps a division: the shortest prefix of its code that says it."""
    if jurisdiction in ("", NATION):
        return NATION
    if not jurisdiction.isdecimal() or not Division.objects.filter(code=jurisdiction).exists():
        raise UnknownPlace(code=jurisdiction)
    short = jurisdiction
    while len(short) in (4, 6) and short.endswith("00"):
        short = short[:-2]
    return short


def moves_of(notice: Notice, jurisdiction: str) -> Iterator[Move]:
    """Yield the running clocks whose last day would move, division by division; nothing is written.

    ``jurisdiction`` is as ``place_of`` gives it.
    """
    gazettes = (*adopted_gazettes(), Gazette(jurisdiction, (notice,)))
    for code in jurisdictions():
        now, then = calendar_in(code), calendar_with(code, gazettes)
        changed = now.changes_to(then) if now.version != then.version else []
        if not changed:
            continue
        near = touched(changed[0], changed[-1])
        for deadline in open_clocks().filter(near, jurisdiction=code).select_related("case", "unit").iterator(2000):
            answer = account(deadline, calendar=then)
            if answer.due_on != deadline.due_on:
                yield Move(deadline, answer.due_on, answer.provisional)


def open_clocks() -> QuerySet[Deadline]:
    """Return the clocks that run or stand still, of open cases; met and stopped ones have given their answer."""
    return Deadline.objects.filter(state__in=("running", "suspended"), case__closed_at=None)


def jurisdictions() -> list[str]:
    """Return the divisions under whose calendars clocks run."""
    return list(open_clocks().values_list("jurisdiction", flat=True).distinct().order_by("jurisdiction"))


def touched(first: date, last: date) -> Q:
    """Return the condition of clocks that days from first to last may move.

    A clock rests on the days between its start and its last day, and on no other.
    """
    forwards = Q(starts_on__lte=last, due_on__gte=first)
    backwards = Q(starts_on__gte=first, due_on__lte=last)
    return forwards | backwards | Q(due_on=None)


def adopt_notice(
    read: ReadNotice, *, jurisdiction: str = "", text: str, by: Actor, at: datetime, moves: int | None = None
) -> CalendarNotice:
    """Adopt a notice for a division (the whole nation without one); running clocks are reckoned anew by the worker.

    ``moves`` is the figure of the dry run that the officer saw; without it the dry run is made here.
    """
    require(by, ADOPT, on=beijing_day(at))
    notice, place = read.notice, place_of(jurisdiction)
    if notice.published is None:
        raise ClockError("notice_published", "没有读到成文日期。")
    page = pack_notice(notice)
    digest = sha256(chain.canonical(page).encode()).hexdigest()
    foreseen = moves if moves is not None else sum(1 for _ in moves_of(notice, place))
    with writing(CALENDARS, by=by, at=at) as draft:
        row = CalendarNotice(
            jurisdiction=place, title=notice.source.title, number=notice.source.number or "",
            published=notice.published, covers=notice.covers, page=page, text=text, sha256=digest,
        )
        if CalendarNotice.objects.filter(jurisdiction=place, sha256=digest, withdrawn=None).exists():
            raise AlreadyAdopted(notice=str(row))
        row.entry = draft.record(
            NoticeAdopted(
                notice=str(row), jurisdiction=place, published=notice.published, covers=notice.covers,
                sha256=digest, moves=foreseen,
            )
        )
        row.save()
        _replay_after_commit()
    return row


def withdraw_notice(row: CalendarNotice, *, by: Actor, at: datetime) -> None:
    """Take back a notice that was adopted by mistake; running clocks are reckoned anew without it."""
    require(by, ADOPT, on=beijing_day(at))
    with writing(CALENDARS, by=by, at=at) as draft:
        row = CalendarNotice.objects.select_for_update().get(pk=row.pk)
        if row.withdrawn_id is not None:
            raise AlreadyWithdrawn(notice=str(row))
        row.withdrawn = draft.record(NoticeWithdrawn(notice=str(row), jurisdiction=row.jurisdiction))
        row.save(update_fields=["withdrawn"])
        _replay_after_commit()


def _replay_after_commit() -> None:
    """Defer the replay with the writing itself, and let this process see the new calendar once it is committed."""
    queue.configure_task(REPLAY).defer()
    transaction.on_commit(forget_adopted)


def notices() -> QuerySet[CalendarNotice]:
    """Return all notices that were ever adopted, with who did, the last published first."""
    return CalendarNotice.objects.select_related("entry__actor_unit", "withdrawn__actor_unit")


def replaced_by(row: CalendarNotice, rows: Sequence[CalendarNotice]) -> CalendarNotice | None:
    """Return the adopted notice that settles the same year in place of this one, of those given; None for none."""
    if row.covers is None:
        return None
    later = [
        other for other in rows
        if other.withdrawn_id is None and other.pk != row.pk and (other.jurisdiction, other.covers)
        == (row.jurisdiction, row.covers) and (other.published, other.pk) > (row.published, row.pk)
    ]
    return min(later, key=lambda other: (other.published, other.pk), default=None)


