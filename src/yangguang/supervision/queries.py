"""Reads of supervision: what is watched, cards in an actor's sight with their arithmetic, rules and their record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from yangguang.kernel.clock.vocabulary import WHY_ZH, Why
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import CalendarDay, Case, Deadline
from yangguang.kernel.ledger.queries import TrailLine, case_in_sight, trail, visible_cases
from yangguang.kernel.ledger.vocabulary import Actor, NotFound
from yangguang.kernel.organisation.models import Division
from yangguang.supervision.models import Card, Signal
from yangguang.supervision.parameters import Ground, grounds, watched_divisions
from yangguang.supervision.rules import Rule, Words, house_rules, parse_rule, rules_on
from yangguang.supervision.vocabulary import (
    ANSWER_CLOCK,
    CARD,
    CARDED,
    CardState,
    Level,
    SignalState,
)

#: views of the list of watched cases, with their words
VIEWS: Mapping[str, Words] = {
    "open": Words("在办", "Open"),
    "due_soon": Words("即将到期", "Due soon"),
    "overdue": Words("已逾期", "Overdue"),
    "suspended": Words("暂缓", "Suspended"),
}
_UNSETTLED = Words("暂定日，不计", "not settled yet, not counted")
_CLOSED = Words("非工作日", "no working day")


# --- what is watched -------------------------------------------------------------------------------------


def watched_kinds() -> list[str]:
    """Return the kinds of case that rules watch and this instance knows, cards left out."""
    return sorted({kind for rule in house_rules() for kind in rule.kinds if kind in KINDS} - {CARD})


def watched_cases(by: Actor | None, *, on: date, view: str = "open") -> QuerySet[Case]:
    """Return the open watched cases in an actor's sight by view, next deadline first.

    Each has ``next_due_on`` and ``open_cards``. The views are those of the
    overview's figures, so that a number and its list never differ.
    """
    cases = visible_cases(by, on=on, kinds=watched_kinds()).filter(closed_at__isnull=True)
    running = Deadline.objects.filter(state="running")
    if view == "suspended":
        cases = cases.filter(suspended_on__isnull=False)
    elif view == "due_soon":
        cases = cases.filter(suspended_on__isnull=True, pk__in=running.filter(_due_soon(on)).values("case"))
    elif view == "overdue":
        cases = cases.filter(suspended_on__isnull=True, pk__in=running.filter(due_on__lt=on).values("case"))
    shown = Q(children__kind=CARD, children__closed_at__isnull=True)
    return (
        cases.select_related("owner", "division")
        .annotate(
            next_due_on=Min("deadlines__due_on", filter=Q(deadlines__state="running")),
            open_cards=Count("children", filter=shown, distinct=True),
        )
        .order_by("next_due_on", "number")
    )


def find_cases(listed: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Narrow a list to cases whose number, title or unit holds the words."""
    for word in text.split():
        listed = listed.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(owner__name__icontains=word))
    return listed


def _due_soon(today: date) -> Q:
    """Return the condition that a deadline lies within the reminder's notice where its case belongs."""
    condition = Q(pk__in=[])
    for rule in rules_on(today):
        if rule.level is Level.REMINDER:
            for ground in grounds(rule, watched_divisions(watched_kinds()), today):
                days = max(number for number in ground.numbers.values())
                last = ground.calendar.after(today, days) if days else today
                condition |= Q(case__division__in=ground.divisions, due_on__range=(today, last))
    return condition


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit's cards that stand: neither excused, nor false, nor withdrawn."""

    unit: int
    name: str
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the overview; each is the length of a list the actor can open."""

    cases: Mapping[str, int]
    open_cards: Mapping[Level, int]
    by_state: Mapping[CardState, int]
    unanswered: int
    raised_today: int
    units: Sequence[UnitRecord]
    latest: Sequence[Card]


def overview(by: Actor, *, on: date) -> Overview:
    """Return what a supervisor sees first, of the cases and cards in his sight."""
    seen = cards(by, on=on)
    still_open = seen.filter(case__closed_at__isnull=True)
    levels = dict(still_open.order_by().values_list("signal__level").annotate(n=Count("pk")))
    states = dict(seen.order_by().values_list("case__state").annotate(n=Count("pk")))
    return Overview(
        cases={view: watched_cases(by, on=on, view=view).count() for view in VIEWS},
        open_cards={level: levels.get(level.value, 0) for level in CARDED},
        by_state={state: states.get(state.value, 0) for state in CardState if state.value in states},
        unanswered=unanswered(seen, on).count(),
        raised_today=seen.filter(signal__raised_on=on).count(),
        units=_unit_records(seen),
        latest=list(seen[:8]),
    )


def unanswered(listed: QuerySet[Card], today: date) -> QuerySet[Card]:
    """Return the open cards whose unit let its time to answer pass."""
    late = Deadline.objects.filter(key=ANSWER_CLOCK, state="running", due_on__lt=today).values("case")
    return listed.filter(case__in=late, case__closed_at__isnull=True)


def _unit_records(seen: QuerySet[Card]) -> list[UnitRecord]:
    standing = seen.filter(signal__state__in=(SignalState.STANDING.value, SignalState.UPHELD.value)).order_by()
    rows = standing.values_list("case__owner", "case__owner__name").annotate(
        yellow=Count("pk", filter=Q(signal__level=Level.YELLOW.value)),
        red=Count("pk", filter=Q(signal__level=Level.RED.value)),
    )
    return [UnitRecord(*row) for row in sorted(rows, key=lambda row: (-row[3], -row[2], row[1]))]


# --- cards -------------------------------------------------------------------------------------------------


def cards(by: Actor | None, *, on: date) -> QuerySet[Card]:
    """Return the cards in an actor's sight, newest first; the public sees published ones only."""
    seen = visible_cases(by, on=on, kinds=(CARD,))
    listed = Card.objects.filter(case__in=seen).select_related("case__owner", "case__parent", "signal")
    answer = Min("case__deadlines__due_on", filter=Q(case__deadlines__key=ANSWER_CLOCK))
    return listed.annotate(answer_due_on=answer).order_by("-signal__raised_at", "-pk")


def find_cards(listed: QuerySet[Card], text: str) -> QuerySet[Card]:
    """Narrow a list to cards whose number, watched case or unit holds the words."""
    for word in text.split():
        listed = listed.filter(
            Q(case__number__icontains=word)
            | Q(case__title__icontains=word)
            | Q(case__parent__number__icontains=word)
            | Q(case__owner__name__icontains=word)
        )
    return listed


def card(number: str, by: Actor | None, *, on: date) -> Card:
    """Return one card by its number, or raise ``NotFound``."""
    case = case_in_sight(number, by, on=on, kinds=(CARD,))
    return Card.objects.select_related(
        "case__owner", "case__parent", "case__division", "signal__rule_text", "signal__deadline", "signal__unit"
    ).get(case=case)


def signals_of(case: Case) -> QuerySet[Signal]:
    """Return everything that rules raised on a case, newest first."""
    return Signal.objects.filter(case=case).select_related("unit", "card__case")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day of a card's arithmetic: its number where it was counted, else why not and by which source."""

    day: date
    number: int | None
    why: Words
    source: str


@dataclass(frozen=True, slots=True)
class CardDetail:
    """A card as its page shows it: what the rule saw, by which values, under which text."""

    rule: Rule
    facts: Sequence[tuple[Words, object]]
    days: Sequence[CountedDay]
    answer: Deadline | None
    trail: Sequence[TrailLine]


def card_detail(shown: Card, *, public: bool = False) -> CardDetail:
    """Return a card's facts, values, counted days and trail, all from what was kept when it was raised."""
    signal = shown.signal
    rule = parse_rule(signal.rule_text.text, f"{signal.rule_text}")
    return CardDetail(
        rule=rule,
        facts=[(label, signal.facts[column]) for column, label in rule.facts.items() if column in signal.facts],
        days=counted_days(signal, settled_only=signal.level == Level.RED),
        answer=Deadline.objects.filter(case=shown.case, key=ANSWER_CLOCK).first(),
        trail=trail(shown.case, public_only=public),
    )


def counted_days(signal: Signal, *, settled_only: bool) -> list[CountedDay]:
    """Return every day between a signal's last day and the day it was raised, counted or not and why.

    The days are those of the calendar version the rule counted in; where the
    present calendar is another, the reason of a closed day is not known any more.
    ``settled_only``: days that no notice settles are not counted.
    """
    due_on = signal.facts.get("due_on")
    if due_on is None or signal.deadline is None:
        return []
    first, last = sorted((date.fromisoformat(due_on), signal.raised_on))
    calendar = calendar_in(signal.deadline.jurisdiction)
    known = calendar if calendar.version == signal.calendar_version else None
    rows, number = [], 0
    days = CalendarDay.objects.filter(version=signal.calendar_version, day__gt=first, day__lte=last)
    for row in days.order_by("day"):
        fact = known.fact(row.day) if known else None
        source = str(fact.source) if fact and fact.why not in (Why.WORKDAY, Why.WEEKEND) else ""
        if row.is_work and not (settled_only and row.provisional):
            number += 1
            rows.append(CountedDay(row.day, number, _why(fact.why) if fact and source else Words("", ""), source))
        else:
            why = _UNSETTLED if row.is_work else _why(fact.why) if fact else _CLOSED
            rows.append(CountedDay(row.day, None, why, source))
    return rows


def _why(why: Why) -> Words:
    return Words(WHY_ZH[why], why.value.replace("_", " "))


# --- rules -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule with how often it fired and how often it was wrong; ``judged`` is the denominator."""

    rule: Rule
    fired: int
    judged: int
    excused: int
    wrong: int


def rule_records(*, on: date) -> list[RuleRecord]:
    """Return every rule in force with its record, by code."""
    rows = Signal.objects.order_by().values_list("rule", "state").annotate(n=Count("pk"))
    counted: dict[str, dict[str, int]] = {}
    for code, state, n in rows:
        counted.setdefault(code, {})[state] = n
    return [_record(rule, counted.get(rule.code, {})) for rule in rules_on(on)]


def rule_record(code: str, *, on: date) -> RuleRecord:
    """Return one rule with its record, or raise ``NotFound``."""
    found = next((record for record in rule_records(on=on) if record.rule.code == code), None)
    if found is None:
        raise NotFound(number=code)
    return found


def _record(rule: Rule, states: Mapping[str, int]) -> RuleRecord:
    wrong = states.get(SignalState.FALSE_ALARM, 0) + states.get(SignalState.WITHDRAWN, 0)
    judged = sum(n for state, n in states.items() if state != SignalState.STANDING)
    return RuleRecord(rule, sum(states.values()), judged, states.get(SignalState.EXCUSED, 0), wrong)


def rule_grounds(rule: Rule, *, on: date) -> list[tuple[Ground, list[str]]]:
    """Return the values a rule runs with on a day and the divisions where it does, for jurists."""
    watched = watched_divisions(rule.kinds)
    names = dict(Division.objects.filter(pk__in=[d.pk for d in watched]).values_list("pk", "name"))
    return [(ground, [names[pk] for pk in ground.divisions]) for ground in grounds(rule, watched, on)]
