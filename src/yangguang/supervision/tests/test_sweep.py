"""The sweep: once and only once, under repetition, concurrency, correction and crash."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection

from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import CalendarDay, Case, Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.outbox.models import Message
from yangguang.platform.now import set_clock
from yangguang.supervision.commands import sweep
from yangguang.supervision.commands.sweeping import SWEEP_LOCK
from yangguang.supervision.models import Card, RuleText, Signal
from yangguang.supervision.rules import house_rules
from yangguang.supervision.tests.world import Happened, World, moment, signals

MARCH, LATE = date(2026, 3, 2), date(2026, 4, 2)


def swept(day: date) -> object:
    set_clock(lambda: moment(day))
    return sweep(today=day, at=moment(day))


def late_case(world: World) -> Case:
    case = world.case(MARCH)
    world.clock(case, MARCH, due_on=date(2026, 3, 31), label="三月底前完成")
    return case


def test_a_second_sweep_raises_nothing(world: World) -> None:
    case = late_case(world)
    first, second = swept(LATE), swept(LATE)
    assert (first.raised["D2"], second.raised["D2"]) == (1, 0)
    assert second.found["D2"] == 1
    assert signals(case) == [("D2", "yellow")]
    assert Message.objects.filter(unit=world.county).count() == 1


def test_days_on_the_same_lateness_adds_no_card_until_it_is_red(world: World) -> None:
    case = late_case(world)
    for day in range(1, 15):
        swept(date(2026, 4, day))
    assert signals(case) == [("D2", "yellow"), ("D3", "red")]


def test_the_card_is_a_case_of_the_late_unit_on_a_clock_of_its_own(world: World) -> None:
    card = world.late_card()
    case = card.case
    assert case.number == "990121-C2026-0001"
    assert (case.kind, case.state, case.owner, case.parent) == ("card", "notified", world.county, card.signal.case)
    clock = case.deadlines.get(key="answer")
    assert clock.due_on == date(2026, 4, 10)  # 5 working days after 2 April; the festival is not counted
    assert clock.cite == "《阳光平台默认设置》督办单"
    assert card.signal.because == (
        "“三月底前完成”到期日 2026-03-31；今日 2026-04-02；其间工作日 2 天 ≥ 黄牌阈值 1 天"
    )
    assert card.signal.parameters["yellow_after"]["key"] == "duty.watch.yellow"
    assert card.signal.parameters["red_after"]["overlay"] == "99"


def test_both_trails_tell_of_the_card_and_are_whole(world: World) -> None:
    card = world.late_card()
    watched = Entry.objects.filter(stream=card.signal.case.stream_id).latest("seq")
    own = list(Entry.objects.filter(stream=card.case.stream_id).values_list("name", flat=True))
    assert watched.name == "supervision.card_issued"
    assert watched.body["card"] == card.case.number
    assert own == ["supervision.card_issued", "supervision.card_notified"]
    assert list(verify()) == []


def test_the_rule_text_that_was_used_is_kept(world: World) -> None:
    card = world.late_card()
    rule = next(rule for rule in house_rules() if rule.code == "D2")
    assert card.signal.rule_text.text == rule.text
    assert RuleText.objects.get(code="D2").sha256 == rule.sha256


def test_an_extended_deadline_can_be_missed_again(world: World) -> None:
    case = late_case(world)
    swept(LATE)
    with writing(case, by=world.supervisor, at=moment(LATE)) as draft:
        entry = draft.record(Happened())
        deadlines.extend_to(draft, case.deadlines.get(key="by:0"), date(2026, 4, 15), entry=entry, reason="延期")
    swept(date(2026, 4, 16))
    assert signals(case) == [("D2", "yellow"), ("D2", "yellow")]


def test_a_closed_case_and_a_met_deadline_are_left_alone(world: World) -> None:
    closed, met = late_case(world), late_case(world)
    with writing(closed, by=world.supervisor, at=moment(date(2026, 3, 30))) as draft:
        draft.close("struck_off")
        draft.record(Happened())
    with writing(met, by=world.supervisor, at=moment(date(2026, 3, 30))) as draft:
        deadlines.meet_deadline(draft, "by:0")
        draft.record(Happened())
    swept(LATE)
    assert signals(closed) == signals(met) == []


def test_a_clock_of_one_unit_brings_its_card_to_that_unit(world: World) -> None:
    case = world.case(MARCH)
    world.clock(case, MARCH, due_on=date(2026, 3, 31), unit=world.units["CFIN"].pk)
    swept(LATE)
    assert Card.objects.get(signal__case=case).case.owner == world.units["CFIN"]


def test_calendar_days_are_written_once_a_version_and_count_like_the_clock(world: World) -> None:
    case = late_case(world)
    calendar = deadlines.calendar_of(case)
    rows = dict(CalendarDay.objects.filter(version=calendar.version).values_list("day", "number"))
    assert len(rows) == (calendar.last - calendar.first).days + 1
    first, last = date(2026, 3, 31), date(2026, 4, 15)
    assert rows[last] - rows[first] == calendar.between(first, last) == 10


def test_while_one_sweeps_another_leaves_it_to_him(world: World) -> None:
    late_case(world)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [SWEEP_LOCK])
        report = swept(LATE)
        assert (report.ran, Signal.objects.count()) == (False, 0)
    finally:
        other.close()


def test_two_sweepers_on_two_connections_raise_each_finding_once(
    committed: None, qinghe: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    cases = [late_case(world) for _ in range(3)]
    set_clock(lambda: moment(LATE))
    # without the lock that keeps sweepers apart, so that the key alone must hold
    monkeypatch.setattr("yangguang.supervision.commands.sweeping._only_one", _nobody_waits)
    # and without the look at what is known already, so that both try to raise everything
    monkeypatch.setattr("yangguang.supervision.commands.sweeping._new", lambda rule, rows: rows)
    start, raised = threading.Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            raised.append(sweep(today=LATE, at=moment(LATE)).raised["D2"])
        finally:
            connection.close()

    sweepers = [threading.Thread(target=run) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()
    assert sum(raised) == 3
    assert [signals(case) for case in cases] == [[("D2", "yellow")]] * 3
    assert Card.objects.count() == 3
    assert list(verify()) == []


class _nobody_waits:  # noqa: N801 - stands in for a context manager function
    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_: object) -> None:
        return None
