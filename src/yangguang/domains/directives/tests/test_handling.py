"""What units do: sign, object, contribute, report, ask for more time; and what they may not."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from yangguang.domains.directives.commands import handling
from yangguang.domains.directives.commands.handling import Attachment, Progress
from yangguang.domains.directives.tests.world import check_invariants, clock_days
from yangguang.domains.directives.vocabulary import (
    DutyState,
    ExtensionsUsedUp,
    ExtensionTooLate,
    ExtensionTooLong,
    ObjectionTooLate,
    WrongState,
)
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed


def last(duty):
    return Entry.objects.filter(stream=duty.case.stream_id).order_by("seq").last()


def test_the_lead_signs_and_the_duty_is_in_progress(issued):
    duty = issued.sign(1, "civil")
    assert duty.case.state == DutyState.IN_PROGRESS
    assert last(duty).name == "directives.receipt_signed"
    assert duty.case.deadlines.get(unit__code="99-CIV").state == "met"
    issued.sign(1, "finance")
    with pytest.raises(WrongState):
        issued.sign(1, "finance")
    with pytest.raises(NotAllowed):
        issued.sign(1, "yunchuan")
    with pytest.raises(NotAllowed):
        issued.sign(1, "auditor")
    check_invariants()


def test_a_supporting_unit_signs_before_the_lead_without_moving_the_duty(issued):
    assert issued.sign(1, "finance").case.state == DutyState.DISPATCHED


def test_the_head_of_the_lead_unit_may_object_in_time(issued):
    duty = issued.duty(1)
    raise_ = {"reason": "不属本单位职责", "basis": "三定规定", "at": issued.at}
    with pytest.raises(NotAllowed):
        handling.raise_objection(duty, by=issued["civil"], **raise_)
    with pytest.raises(NotAllowed):
        handling.raise_objection(duty, by=issued["finance_head"], **raise_)
    with pytest.raises(Malformed):
        handling.raise_objection(duty, by=issued["civil_head"], reason="", basis="", at=issued.at)
    handling.raise_objection(duty, by=issued["civil_head"], **raise_)
    assert issued.duty(1).case.state == DutyState.RETURNED
    with pytest.raises(WrongState):
        issued.sign(1, "civil")
    check_invariants()


def test_an_objection_after_three_working_days_is_too_late(issued):
    issued.go(date(2026, 3, 6))
    with pytest.raises(ObjectionTooLate) as refusal:
        handling.raise_objection(issued.duty(1), reason="不属", basis="规定", by=issued["civil_head"], at=issued.at)
    assert refusal.value.facts["due_on"] == date(2026, 3, 5)
    assert refusal.value.cite


def test_reports_meet_their_period_and_wait_for_review(issued):
    issued.sign(1, "civil")
    issued.go(date(2026, 3, 30))
    report = issued.report(1, "civil", 30)
    duty = issued.duty(1)
    assert (duty.case.state, duty.percent, duty.last_report_on) == (DutyState.UNDER_REVIEW, 30, date(2026, 3, 30))
    assert report.period == "2026Q1"
    assert clock_days(duty.case, "met")["report:2026Q1"] == date(2026, 4, 5)
    assert clock_days(duty.case)[f"review:{report.pk}"] == date(2026, 4, 7)
    with pytest.raises(WrongState):
        issued.report(1, "civil", 40)
    check_invariants()


@pytest.mark.parametrize(
    ("progress", "field"),
    [
        (Progress(" "), "text"),
        (Progress("好", 101), "percent"),
        (Progress("好", 90, final=True), "percent"),
        (Progress("好", 10, figures={1: "很多"}), "figure-1"),
    ],
)
def test_a_report_that_cannot_be_meant_is_refused_by_field(issued, progress, field):
    duty = issued.sign(1, "civil")
    with pytest.raises(Malformed) as refusal:
        handling.report_progress(duty, progress, by=issued["civil"], at=issued.at)
    assert set(refusal.value.errors) == {field}


def test_supporting_units_feed_the_lead_and_silent_ones_are_named(issued):
    issued.sign(1, "civil")
    duty = issued.duty(1)
    with pytest.raises(NotAllowed):
        handling.report_progress(duty, Progress("我报"), by=issued["finance"], at=issued.at)
    with pytest.raises(NotAllowed):
        handling.give_contribution(duty, Progress("自报"), by=issued["civil"], at=issued.at)
    given = handling.give_contribution(duty, Progress("资金已下达"), by=issued["finance"], at=issued.at)
    report = issued.report(1, "civil", 30, merges=[given.pk])
    assert list(report.merges.all()) == [given]
    assert last(issued.duty(1)).body["missing"] == [issued.unit("99-BLD").pk]
    assert last(issued.duty(1)).body["merges"] == [given.pk]
    given.refresh_from_db()
    assert given.text == "资金已下达"
    issued.review(1)
    issued.go(date(2026, 4, 1))
    duty = issued.duty(1)
    assert list(handling.contributions_since(duty)) == [], "what an accepted report merged is not offered again"
    with pytest.raises(Malformed):
        issued.report(1, "civil", 40, merges=[given.pk])


def test_a_report_cannot_merge_what_was_given_to_another_duty(issued):
    issued.sign(1, "civil")
    issued.sign(4, "finance")
    foreign = handling.give_contribution(issued.duty(4), Progress("别处的"), by=issued["civil"], at=issued.at)
    with pytest.raises(Malformed):
        issued.report(1, "civil", 30, merges=[foreign.pk])


def test_figures_are_counted_and_a_fall_needs_an_explanation(issued):
    issued.sign(1, "civil")
    target = issued.duty(1).targets.get()
    issued.report(1, "civil", 30, figures={target.pk: "1,040个".rstrip("个")})
    issued.review(1)
    target.refresh_from_db()
    assert target.reached == 1040
    with pytest.raises(Malformed) as refusal:
        issued.report(1, "civil", 30, figures={target.pk: "104"})
    assert "1040 降为 104" in refusal.value.errors["explanation"]
    report = issued.report(1, "civil", 30, figures={target.pk: "104"}, explanation="上次多写了一个零")
    assert (report.notes, report.explanation) == ([f"“{target.expr}”由 1040 降为 104。"], "上次多写了一个零")
    target.refresh_from_db()
    assert target.reached == 104


def test_evidence_is_kept_with_the_report(issued):
    issued.sign(1, "civil")
    file = Attachment("现场记录.txt", BytesIO("已建成".encode()))
    report = issued.report(1, "civil", 30, attachments=[file])
    assert [d.name for d in report.evidence.all()] == ["现场记录.txt"]


# --- more time --------------------------------------------------------------------------------------------


def ask(world, until, who="civil", key="by:0", reason="用地手续未完"):
    duty = world.duty(1)
    clock = duty.case.deadlines.get(key=key)
    return handling.ask_extension(duty, clock, proposed_on=until, reason=reason, by=world[who], at=world.at)


def test_more_time_is_asked_within_the_rule(issued):
    issued.sign(1, "civil")
    for until, refusal in (
        (date(2026, 11, 30), Malformed), (date(2026, 12, 16), ExtensionTooLong),
    ):
        with pytest.raises(refusal):
            ask(issued, until)
    with pytest.raises(Malformed):
        ask(issued, date(2026, 12, 15), reason=" ")
    with pytest.raises(NotAllowed):
        ask(issued, date(2026, 12, 15), who="finance")
    extension = ask(issued, date(2026, 12, 15))
    days = (extension.due_on, extension.proposed_on)
    assert (*days, extension.state) == (date(2026, 11, 30), date(2026, 12, 15), "asked")
    with pytest.raises(ExtensionsUsedUp):
        ask(issued, date(2026, 12, 14))


def test_more_time_cannot_be_asked_once_the_day_has_passed_nor_for_a_clock_of_another_kind(issued):
    issued.sign(1, "civil")
    other = issued.duty(4).case.deadlines.get(key="report:2026Q1")
    with pytest.raises(Malformed):
        handling.ask_extension(
            issued.duty(1), other, proposed_on=date(2026, 4, 10), reason="混", by=issued["civil"], at=issued.at
        )
    with pytest.raises(Malformed):
        ask(issued, date(2026, 3, 20), key=f"sign:{issued.unit('99-FIN').pk}")
    issued.go(date(2026, 12, 1))
    with pytest.raises(ExtensionTooLate):
        ask(issued, date(2026, 12, 10))
