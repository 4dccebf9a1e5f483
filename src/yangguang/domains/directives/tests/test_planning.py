"""The lead unit's own plan, and signed notes that stand beside the computed light."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import lighting, planning
from yangguang.domains.directives.tests.test_pages import client
from yangguang.domains.directives.tests.world import check_invariants, names
from yangguang.domains.directives.vocabulary import WrongState
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.outbox.models import Message

PLAN = {"2026-06": 10, "2026-11": 100}


def propose(world, who="civil", plan=None):
    steps = "一、选址；二、建设。"
    return planning.propose_plan(world.duty(1), steps, plan or PLAN, by=world[who], at=world.at)


@pytest.fixture
def running(issued):
    issued.sign(1, "civil")
    return issued


def test_a_plan_is_proposed_returned_proposed_again_and_approved(running):
    clerk = running["clerk"]
    first = propose(running)
    assert running.duty(1).plan == {}, "what is proposed is not in force"
    with pytest.raises(WrongState):
        propose(running)
    with pytest.raises(Malformed):
        planning.decide_plan(first, approved=False, opinion=" ", by=clerk, at=running.at)
    planning.decide_plan(first, approved=False, opinion="请写到月", by=clerk, at=running.at)
    with pytest.raises(WrongState):
        planning.decide_plan(first, approved=True, opinion="", by=clerk, at=running.at)
    planning.decide_plan(propose(running), approved=True, opinion="同意", by=clerk, at=running.at)
    duty = running.duty(1)
    assert duty.plan == PLAN
    assert names(duty.case)[-5:] == ["plan_proposed", "plan_decided", "plan_proposed", "plan_decided", "plan_set"]
    told = Message.objects.filter(case=duty.case.number, subject__startswith="分解计划")
    assert sorted(told.values_list("unit__code", flat=True)) == ["99-CIV", "99-CIV", "99-INS", "99-INS"]
    running.go(date(2026, 5, 20))
    lighting.settle_lights(running.at.date())
    assert running.duty(1).lamp != "behind", "compared with its own plan, not with time elapsed"
    check_invariants()


def test_who_may_propose_and_decide(running):
    with pytest.raises(NotAllowed):
        propose(running, "finance")
    with pytest.raises(NotAllowed):
        propose(running, "clerk")
    with pytest.raises(Malformed):
        propose(running, plan={"2026-06": 50, "2026-11": 10})
    with pytest.raises(NotAllowed):
        planning.decide_plan(propose(running), approved=True, opinion="", by=running["civil"], at=running.at)
    with pytest.raises(WrongState):
        planning.propose_plan(running.duty(5), "步骤", {}, by=running["building"], at=running.at)


def test_a_plan_goes_its_way_through_the_pages(running):
    number = running.duty(1).case.number
    civil, clerk = client(running, "civil"), client(running, "clerk")
    address = reverse("directives:act", args=[number, "propose-plan"])
    assert civil.get(address).status_code == 200
    assert civil.post(address, {"steps": "先选址", "plan": "2026-06 20\n2026-11 100"}).status_code == 302
    assert civil.get(address).status_code == 403
    deciding = reverse("directives:act", args=[number, "decide-plan"])
    assert "先选址" in clerk.get(deciding).content.decode()
    assert clerk.post(deciding, {"approved": "yes", "opinion": ""}).status_code == 302
    assert "先选址" in civil.get(reverse("directives:duty", args=[number])).content.decode()
    assert "先选址" in clerk.get(reverse("directives:duty", args=[number])).content.decode()


def note(world, lamp="normal", until=date(2026, 12, 20), who="leader"):
    return planning.note_light(
        world.duty(1), lamp=lamp, reason="上游停水，已另行安排", until=until, by=world[who], at=world.at
    )


@pytest.fixture
def overdue(running):
    running.go(date(2026, 12, 10))
    lighting.settle_lights(running.at.date())
    assert running.duty(1).lamp == "overdue"
    return running


def test_a_note_stands_beside_the_light_and_hides_nothing(overdue):
    note(overdue)
    duty = overdue.duty(1)
    assert duty.lamp == "overdue"
    assert queries.light_note(duty, overdue.at.date()).lamp == "normal"
    assert queries.lamps(queries.duties(overdue["clerk"], on=overdue.at.date()))["overdue"] >= 1
    assert names(duty.case)[-1] == "light_noted"
    shown = client(overdue, "clerk").get(reverse("directives:duty", args=[duty.case.number])).content.decode()
    assert "上游停水" in shown
    head = shown[shown.index("yg-duty-head") : shown.index("上游停水")]
    assert head.index("逾期") < head.index("人工说明"), "the computed light stands first"
    lighting.settle_lights(date(2026, 12, 21))
    assert queries.light_note(duty, date(2026, 12, 21)) is None, "a note ends of itself"


def test_a_note_is_the_leaders_for_no_longer_than_the_rule(overdue):
    for who in ("clerk", "civil", "civil_head"):
        with pytest.raises(NotAllowed):
            note(overdue, who=who)
    for until in (date(2026, 12, 9), date(2027, 6, 1)):
        with pytest.raises(Malformed) as refusal:
            note(overdue, until=until)
        assert "2026-12-10" in refusal.value.errors["until"]
    with pytest.raises(Malformed):
        note(overdue, lamp="struck_off")


def test_a_note_is_replaced_and_withdrawn(overdue):
    note(overdue)
    note(overdue, "behind")
    duty, day = overdue.duty(1), overdue.at.date()
    assert queries.light_note(duty, day).lamp == "behind"
    planning.withdraw_note(duty, reason="情况已变", by=overdue["leader"], at=overdue.at)
    assert queries.light_note(duty, day) is None
    with pytest.raises(WrongState):
        planning.withdraw_note(duty, reason="再撤", by=overdue["leader"], at=overdue.at)
    check_invariants()


def test_a_note_through_the_page(overdue):
    address = reverse("directives:act", args=[overdue.duty(1).case.number, "note-light"])
    leader = client(overdue, "leader")
    assert leader.get(address).status_code == 200
    data = {"lamp": "normal", "until": "2026-12-20", "reason": "另行安排"}
    assert leader.post(address, data).status_code == 302
    withdrawing = reverse("directives:act", args=[overdue.duty(1).case.number, "withdraw-note"])
    assert leader.post(withdrawing, {"reason": "已变"}).status_code == 302
