"""What the front page and the feed say about the promises of government."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from yangguang.domains.directives import queries as directives
from yangguang.domains.directives.models import Duty, Notice
from yangguang.domains.directives.vocabulary import Lamp, Light
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.queries import visible_cases

#: how many lines a block of the front page shows
LINES = 6
#: search engines take no more addresses in one map
MOST_ADDRESSES = 50_000


@dataclass(frozen=True, slots=True)
class Promised:
    """A notice with how many of its duties show each light."""

    notice: Notice
    lamps: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue duty and why its light is red."""

    duty: Duty
    light: Light


@dataclass(frozen=True, slots=True)
class Coming:
    """A deadline that comes next, and the working days until then."""

    deadline: Deadline
    days: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the front page shows; a block without content is empty and is not printed."""

    on: date
    lamps: Mapping[str, int]
    notices: list[Promised]
    late: list[Late]
    coming: list[Coming]
    done: list[Duty]

    @property
    def total(self) -> int:
        """The public duties that are counted once each: a collective's parts belong to their whole."""
        return sum(self.lamps.values())

    @property
    def finished(self) -> int:
        """Those concluded or struck off."""
        return self.lamps[Lamp.DONE.value] + self.lamps[Lamp.STRUCK_OFF.value]


def board(on: date) -> Board:
    """Return the front page's figures and lists for a day."""
    listed = directives.duties(None, on=on)
    whole = listed.filter(case__parent=None)
    return Board(
        on=on,
        lamps={lamp.value: number for lamp, number in directives.lamps(whole).items()},
        notices=notices(on),
        late=_late(listed, on),
        coming=_coming(on),
        done=list(listed.filter(lamp__in=(Lamp.DONE, Lamp.STRUCK_OFF)).order_by("-case__state_since")[:LINES]),
    )


def notices(on: date, lines: int = LINES) -> list[Promised]:
    """Return the latest public notices, each with the lights of its public duties."""
    found = list(directives.notices(None, on=on)[:lines])
    seen = visible_cases(None, on=on, kinds=("duty",)).filter(parent=None)
    counted = (
        Duty.objects.filter(case__in=seen, notice__in=found)
        .order_by()
        .values_list("notice", "lamp")
        .annotate(n=Count("pk"))
    )
    lamps: dict[int, dict[str, int]] = {}
    for notice, lamp, number in counted:
        lamps.setdefault(notice, {})[lamp] = number
    return [Promised(notice, lamps.get(notice.pk, {})) for notice in found]


def _late(listed: QuerySet[Duty], on: date) -> list[Late]:
    """Return overdue duties, the longest overdue first, each with the sentence behind its light."""
    overdue = listed.filter(lamp=Lamp.OVERDUE).select_related("case__owner", "case__division", "notice__case")
    found = list(overdue.order_by("next_due_on", "case__number")[:LINES])
    clocks = _clocks(duty.case_id for duty in found)
    return [Late(duty, directives.light_of(duty, on, clocks.get(duty.case_id, []))) for duty in found]


def _clocks(cases: Iterable[int]) -> dict[int, list[Deadline]]:
    running = Deadline.objects.filter(case__in=list(cases), state__in=("running", "suspended"))
    clocks: dict[int, list[Deadline]] = {}
    for clock in running:
        clocks.setdefault(clock.case_id, []).append(clock)
    return clocks


def _coming(on: date) -> list[Coming]:
    cases = visible_cases(None, on=on, kinds=("duty",))
    clocks = Deadline.objects.filter(case__in=cases, state="running", key__startswith="by:", due_on__gte=on)
    found = clocks.select_related("case__owner", "case__division").order_by("due_on", "case__number")[:LINES]
    return [Coming(clock, calendar_in(clock.case.division.code).between(on, _day(clock))) for clock in found]


def _day(clock: Deadline) -> date:
    assert clock.due_on is not None, "only clocks with a last day are asked for"
    return clock.due_on


def public_cases(on: date) -> Iterable[tuple[str, str, datetime]]:
    """Yield number, kind and last change of every case that has a public page."""
    kinds = [code for code, kind in KINDS.items() if kind.public_page]
    cases = visible_cases(None, on=on, kinds=kinds).order_by("-state_since")
    yield from cases.values_list("number", "kind", "state_since")[:MOST_ADDRESSES]
