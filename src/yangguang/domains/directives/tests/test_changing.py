"""Acts at any time: suspend, resume, merge, cancel, carry over, reopen; and the turn of the year."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.domains.directives.commands import changing, handling, supervising
from yangguang.domains.directives.commands.daily import continue_reports
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.tests.world import check_invariants, clock_days, names, roles_of
from yangguang.domains.directives.vocabulary import DutyState, Lamp, PartsOpen, WrongState
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed

WHY = {"reason": "规划调整", "basis": "省政府第5次常务会议"}


def test_a_suspended_duty_stands_still_and_takes_no_step(issued):
    issued.sign(1, "civil")
    duty = issued.duty(1)
    with pytest.raises(NotAllowed):
        changing.suspend_duty(duty, **WHY, by=issued["clerk"], at=issued.at)
    changing.suspend_duty(duty, **WHY, by=issued["chief"], at=issued.at)
    duty = issued.duty(1)
    assert (duty.case.state, duty.lamp) == (DutyState.SUSPENDED, Lamp.SUSPENDED)
    with pytest.raises(WrongState):
        issued.sign(1, "finance")
    with pytest.raises(WrongState):
        issued.report(1, "civil")
    with pytest.raises(WrongState):
        changing.suspend_duty(duty, **WHY, by=issued["chief"], at=issued.at)
    issued.go(date(2026, 3, 12))
    changing.resume_duty(duty, reason="可以继续", by=issued["chief"], at=issued.at)
    duty = issued.duty(1)
    assert duty.case.state == DutyState.IN_PROGRESS
    assert clock_days(duty.case)["by:0"] == date(2026, 12, 10), "ten days later"
    check_invariants()


def test_a_duty_suspended_while_it_is_verified_stays_suspended(issued):
    issued.sign(1, "civil")
    issued.report(1, "civil", 100, final=True)
    issued.review(1, "accepted")
    changing.suspend_duty(issued.duty(1), **WHY, by=issued["chief"], at=issued.at)
    with pytest.raises(WrongState):
        supervising.verify_duty(
            issued.duty(1), outcome="passed", method="查", opinion="好", by=issued["verifier"], at=issued.at
        )
    changing.resume_duty(issued.duty(1), by=issued["chief"], at=issued.at)
    assert issued.duty(1).case.state == DutyState.VERIFYING


def test_the_parts_stand_still_and_go_on_with_the_whole_but_not_one_stopped_before(issued):
    changing.suspend_duty(issued.duty(2, "9901-GOV"), **WHY, by=issued["chief"], at=issued.at)
    issued.go(date(2026, 3, 3))
    changing.suspend_duty(issued.duty(2), **WHY, by=issued["chief"], at=issued.at)
    states = Duty.objects.filter(case__parent=issued.duty(2).case).values_list("case__state", flat=True)
    assert set(states) == {"suspended"}
    changing.resume_duty(issued.duty(2), by=issued["chief"], at=issued.at)
    found = Duty.objects.filter(case__parent=issued.duty(2).case).order_by("case__number")
    assert list(found.values_list("case__state", flat=True)) == ["suspended", "dispatched", "dispatched"]
    check_invariants()


def test_resuming_a_duty_that_waits_for_nomination_waits_again(issued):
    changing.suspend_duty(issued.duty(3), **WHY, by=issued["chief"], at=issued.at)
    changing.resume_duty(issued.duty(3), by=issued["chief"], at=issued.at)
    assert issued.duty(3).case.state == DutyState.AWAITING_NOMINATION


def test_a_duty_goes_into_another(issued):
    duty, into = issued.duty(1), issued.duty(4)
    with pytest.raises(Malformed):
        changing.merge_duty(duty, duty, reason="重复", by=issued["clerk"], at=issued.at)
    with pytest.raises(PartsOpen):
        changing.merge_duty(issued.duty(2), into, reason="重复", by=issued["clerk"], at=issued.at)
    changing.merge_duty(duty, into, reason="重复", by=issued["clerk"], at=issued.at)
    assert (issued.duty(1).case.state, names(issued.duty(1).case)[-1]) == (DutyState.MERGED, "duty_merged")
    with pytest.raises(Malformed):
        changing.merge_duty(into, duty, reason="回", by=issued["clerk"], at=issued.at)
    with pytest.raises(WrongState):
        changing.merge_duty(duty, into, reason="再", by=issued["clerk"], at=issued.at)
    check_invariants()


def test_a_cancelled_whole_takes_its_parts_with_it(issued):
    with pytest.raises(NotAllowed):
        changing.cancel_duty(issued.duty(2), **WHY, by=issued["clerk"], at=issued.at)
    changing.cancel_duty(issued.duty(2), **WHY, by=issued["leader"], at=issued.at)
    states = Duty.objects.filter(case__parent=issued.duty(2).case).values_list("case__state", flat=True)
    assert {issued.duty(2).case.state, *states} == {"cancelled"}
    check_invariants()


def test_cancelling_a_part_counts_the_others(issued):
    changing.cancel_duty(issued.duty(2, "9901-GOV"), **WHY, by=issued["leader"], at=issued.at)
    assert issued.duty(2).children_total == 2


def test_an_unfinished_duty_is_carried_over_with_its_targets_and_units(issued):
    issued.sign(1, "civil")
    target = issued.duty(1).targets.get()
    issued.report(1, "civil", 60, figures={target.pk: "70"})
    issued.review(1)
    issued.go(date(2026, 12, 20))
    duty = issued.duty(1)
    with pytest.raises(Malformed):
        changing.carry_over(duty, due_on=date(2026, 12, 31), reason="未完", by=issued["leader"], at=issued.at)
    new = changing.carry_over(duty, due_on=date(2027, 6, 30), reason="未完", by=issued["leader"], at=issued.at)
    assert (new.case.number, new.case.origin) == ("99-D2026-0001-001-2027", duty.case)
    assert [(t.value, t.reached) for t in new.targets.all()] == [(120, 70)]
    assert roles_of(new.case) == roles_of(duty.case)
    assert clock_days(new.case)["by:0"] == date(2027, 6, 30)
    check_invariants()


def test_a_part_carried_over_is_counted_by_its_successor(issued):
    part = issued.duty(2, "9901-GOV")
    with pytest.raises(PartsOpen):
        changing.carry_over(issued.duty(2), due_on=date(2027, 6, 30), reason="未完", by=issued["leader"], at=issued.at)
    changing.carry_over(part, due_on=date(2027, 6, 30), reason="未完", by=issued["leader"], at=issued.at)
    parent = issued.duty(2)
    assert (parent.children_done, parent.children_total) == (0, 3)


def test_a_look_back_takes_a_duty_up_again_and_counts_again(issued):
    for who, code in (("yunchuan", "9901-GOV"), ("meiling", "9902-GOV"), ("liuxi", "9903-GOV")):
        issued.sign(2, who, part=code)
        issued.finish(2, who, part=code)
    part = issued.duty(2, "9901-GOV")
    with pytest.raises(Malformed):
        changing.reopen_duty(part, reason="反弹", due_on=issued.at.date(), by=issued["clerk"], at=issued.at)
    issued.go(date(2026, 5, 6))
    changing.reopen_duty(part, reason="反弹", due_on=date(2026, 6, 30), by=issued["clerk"], at=issued.at)
    part = issued.duty(2, "9901-GOV")
    assert (part.case.state, part.percent, clock_days(part.case)["again:1"]) == ("in_progress", 0, date(2026, 6, 30))
    assert issued.duty(2).children_done == 2
    check_invariants()
    issued.finish(2, "yunchuan", part="9901-GOV")
    assert issued.duty(2).children_done == 3, "the whole has gone on and is not stopped by it"
    check_invariants()


def test_reports_go_on_in_the_new_year(issued):
    issued.sign(4, "finance")
    issued.go(date(2027, 1, 4))
    before = set(clock_days(issued.duty(4).case))
    # those without a day of their own that lies before: 4 and 5 run on, 1 ends in November
    assert continue_reports(at=issued.at) > 0
    assert set(clock_days(issued.duty(4).case)) - before == {
        "report:2027Q1", "report:2027Q2", "report:2027Q3", "report:2027Q4",
    }
    assert continue_reports(at=issued.at) == 0
    check_invariants()


def test_handling_goes_on_after_a_stage_was_accepted(issued):
    issued.sign(1, "civil")
    for percent in (20, 40):
        issued.report(1, "civil", percent)
        issued.review(1)
    handling.give_contribution(issued.duty(1), handling.Progress("补充"), by=issued["finance"], at=issued.at)
    assert issued.duty(1).percent == 40
