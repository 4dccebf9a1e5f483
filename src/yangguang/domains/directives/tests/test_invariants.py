"""Whatever is done in whatever order: chains stay whole, one token a case, the state is that of its step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yangguang.domains.directives.commands import changing, handling, issuing, supervising
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.tests.world import check_invariants
from yangguang.kernel.ledger.vocabulary import Refused

WHY = {"reason": "测试", "basis": "会议决定"}
CAST = {"99-CIV": "civil", "99-FIN": "finance", "99-BLD": "building", "9901-GOV": "yunchuan", "99-INS": "clerk"}


def _report(world, duty, *, final):
    progress = handling.Progress("进展", 100 if final else 40, final=final)
    handling.report_progress(duty, progress, by=world[CAST[duty.case.owner.code]], at=world.at)


def _review(world, duty, outcome):
    report = duty.reports.filter(state="given", kind="report").first()
    if report:
        supervising.review_report(report, outcome=outcome, opinion="核", by=world["clerk"], at=world.at)


def _rule(world, duty, ruling):
    to = world.unit("99-BLD").pk
    supervising.rule_on_objection(duty, ruling=ruling, reason="核", to_unit=to, by=world["clerk"], at=world.at)


def _nominate(world, duty):
    nomination = duty.nominations.filter(settled_at=None).first()
    if nomination:
        issuing.nominate_units(nomination, [world.unit("99-FIN").pk], by=world["clerk"], at=world.at)


def _extend(world, duty, granted):
    clock = duty.case.deadlines.filter(key="by:0").first()
    asked = duty.extensions.filter(state="asked").first()
    if asked:
        supervising.decide_extension(asked, granted=granted, reason="核", by=world["leader"], at=world.at)
    elif clock and clock.due_on:
        day, by = clock.due_on + timedelta(days=5), world[CAST[duty.case.owner.code]]
        handling.ask_extension(duty, clock, proposed_on=day, reason="难", by=by, at=world.at)


def _verify(world, duty, outcome):
    supervising.verify_duty(duty, outcome=outcome, method="查", opinion="核", by=world["verifier"], at=world.at)


def _later(world, duty):
    world.at += timedelta(days=3)


def _next_year(world):
    return world.at.date().replace(year=world.at.year + 1)


ACTS = {
    "sign": lambda w, d: handling.sign_receipt(d, by=w[CAST[d.case.owner.code]], at=w.at),
    "object": lambda w, d: handling.raise_objection(d, **WHY, by=w["civil_head"], at=w.at),
    "overrule": lambda w, d: _rule(w, d, "overruled"),
    "redispatch": lambda w, d: _rule(w, d, "redispatched"),
    "report": lambda w, d: _report(w, d, final=False),
    "finish": lambda w, d: _report(w, d, final=True),
    "accept": lambda w, d: _review(w, d, "accepted"),
    "stage": lambda w, d: _review(w, d, "accepted_stage"),
    "reject": lambda w, d: _review(w, d, "rejected"),
    "pass": lambda w, d: _verify(w, d, "passed"),
    "fail": lambda w, d: _verify(w, d, "failed"),
    "conclude": lambda w, d: supervising.conclude_duty(d, by=w["clerk"], at=w.at),
    "strike": lambda w, d: supervising.strike_off(d, by=w["clerk"], at=w.at),
    "nominate": _nominate,
    "ask_or_grant": lambda w, d: _extend(w, d, granted=True),
    "ask_or_refuse": lambda w, d: _extend(w, d, granted=False),
    "suspend": lambda w, d: changing.suspend_duty(d, **WHY, by=w["chief"], at=w.at),
    "resume": lambda w, d: changing.resume_duty(d, by=w["chief"], at=w.at),
    "merge": lambda w, d: changing.merge_duty(d, w.duty(4), reason="并", by=w["clerk"], at=w.at),
    "cancel": lambda w, d: changing.cancel_duty(d, **WHY, by=w["leader"], at=w.at),
    "carry": lambda w, d: changing.carry_over(d, due_on=_next_year(w), reason="转", by=w["leader"], at=w.at),
    "reopen": lambda w, d: changing.reopen_duty(d, reason="弹", due_on=_next_year(w), by=w["clerk"], at=w.at),
    "later": _later,
}
#: the usual way, so that deep states are met and not only refusals
WAY = ["sign", "report", "stage", "finish", "accept", "pass", "conclude", "strike", "reopen"]
STEPS = st.lists(st.tuples(st.sampled_from(range(6)), st.sampled_from([*WAY * 2, *ACTS])), min_size=8, max_size=30)


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_order_of_acts_leaves_a_whole_ledger(issued, steps):
    at, mark = issued.at, transaction.savepoint()
    targets = [*(issued.duty(k).pk for k in range(1, 6)), issued.duty(2, "9901-GOV").pk]
    try:
        for which, name in steps:
            duty = Duty.objects.select_related("case__owner").get(pk=targets[which])
            try:
                with transaction.atomic():
                    ACTS[name](issued, duty)
            except (Refused, KeyError):
                continue
        check_invariants()
    finally:
        transaction.savepoint_rollback(mark)
        issued.at = at
