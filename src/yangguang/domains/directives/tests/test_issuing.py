"""Issuing: rows become duties with owners, parts, clocks, targets and a process each."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.domains.directives.commands import intake, issuing
from yangguang.domains.directives.models import Duty, Nomination
from yangguang.domains.directives.tests.world import (
    DAY,
    check_invariants,
    clock_days,
    moment,
    names,
    roles_of,
)
from yangguang.domains.directives.vocabulary import DutyState, WrongState
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.outbox.models import Message

DISPATCHED = ["duty_established", "duty_dispatched"]


def test_every_row_becomes_a_duty_with_its_parts_and_clocks(issued):
    duty = issued.duty(1)
    assert duty.case.number == "99-D2026-0001-001"
    assert duty.case.state == DutyState.DISPATCHED
    assert roles_of(duty.case) == {"supervising": ["99-INS"], "lead": ["99-CIV"], "support": ["99-FIN", "99-BLD"]}
    assert names(duty.case) == DISPATCHED
    # signing 24 hours of working days from Monday 10:00; the notice's own day; quarterly reports until then
    assert clock_days(duty.case) == {
        "sign:99-CIV": date(2026, 3, 3), "sign:99-FIN": date(2026, 3, 3), "sign:99-BLD": date(2026, 3, 3),
        "by:0": date(2026, 11, 30),
        "report:2026Q1": date(2026, 4, 5), "report:2026Q2": date(2026, 7, 5), "report:2026Q3": date(2026, 10, 5),
        "report:2026Q4": date(2027, 1, 5),
    }
    assert [(t.operator, t.value, t.unit) for t in duty.targets.all()] == [(">=", 120, "个")]
    assert sorted(Message.objects.filter(case=duty.case.number).values_list("unit__code", flat=True)) == [
        "99-BLD", "99-CIV", "99-FIN",
    ]
    check_invariants()


def test_a_closed_collective_makes_one_part_a_unit(issued):
    parent = issued.duty(2)
    assert (parent.case.owner.code, parent.case.process_key) == ("99-INS", "duty-collective")
    assert (parent.case.state, parent.children_done, parent.children_total) == (DutyState.IN_PROGRESS, 0, 3)
    children = Duty.objects.filter(case__parent=parent.case).order_by("case__number")
    assert [(c.case.number, c.case.owner.code, c.case.state) for c in children] == [
        ("99-D2026-0001-002-001", "9901-GOV", "dispatched"),
        ("99-D2026-0001-002-002", "9902-GOV", "dispatched"),
        ("99-D2026-0001-002-003", "9903-GOV", "dispatched"),
    ]
    assert all(clock_days(c.case)["by:0"] == date(2026, 9, 30) for c in children)
    assert not any(key.startswith("report") for key in clock_days(parent.case)), "its parts report, not the office"


def test_an_open_collective_waits_for_nomination(issued):
    parent = issued.duty(3)
    assert parent.case.state == DutyState.AWAITING_NOMINATION
    assert clock_days(parent.case)["nomination:1"] == date(2026, 3, 5)
    nomination = Nomination.objects.get()
    chosen = [issued.unit("99-CIV").pk, issued.unit("99-BLD").pk]
    issuing.nominate_units(nomination, chosen, by=issued["clerk"], at=issued.at)
    parent = issued.duty(3)
    assert (parent.case.state, parent.children_total) == (DutyState.IN_PROGRESS, 2)
    assert names(parent.case) == [*DISPATCHED, "units_nominated"]
    assert "nomination:1" not in clock_days(parent.case)
    check_invariants()
    with pytest.raises(WrongState):
        issuing.nominate_units(nomination, chosen, by=issued["clerk"], at=issued.at)


def test_only_units_that_the_collective_means_can_be_nominated(issued):
    for units in ([], [issued.unit("9901-GOV").pk]):
        with pytest.raises(Malformed) as refusal:
            issuing.nominate_units(Nomination.objects.get(), units, by=issued["clerk"], at=issued.at)
        assert "units" in refusal.value.errors
    with pytest.raises(NotAllowed):
        issuing.nominate_units(Nomination.objects.get(), [issued.unit("99-CIV").pk], by=issued["civil"], at=issued.at)


def test_a_recurring_duty_has_the_reports_of_its_cycle(issued):
    duty = issued.duty(4)
    assert duty.cycle == "quarterly"
    assert [k for k in clock_days(duty.case) if k.startswith("report")] == [
        "report:2026Q1", "report:2026Q2", "report:2026Q3", "report:2026Q4",
    ]


def test_a_term_from_receipt_runs_for_each_unit_from_its_own_signature(issued):
    assert not any(key.startswith("relative") for key in clock_days(issued.duty(5).case))
    issued.go(date(2026, 3, 3))
    issued.sign(5, "building")
    issued.go(date(2026, 3, 4))
    issued.sign(5, "finance")
    # 20 working days; 清明 falls on 4 to 6 April
    assert {k: v for k, v in clock_days(issued.duty(5).case).items() if k.startswith("relative")} == {
        "relative:0:99-BLD": date(2026, 3, 31), "relative:0:99-FIN": date(2026, 4, 1),
    }


def test_the_whole_notice_is_issued_or_nothing(world):
    notice = world.receive()
    with pytest.raises(WrongState):
        issuing.approve_decomposition(notice, by=world["leader"], at=world.at)
    intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)
    with pytest.raises(NotAllowed):
        issuing.approve_decomposition(notice, by=world["clerk"], at=world.at)
    assert not Duty.objects.exists()
    issuing.approve_decomposition(notice, by=world["leader"], at=world.at)
    with pytest.raises(WrongState):
        issuing.approve_decomposition(notice, by=world["leader"], at=world.at)


def test_publishing_later_gives_every_duty_its_public_face(world):
    notice = world.issue(public=False)
    assert not Duty.objects.filter(case__public_from__isnull=False).exists()
    with pytest.raises(Malformed):
        issuing.publish_notice(notice, basis=" ", by=world["leader"], at=world.at)
    issuing.publish_notice(notice, basis="政府信息公开条例第十九条", by=world["leader"], at=world.at)
    assert not Duty.objects.filter(case__public_from__isnull=True).exists()
    check_invariants()


def test_numbers_do_not_collide_over_the_turn_of_the_year(world):
    world.go(date(2026, 12, 31))
    old = world.receive()
    intake.confirm_decomposition(old, by=world["clerk"], at=world.at)
    world.go(date(2027, 1, 4))
    from yangguang.domains.directives.tests.world import NOTICE  # noqa: PLC0415

    world.issue(NOTICE.replace("21号", "1号").replace("助餐点", "助浴点").replace("2026", "2027"))
    issuing.approve_decomposition(old, by=world["leader"], at=world.at)
    numbers = list(Duty.objects.filter(case__parent=None).values_list("case__number", flat=True))
    assert len(set(numbers)) == 10


# --- duties taken over while they run ---------------------------------------------------------------------


def test_a_duty_taken_over_keeps_its_days_and_needs_no_signature(world):
    world.go(date(2026, 7, 15))
    notice = world.receive(back_entered=True)
    intake.change_proposals(notice, {1: {"percent": 40}}, by=world["clerk"], at=world.at)
    intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)
    issuing.approve_decomposition(notice, by=world["leader"], at=world.at)
    duty = world.duty(1)
    assert (duty.case.state, duty.percent, duty.back_entered) == (DutyState.IN_PROGRESS, 40, True)
    assert duty.dispatched_on == date(2026, 2, 27)
    assert clock_days(duty.case) == {
        "by:0": date(2026, 11, 30), "report:2026Q3": date(2026, 10, 5), "report:2026Q4": date(2027, 1, 5),
    }
    first = duty.case.stream.entries.order_by("seq").first()
    assert (first.occurred_at, first.recorded_at) == (moment(date(2026, 2, 27), 9), moment(date(2026, 7, 15)))
    assert not duty.receipts.filter(signed_at=None).exists()
    # from receipt: the day it was given out then, long past, and marked
    late = world.duty(5).case.deadlines.get(key__startswith="relative", unit__code="99-BLD")
    assert late.due_on == date(2026, 3, 26)
    check_invariants()


def test_a_day_that_had_passed_at_the_take_over_is_marked(world):
    world.go(date(2026, 7, 15))
    world.issue(back_entered=True)
    part = world.duty(2, "9901-GOV")
    assert part.case.state == DutyState.IN_PROGRESS
    assert part.case.deadlines.get(key="by:0").cite == "来文载明"
    world.go(date(2026, 10, 15))
    from yangguang.domains.directives.tests.world import NOTICE  # noqa: PLC0415

    world.issue(NOTICE.replace("21号", "22号").replace("助餐点", "助浴点"), back_entered=True)
    passed = world.duty(2, "9901-GOV").case.deadlines.get(key="by:0")
    assert (passed.state, passed.cite) == ("running", "来文载明（补录：接管时已过期）")
    assert DAY < passed.starts_on or passed.starts_on == date(2026, 2, 27)
