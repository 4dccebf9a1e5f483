"""A corrected notice: compared with what runs, applied once, told to everybody."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.domains.directives.commands import correcting, intake, issuing
from yangguang.domains.directives.models import Duty, Notice
from yangguang.domains.directives.tests.world import NOTICE, check_invariants, clock_days, names, roles_of
from yangguang.domains.directives.vocabulary import AlreadyKnown, NothingToCorrect, WrongState
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.queries import body_of
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.outbox.models import Message

#: a figure, a day and a supporting unit change; a row goes, one comes
CORRECTED = (
    NOTICE.replace("120个以上", "100个以上")
    .replace("省财政厅、省住房城乡建设厅|2026年11月30日前", "省财政厅、省审计厅|2026年12月20日前")
    .replace("3|排查整治窗口服务中的突出问题|省政府有关部门||2026年6月30日前\n", "")
    .replace("各市人民政府||2026年9月30日前", "各市人民政府||2026年10月31日前")
    + "6|建立群众诉求回访制度|省政府督查室|省民政厅|2026年8月31日前\n"
)


def register(world, text=CORRECTED):
    old = Notice.objects.order_by("pk").first()
    return correcting.receive_correction(old, text.encode(), "更正.txt", by=world["clerk"], at=world.at)


def confirmed(world, text=CORRECTED):
    new = register(world, text)
    intake.confirm_decomposition(new, by=world["clerk"], at=world.at)
    return Notice.objects.get(pk=new.pk)


def apply(world, new, **how):
    return correcting.apply_correction(new, **{"reason": "原文有误", "by": world["leader"], "at": world.at, **how})


def test_the_difference_is_named_field_by_field(issued):
    found = correcting.changes_of(register(issued))
    assert [(c.kind, c.duty and c.duty.position, [d.label for d in c.differences]) for c in found] == [
        ("changed", 1, ["任务内容", "协办单位", "期限", "指标"]),
        ("changed", 2, ["期限"]),
        ("same", 4, []),
        ("same", 5, []),
        ("added", None, []),
        ("removed", 3, []),
    ]


def test_applying_changes_duties_in_place(issued):
    issued.sign(1, "civil")
    trail = names(issued.duty(1).case)
    duty, moved = issued.duty(1), Message.objects.count()
    apply(issued, confirmed(issued))
    duty.refresh_from_db()
    assert duty.text == "新建社区助餐点100个以上"
    assert duty.case.number == "99-D2026-0001-001"
    assert roles_of(Duty.objects.get(pk=duty.pk).case) == {
        "supervising": ["99-INS"], "lead": ["99-CIV"], "support": ["99-FIN", "99-AUD"],
    }
    clocks = clock_days(duty.case)
    assert clocks["by:0"] == date(2026, 12, 20)
    assert "sign:99-AUD" in clocks
    assert "sign:99-BLD" not in clocks
    assert duty.case.deadlines.get(key="by:0").reckonings.get().due_on == date(2026, 11, 30)
    assert [t.value for t in duty.targets.all()] == [100]
    assert names(duty.case)[len(trail) :] == ["duty_changed", "deadline_moved"]
    told = Message.objects.filter(case=duty.case.number).order_by("pk")[0:99]
    assert {m.unit.code for m in told if "更正" in m.subject} == {"99-CIV", "99-FIN", "99-BLD", "99-AUD"}
    assert Message.objects.count() > moved
    check_invariants()


def test_parts_rows_added_and_rows_taken_out(issued):
    apply(issued, confirmed(issued))
    assert clock_days(issued.duty(2, "9901-GOV").case)["by:0"] == date(2026, 10, 31)
    gone = Duty.objects.get(case__number="99-D2026-0001-003")
    assert gone.case.state == "cancelled"
    added = Duty.objects.get(position=5, case__number__startswith="99-D2026-0002")
    assert (added.text, added.case.state) == ("建立群众诉求回访制度", "dispatched")
    old, new = Notice.objects.order_by("pk")
    assert (old.case.state, new.case.state, new.replaces) == ("replaced", "issued", old)
    body = body_of(Entry.objects.get(stream=old.case.stream_id, name="directives.notice_corrected"))
    assert (body["changed"], body["added"], body["removed"], body["reason"]) == (2, 1, 1, "原文有误")
    check_invariants()


def test_a_correction_of_single_items_leaves_the_others_running(issued):
    new = confirmed(issued)
    kept = {c.duty.pk for c in correcting.changes_of(new) if c.kind == "removed"}
    apply(issued, new, keep=kept)
    assert issued.duty(3).case.closed_at is None
    assert Notice.objects.order_by("pk").first().case.state == "issued"


def test_a_new_lead_takes_the_duty_over_where_it_stands(issued):
    issued.sign(1, "civil")
    apply(issued, confirmed(issued, NOTICE.replace("个以上|省民政厅|省财政厅、", "个以上|省审计厅|省财政厅、")))
    duty = issued.duty(1)
    assert (duty.case.owner.code, duty.case.state) == ("99-AUD", "in_progress")
    assert "sign:99-AUD" in clock_days(duty.case)
    check_invariants()


def test_a_struck_off_duty_is_left_as_it_is(issued):
    issued.sign(1, "civil")
    issued.finish(1, "civil")
    apply(issued, confirmed(issued))
    assert Duty.objects.get(case__number="99-D2026-0001-001").text == "新建社区助餐点120个以上"
    check_invariants()


def test_what_stands_in_the_way_is_refused_and_nothing_is_written(issued):
    with pytest.raises(AlreadyKnown):
        register(issued, NOTICE)
    new = register(issued)
    with pytest.raises(NothingToCorrect):
        register(issued, CORRECTED.replace("100个", "90个"))
    with pytest.raises(WrongState):
        apply(issued, new)
    intake.confirm_decomposition(new, by=issued["clerk"], at=issued.at)
    with pytest.raises(WrongState):
        issuing.approve_decomposition(new, by=issued["leader"], at=issued.at)
    with pytest.raises(Malformed):
        apply(issued, new, reason=" ")
    with pytest.raises(NotAllowed):
        apply(issued, new, by=issued["clerk"])
    assert issued.duty(1).text == "新建社区助餐点120个以上"
    apply(issued, new)
    with pytest.raises(WrongState):
        apply(issued, new)
    assert Duty.objects.filter(text="建立群众诉求回访制度").count() == 1
