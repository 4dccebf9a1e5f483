"""A timer of a process is a deadline of its case: it begins, stops, stands still and rings like the others."""

from datetime import timedelta

import pytest

from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Deadline, Entry
from yangguang.kernel.ledger.tests.world import NOON, make_world
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.processes.commands import INSTALLER, end_process, publish_process, take_step
from yangguang.kernel.processes.layout import lay_out
from yangguang.kernel.processes.queries import commands_now
from yangguang.kernel.processes.tests.test_rows import act, begun, rows
from yangguang.kernel.processes.tests.world import bpmn
from yangguang.kernel.processes.timers import ring_due_timers
from yangguang.platform.now import beijing_day

pytestmark = pytest.mark.django_db

TIMED = (
    "startEvent s\nuserTask a name=说明 yg:command=explain\n"
    "boundaryEvent t name=说明期限 attachedToRef=a yg:limit={} | <timerEventDefinition/>\n"
    "exclusiveGateway m\nuserTask z yg:command=judge\nendEvent e"
)
ARROWS = "s a\na m\nt m\nm z\nz e"
TODAY = beijing_day(NOON)


def timed(limit="accounts.invitation"):
    return lay_out(bpmn(TIMED.format(limit), ARROWS))


@pytest.fixture
def world():
    return make_world()


def clock(case):
    return Deadline.objects.get(case=case, key__startswith="timer:")


def ring(days):
    return ring_due_timers(today=TODAY + timedelta(days=days), at=NOON + timedelta(days=days))


def test_a_timer_rings_when_its_last_day_has_passed_and_only_once(world):
    case = begun(world, timed())
    deadline = clock(case)
    assert (deadline.label, deadline.rule, deadline.due_on) == (
        "说明期限",
        "accounts.invitation",
        TODAY + timedelta(days=7),
    )
    assert ring(7) == 0
    assert ring(8) == 1
    assert ring(9) == 0
    assert commands_now(case) == {"judge"}
    assert (clock(case).state, rows(case, "node", "state")) == ("met", [("a", "cancelled"), ("z", "open")])
    assert Entry.objects.filter(name="processes.timer_rang").count() == 1
    assert not list(verify())


def test_a_step_that_is_done_in_time_stops_its_timer(world):
    case = begun(world, timed())
    with act(world, case) as draft:
        take_step(draft, "explain")
    assert clock(case).state == "stopped"
    assert ring(30) == 0


def test_the_end_of_a_case_stops_its_timers(world):
    case = begun(world, timed())
    with act(world, case) as draft:
        end_process(draft)
    assert clock(case).state == "stopped"


def test_a_suspended_case_lets_its_timers_stand_still(world):
    case = begun(world, timed())
    with act(world, case) as draft:
        deadlines.suspend_all(draft, entry=Entry.objects.filter(stream=draft.stream).last())
    assert ring(30) == 0
    assert commands_now(case) >= {"explain"}


def test_a_limit_that_no_rulebook_knows_is_refused(world):
    with pytest.raises(Malformed) as refused:
        publish_process(timed("no.such.limit"), by=INSTALLER, at=NOON)
    assert "unknown_limit t" in refused.value.errors
