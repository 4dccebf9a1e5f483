"""Deadlines are projections: events in, the last day out, former answers kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.tests.world import SomethingNoted, make_world
from yangguang.kernel.ledger.writing import writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC)


def begin(world, case, term="5 working days", at="2026-02-13", key="answer"):
    with writing(case, by=world.clerk, at=noon(at)) as draft:
        draft.record(SomethingNoted(what="起算"))
        return deadlines.set_deadline(draft, key, Limit(parse_term(term)), start=noon(at), label="答复")


def test_a_term_of_working_days_passes_over_the_spring_festival(world):
    deadline = begin(world, world.case())
    assert deadline.due_on == date(2026, 2, 27)
    assert deadline.provisional is False


def test_standing_still_gives_the_days_back_and_keeps_the_old_answer(world):
    case = world.case()
    deadline = begin(world, case, at="2026-03-02")
    assert deadline.due_on == date(2026, 3, 9)
    with writing(case, by=world.clerk, at=noon("2026-03-04")) as draft:
        deadlines.suspend_all(draft, entry=draft.record(SomethingNoted(what="中止")))
    with writing(case, by=world.clerk, at=noon("2026-03-11")) as draft:
        deadlines.resume_all(draft, entry=draft.record(SomethingNoted(what="恢复")))
    deadline = Deadline.objects.get(pk=deadline.pk)
    assert deadline.due_on == date(2026, 3, 16)
    assert deadline.state == "running"
    assert [r.due_on for r in deadline.reckonings.all()][0] == date(2026, 3, 9)


def test_a_day_named_by_a_paper_is_given_the_calendar_days_it_stood_still(world):
    case = world.case()
    with writing(case, by=world.clerk, at=noon("2026-03-02")) as draft:
        draft.record(SomethingNoted(what="起算"))
        named = deadlines.set_deadline(
            draft, "by:0", deadlines.fixed(date(2026, 6, 30)), start=noon("2026-03-02"), label="6月底前"
        )
    with writing(case, by=world.clerk, at=noon("2026-04-01")) as draft:
        deadlines.suspend_all(draft, entry=draft.record(SomethingNoted(what="中止")))
    with writing(case, by=world.clerk, at=noon("2026-04-11")) as draft:
        deadlines.resume_all(draft, entry=draft.record(SomethingNoted(what="恢复")))
    assert Deadline.objects.get(pk=named.pk).due_on == date(2026, 7, 10)


def test_an_extension_moves_the_day_and_the_old_one_stays_beside_it(world):
    case = world.case()
    deadline = begin(world, case, at="2026-03-02")
    with writing(case, by=world.clerk, at=noon("2026-03-04")) as draft:
        entry = draft.record(SomethingNoted(what="延期"))
        deadlines.extend_to(draft, deadline, date(2026, 3, 20), entry=entry, reason="延期")
    fresh = Deadline.objects.get(pk=deadline.pk)
    assert fresh.due_on == date(2026, 3, 20)
    assert [(r.due_on, r.reason) for r in fresh.reckonings.all()] == [(date(2026, 3, 9), "延期")]


def test_the_account_names_every_day_and_why(world):
    deadline = begin(world, world.case())
    account = deadlines.account(deadline)
    days = [*account.counted, *(s.day for s in account.skipped)]
    assert sorted(days) == [
        date.fromordinal(n) for n in range(date(2026, 2, 14).toordinal(), date(2026, 2, 27).toordinal() + 1)
    ]
    assert date(2026, 2, 14) in account.counted


def test_a_day_in_a_year_without_notice_is_provisional(world):
    assert begin(world, world.case(), term="20 working days", at="2026-12-20").provisional is True


def test_a_met_clock_is_no_longer_running(world):
    case = world.case()
    begin(world, case)
    with writing(case, by=world.clerk, at=noon("2026-02-25")) as draft:
        draft.record(SomethingNoted(what="办了"))
        deadlines.meet_deadline(draft, "answer")
    deadline = Deadline.objects.get(case=case)
    assert (deadline.state, deadline.met_on) == ("met", date(2026, 2, 25))
    assert not deadlines.running(case).exists()
