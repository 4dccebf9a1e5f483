"""What the supervision office does: rulings, reviews, verification, conclusion, urging, plans, more time."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.domains.directives.commands import handling, issuing, supervising
from yangguang.domains.directives.models import Duty, Nomination
from yangguang.domains.directives.tests.world import check_invariants, clock_days, names, roles_of
from yangguang.domains.directives.vocabulary import DutyState, Lamp, SameHands, WrongState
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.processes.commands import NotNow


def objected(world):
    handling.raise_objection(
        world.duty(1), reason="不属本单位职责", basis="三定规定", by=world["civil_head"], at=world.at
    )


def rule(world, ruling, to=None, who="clerk", reason="核对三定规定"):
    to_unit = world.unit(to).pk if to else None
    supervising.rule_on_objection(
        world.duty(1), ruling=ruling, reason=reason, to_unit=to_unit, by=world[who], at=world.at
    )


def test_an_objection_overruled_counts_as_received(issued):
    with pytest.raises(WrongState):
        rule(issued, "overruled")
    objected(issued)
    with pytest.raises(NotAllowed):
        rule(issued, "overruled", who="civil_head")
    rule(issued, "overruled")
    duty = issued.duty(1)
    assert duty.case.state == DutyState.IN_PROGRESS
    assert duty.receipts.get(unit__code="99-CIV").signed_at == issued.at
    assert names(duty.case)[-2:] == ["objection_raised", "objection_ruled"]
    check_invariants()


def test_a_duty_given_to_another_unit_may_come_back_again(issued):
    objected(issued)
    for to in (None, "99-CIV"):
        with pytest.raises(Malformed):
            rule(issued, "redispatched", to)
    rule(issued, "redispatched", "99-FIN")
    duty = issued.duty(1)
    assert roles_of(duty.case) == {"supervising": ["99-INS"], "lead": ["99-FIN"], "support": ["99-BLD"]}
    assert (duty.case.owner.code, duty.case.state) == ("99-FIN", DutyState.DISPATCHED)
    check_invariants()
    handling.raise_objection(duty, reason="也不属", basis="三定规定", by=issued["finance_head"], at=issued.at)
    rule(issued, "redispatched", "99-CIV")
    assert issued.duty(1).case.owner.code == "99-CIV"
    issued.sign(1, "civil")
    assert issued.duty(1).case.state == DutyState.IN_PROGRESS
    check_invariants()


def test_a_report_sent_back_opens_its_period_again(issued):
    issued.sign(1, "civil")
    issued.report(1, "civil", 30)
    report = issued.duty(1).reports.get()
    with pytest.raises(Malformed):
        supervising.review_report(report, outcome="rejected", opinion="", by=issued["clerk"], at=issued.at)
    with pytest.raises(Malformed):
        issued.review(1, "accepted")
    with pytest.raises(NotAllowed):
        supervising.review_report(report, outcome="rejected", opinion="不实", by=issued["civil"], at=issued.at)
    issued.review(1, "rejected")
    duty = issued.duty(1)
    assert duty.case.state == DutyState.IN_PROGRESS
    assert "report:2026Q1" in clock_days(duty.case)
    with pytest.raises(WrongState):
        supervising.review_report(report, outcome="rejected", opinion="再", by=issued["clerk"], at=issued.at)


def test_only_deadlines_that_a_report_can_fulfil_are_met_by_its_review(issued):
    issued.sign(1, "civil")
    issued.report(1, "civil", 30)
    duty = issued.duty(1)
    unsigned = f"sign:{issued.unit('99-FIN').pk}"
    issued.review(1, "accepted_stage", meets=["by:0", unsigned])
    met = clock_days(duty.case, "met")
    assert "by:0" in met
    assert "sign:99-FIN" not in met


def test_the_way_to_striking_off(issued):
    issued.sign(1, "civil")
    issued.go(date(2026, 9, 1))
    issued.report(1, "civil", 100, final=True)
    duty = issued.duty(1)
    with pytest.raises(NotNow):
        supervising.conclude_duty(duty, by=issued["clerk"], at=issued.at)
    issued.review(1, "accepted")
    with pytest.raises(NotAllowed):
        supervising.verify_duty(duty, outcome="passed", method="查", opinion="好", by=issued["civil"], at=issued.at)
    supervising.verify_duty(duty, outcome="failed", method="查", opinion="未建成", by=issued["verifier"], at=issued.at)
    assert issued.duty(1).case.state == DutyState.IN_PROGRESS
    struck = issued.finish(1, "civil")
    assert (struck.case.state, struck.percent, struck.lamp) == (DutyState.STRUCK_OFF, 100, Lamp.STRUCK_OFF)
    assert names(struck.case)[-5:] == [
        "progress_reported", "report_reviewed", "duty_verified", "duty_concluded", "duty_struck_off",
    ]
    check_invariants()


def test_who_handled_does_not_verify(issued):
    handled = issued.unit("99-AUD").pk
    nomination = Nomination.objects.get()
    issuing.nominate_units(nomination, [handled], by=issued["clerk"], at=issued.at)
    part = issued.duty(3, "99-AUD")
    handling_by = issued["verifier"]
    Duty.objects.filter(pk=part.pk).update(percent=0)
    issued.actors["audit"] = handling_by
    with pytest.raises(NotAllowed):
        issued.sign(3, "audit", part="99-AUD")
    with pytest.raises(SameHands) as refusal:
        supervising.verify_duty(part, outcome="passed", method="查", opinion="好", by=handling_by, at=issued.at)
    assert refusal.value.cite
    with pytest.raises(SameHands):
        supervising.verify_duty(
            issued.duty(3), outcome="passed", method="查", opinion="好", by=handling_by, at=issued.at
        )


def test_the_parts_are_counted_and_the_whole_goes_on_when_all_are_done(issued):
    for who, code in (("yunchuan", "9901-GOV"), ("meiling", "9902-GOV"), ("liuxi", "9903-GOV")):
        issued.sign(2, who, part=code)
        issued.finish(2, who, part=code)
    parent = issued.duty(2)
    assert (parent.children_done, parent.children_total, parent.percent) == (3, 3, 100)
    assert parent.case.state == DutyState.VERIFYING
    check_invariants()


def test_urging_is_numbered_and_passes_over_what_is_closed(issued):
    issued.sign(1, "civil")
    issued.finish(1, "civil")
    duties = [issued.duty(1), issued.duty(4)]
    assert [d.position for d in supervising.urge_duties(duties, message="", by=issued["clerk"], at=issued.at)] == [4]
    supervising.urge_duties([issued.duty(4)], message="请加快", by=issued["clerk"], at=issued.at)
    assert issued.duty(4).urged == 2
    told = Message.objects.filter(subject__contains="催办").order_by("pk").values_list("subject", "unit__code")
    assert [(s.split("：")[0], u) for s, u in told] == [("第1次催办", "99-FIN"), ("第2次催办", "99-FIN")]
    with pytest.raises(NotAllowed):
        supervising.urge_duties([issued.duty(4)], message="", by=issued["civil"], at=issued.at)


def extension(world):
    world.sign(1, "civil")
    clock = world.duty(1).case.deadlines.get(key="by:0")
    return handling.ask_extension(
        world.duty(1), clock, proposed_on=date(2026, 12, 15), reason="手续", by=world["civil"], at=world.at
    )


def test_more_time_is_granted_by_whom_the_rulebook_names(issued):
    asked = extension(issued)
    with pytest.raises(NotAllowed):
        supervising.decide_extension(asked, granted=True, reason="", by=issued["clerk"], at=issued.at)
    supervising.decide_extension(asked, granted=True, reason="", by=issued["leader"], at=issued.at)
    clock = issued.duty(1).case.deadlines.get(key="by:0")
    assert (clock.due_on, clock.reckonings.get().due_on) == (date(2026, 12, 15), date(2026, 11, 30))
    assert names(issued.duty(1).case)[-2:] == ["extension_decided", "deadline_moved"]
    with pytest.raises(WrongState):
        supervising.decide_extension(asked, granted=True, reason="", by=issued["leader"], at=issued.at)


def test_more_time_is_refused_with_a_reason(issued):
    asked = extension(issued)
    with pytest.raises(Malformed):
        supervising.decide_extension(asked, granted=False, reason="", by=issued["leader"], at=issued.at)
    supervising.decide_extension(asked, granted=False, reason="可以按期", by=issued["leader"], at=issued.at)
    assert issued.duty(1).case.deadlines.get(key="by:0").due_on == date(2026, 11, 30)


def test_a_clock_that_was_met_meanwhile_does_not_run_again(issued):
    asked = extension(issued)
    issued.report(1, "civil", 30)
    issued.review(1, "accepted_stage", meets=["by:0"])
    with pytest.raises(WrongState):
        supervising.decide_extension(asked, granted=True, reason="", by=issued["leader"], at=issued.at)


def test_a_plan_of_its_own_decides_the_light(issued):
    for who in ("civil", "finance", "building"):
        issued.sign(1, who)
    issued.report(1, "civil", 5)
    issued.review(1)
    duty = issued.duty(1)
    for plan in ({"2026-13": 10}, {"2026-06": 50, "2026-07": 40}, {"2026-06": 120}):
        with pytest.raises(Malformed):
            supervising.set_plan(duty, plan, reason="季节性", by=issued["clerk"], at=issued.at)
    with pytest.raises(NotAllowed):
        supervising.set_plan(duty, {"2026-06": 0}, reason="季节性", by=issued["civil"], at=issued.at)
    issued.go(date(2026, 7, 1))
    supervising.set_plan(duty, {"2026-06": 5, "2026-10": 90}, reason="季节性", by=issued["clerk"], at=issued.at)
    assert issued.duty(1).lamp == Lamp.NORMAL
    supervising.set_plan(issued.duty(1), {}, reason="按时间", by=issued["clerk"], at=issued.at)
    assert issued.duty(1).lamp == Lamp.BEHIND
