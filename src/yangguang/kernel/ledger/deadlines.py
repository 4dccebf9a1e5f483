"""Deadlines as projections: events and a calendar version in, the last day out.

The day is never typed. What a clock said before stays in ``Reckoning`` beside
the entry that moved it; the account of every day is reckoned when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.notices import Gazette
from yangguang.kernel.clock.reckoning import Reckoning as Account
from yangguang.kernel.clock.reckoning import reckon
from yangguang.kernel.clock.terms import Term
from yangguang.kernel.clock.vocabulary import EventKind, Shape, SuspensionRule, Unit
from yangguang.kernel.ledger.adopted import adopted_gazettes
from yangguang.kernel.ledger.calendar_days import sync_calendar
from yangguang.kernel.ledger.models import Case, Deadline, Entry, Reckoning
from yangguang.kernel.ledger.writing import BATCH, Draft
from yangguang.platform.now import BEIJING, beijing_day


def calendar_of(case: Case) -> WorkingCalendar:
    """Return the working calendar of the division whose government the case is before."""
    return calendar_in(case.division.code)


def calendar_in(jurisdiction: str) -> WorkingCalendar:
    """Return the working calendar of a division code (empty: the nation's), with the instance's own notices.

    A park or new area (a code with letters, beside the tree) keeps the days of the division it lies in.
    """
    return calendar_with(jurisdiction, adopted_gazettes())


def calendar_with(jurisdiction: str, adopted: Sequence[Gazette]) -> WorkingCalendar:
    """Return the working calendar of a division code as it is with some adopted notices."""
    digits = re.match(r"[0-9]*", jurisdiction)
    code = digits[0] if digits else ""
    return calendar_for(code or None, extra=calendar_folders(), adopted=adopted)


def calendar_folders() -> tuple[Path, ...]:
    """Return the instance's own calendar folders."""
    return tuple(Path(folder) for folder in settings.CALENDAR_DIRS)


def set_deadline(
    draft: Draft,
    key: str,
    limit: Limit,
    *,
    start: date | datetime,
    label: str,
    rule: str = "",
    cite: str = "",
    unit: int | None = None,
    soft: bool = False,
) -> Deadline:
    """Start a clock of the case under a key of its own.

    ``start`` is the event's day or moment; ``rule`` and ``cite`` say which
    value of the rulebook, or which words of which paper, set the limit.
    """
    (deadline,) = set_deadlines(draft, [Wanted(key, limit, start, label, rule, cite, unit, soft)])
    return deadline


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clock to be started; the fields are those of ``set_deadline``."""

    key: str
    limit: Limit
    start: date | datetime
    label: str
    rule: str = ""
    cite: str = ""
    unit: int | None = None
    soft: bool = False


def set_deadlines(draft: Draft, wanted: Iterable[Wanted]) -> list[Deadline]:
    """Start several clocks of the case with one write."""
    (started,) = set_deadlines_of([(draft, wanted)])
    return started


def set_deadlines_of(wanted: Iterable[tuple[Draft, Iterable[Wanted]]]) -> list[list[Deadline]]:
    """Start clocks of many cases with one write; the same limit from the same start is reckoned once."""
    answers: dict[tuple[Limit, date | datetime, str], Account] = {}
    started: list[list[Deadline]] = []
    for draft, wants in wanted:
        case, mine = _case(draft), []
        for want in wants:
            deadline = Deadline(
                case=case, key=want.key, unit_id=want.unit, label=want.label, limit=pack_limit(want.limit),
                rule=want.rule, cite=want.cite, jurisdiction=case.division.code, starts_on=_day(want.start),
                soft=want.soft, events=[pack_event(Event(EventKind.START, _local(want.start)))],
            )
            same = (want.limit, want.start, deadline.jurisdiction)
            if same not in answers:
                answers[same] = account(deadline)
            _answer(deadline, answers[same])
            mine.append(deadline)
        started.append(mine)
    for jurisdiction in {jurisdiction for _, _, jurisdiction in answers}:
        sync_calendar(calendar_in(jurisdiction))
    Deadline.objects.bulk_create([deadline for mine in started for deadline in mine], BATCH)
    return started


def meet_deadline(draft: Draft, key: str) -> None:
    """Note that what the clock waited for has been done; without such a running clock nothing happens."""
    Deadline.objects.filter(case=_case(draft), key=key, state__in=("running", "suspended")).update(
        state="met", met_on=beijing_day(draft.at)
    )


def unmeet_deadline(draft: Draft, key: str) -> None:
    """Let a met clock run again: what was handed in was sent back."""
    Deadline.objects.filter(case=_case(draft), key=key, state="met").update(state="running", met_on=None)


def stop_deadline(draft: Draft, key: str, *, reason: str) -> None:
    """Stop a clock that nobody need meet any more."""
    deadline = Deadline.objects.filter(case=_case(draft), key=key, state__in=("running", "suspended")).first()
    if deadline is not None:
        _happen(deadline, Event(EventKind.STOP, _local(draft.at), ground=reason))
        deadline.state = "stopped"
        deadline.save()


def extend_to(draft: Draft, deadline: Deadline, until: date, *, entry: Entry, reason: str) -> None:
    """Move a clock's last day, keeping the old answer with the entry that moved it."""
    kind = EventKind.EXTEND if deadline.due_on is None or until >= deadline.due_on else EventKind.SHORTEN
    _move(deadline, Event(kind, _local(draft.at), until=until), entry, reason)


def suspend_all(draft: Draft, *, entry: Entry) -> list[Deadline]:
    """Let every running clock of the case stand still; return those that do. Clocks of later periods have not begun."""
    stilled = list(running(_case(draft)).filter(state="running", starts_on__lte=beijing_day(draft.at)))
    for deadline in stilled:
        _move(deadline, Event(EventKind.SUSPEND, _local(draft.at)), entry, "suspended")
    return stilled


def resume_all(draft: Draft, *, entry: Entry) -> list[tuple[Deadline, date | None]]:
    """Let the clocks go on, each with the day it had before.

    A day named by a paper is no count of days, so a suspension does not move
    it of itself; it is given the calendar days that the case stood still.
    """
    moved = []
    for deadline in running(_case(draft)).filter(state="suspended"):
        before = deadline.due_on or _before_suspension(deadline)
        _move(deadline, Event(EventKind.RESUME, _local(draft.at)), entry, "resumed")
        if deadline.limit["shape"] == Shape.FIXED and before:
            since = date.fromisoformat(_last(deadline, EventKind.SUSPEND)["on"][:10])
            until = before + (beijing_day(draft.at) - since)
            _move(deadline, Event(EventKind.EXTEND, _local(draft.at), until=until), entry, "resumed")
        moved.append((deadline, before))
    return moved


def recompute(deadline: Deadline, *, entry: Entry, reason: str, calendar: WorkingCalendar | None = None) -> bool:
    """Reckon a clock anew under its new calendar (the present one unless given); return whether its last day moved."""
    answer = account(deadline, calendar=calendar)
    if (answer.due_on, answer.provisional, answer.calendar_version) == (
        deadline.due_on, deadline.provisional, deadline.calendar_version,
    ):
        return False
    moved = answer.due_on != deadline.due_on
    _keep(deadline, entry, reason)
    _project(deadline, answer, calendar)
    deadline.save()
    return moved


def account(
    deadline: Deadline, as_of: date | datetime | None = None, calendar: WorkingCalendar | None = None
) -> Account:
    """Return the clock's full account: each day counted or not, why, and by which source.

    ``calendar`` is another than the present one: what a notice would do.
    """
    events = [unpack_event(event) for event in deadline.events]
    return reckon(unpack_limit(deadline.limit), events, calendar or calendar_in(deadline.jurisdiction), as_of=as_of)


def latest_extension(deadline: Deadline, term: Term) -> date:
    """Return the last day to which a clock may be extended by a term counted from its present last day."""
    start = deadline.due_on or deadline.starts_on
    answer = reckon(
        Limit(term, cite=deadline.cite), [Event(EventKind.START, start)], calendar_in(deadline.jurisdiction)
    )
    if answer.due_on is None:
        raise ValueError("a term from a day always ends")
    return answer.due_on


def running(case: Case) -> QuerySet[Deadline]:
    """Return the clocks of a case that still wait for something."""
    return Deadline.objects.filter(case=case, state__in=("running", "suspended"))


# --- how limits and events stand in rows ---------------------------------------------------------


def pack_limit(limit: Limit) -> dict[str, Any]:
    """Return a limit as JSON."""
    return {
        "term": [limit.term.amount, limit.term.unit.value] if limit.term else None,
        "shape": limit.shape.value,
        "rolls": limit.rolls,
        "on": list(limit.on),
        "suspension": limit.suspension.value,
        "cite": limit.cite,
        "backwards": limit.backwards,
        "clear": limit.clear,
        "opens_after": limit.opens_after,
    }


def unpack_limit(row: dict[str, Any]) -> Limit:
    """Return the limit that ``pack_limit`` wrote; rows of 0.1.0 name neither direction nor opening."""
    term = Term(row["term"][0], Unit(row["term"][1])) if row["term"] else None
    return Limit(
        term, Shape(row["shape"]), row["rolls"], on=tuple(row["on"]), suspension=SuspensionRule(row["suspension"]),
        cite=row["cite"], backwards=row.get("backwards", False), clear=row.get("clear", True),
        opens_after=row.get("opens_after", 0),
    )


def pack_event(event: Event) -> dict[str, Any]:
    """Return a clock event as JSON."""
    return {
        "kind": event.kind.value,
        "on": event.on.isoformat(),
        "term": [event.term.amount, event.term.unit.value] if event.term else None,
        "until": event.until.isoformat() if event.until else None,
        "ground": event.ground,
    }


def unpack_event(row: dict[str, Any]) -> Event:
    """Return the event that ``pack_event`` wrote."""
    on = row["on"]
    return Event(
        EventKind(row["kind"]),
        datetime.fromisoformat(on) if "T" in on else date.fromisoformat(on),
        term=Term(row["term"][0], Unit(row["term"][1])) if row["term"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        ground=row["ground"],
    )


def fixed(day: date) -> Limit:
    """Return the limit "by this day", as a paper names it."""
    return Limit(shape=Shape.FIXED, on=(day.isoformat(),))


def _move(deadline: Deadline, event: Event, entry: Entry, reason: str) -> None:
    _keep(deadline, entry, reason)
    _happen(deadline, event)
    _project(deadline, account(deadline))
    deadline.save()


def _keep(deadline: Deadline, entry: Entry, reason: str) -> None:
    Reckoning.objects.create(
        deadline=deadline, due_on=deadline.due_on, provisional=deadline.provisional,
        calendar_version=deadline.calendar_version, entry=entry, reason=reason,
    )


def _happen(deadline: Deadline, event: Event) -> None:
    deadline.events = [*deadline.events, pack_event(event)]


def _project(deadline: Deadline, answer: Account, calendar: WorkingCalendar | None = None) -> None:
    if answer.calendar_version != deadline.calendar_version:
        sync_calendar(calendar or calendar_in(deadline.jurisdiction))
    _answer(deadline, answer)


def _answer(deadline: Deadline, answer: Account) -> None:
    deadline.due_on, deadline.due_at = answer.due_on, answer.due_at
    deadline.provisional, deadline.calendar_version = answer.provisional, answer.calendar_version
    deadline.state = "suspended" if _stands_still(deadline) else "running"


def _stands_still(deadline: Deadline) -> bool:
    """Whether the last suspension has not ended: the day it ends on still counts as suspended for the account."""
    turns = [row["kind"] for row in deadline.events if row["kind"] in (EventKind.SUSPEND, EventKind.RESUME)]
    return bool(turns) and turns[-1] == EventKind.SUSPEND


def _before_suspension(deadline: Deadline) -> date | None:
    kept = deadline.reckonings.filter(due_on__isnull=False).order_by("-pk").first()
    return kept.due_on if kept else None


def _last(deadline: Deadline, kind: EventKind) -> dict[str, Any]:
    return next(row for row in reversed(deadline.events) if row["kind"] == kind.value)


def _local(moment: date | datetime) -> date | datetime:
    return moment.astimezone(BEIJING) if isinstance(moment, datetime) else moment


def _day(moment: date | datetime) -> date:
    return beijing_day(moment) if isinstance(moment, datetime) else moment


def _case(draft: Draft) -> Case:
    if draft.case is None:
        raise TypeError("only cases have clocks")
    return draft.case


def open_clocks(cases: Sequence[int]) -> QuerySet[Deadline]:
    """Return the running clocks of several cases at once, for lists."""
    return Deadline.objects.filter(case__in=cases, state__in=("running", "suspended")).select_related("unit")
