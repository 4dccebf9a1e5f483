"""`yangguang watch` and the queue's entry point."""

from __future__ import annotations

import json
from datetime import date

from click.testing import CliRunner

from yangguang.platform.now import set_clock
from yangguang.supervision.faces.cli import watch
from yangguang.supervision.models import Signal
from yangguang.supervision.tests.world import World, moment


def test_rules_are_listed_without_a_database() -> None:
    listed = json.loads(CliRunner().invoke(watch, ["rules", "--json"]).output)
    assert [rule["code"] for rule in listed] == [f"D{n}" for n in range(1, 9)]
    assert "D3 v1  red" in CliRunner().invoke(watch, ["rules"]).output


def test_a_sweep_by_hand_tells_what_it_did(world: World) -> None:
    case = world.case(date(2026, 3, 2))
    world.clock(case, date(2026, 3, 2), due_on=date(2026, 3, 31))
    set_clock(lambda: moment(date(2026, 4, 3)))
    told = json.loads(CliRunner().invoke(watch, ["sweep", "--today", "2026-04-02", "--json"]).output)
    assert (told["today"], told["rules"]["D2"]) == ("2026-04-02", {"found": 1, "raised": 1})
    assert "raised     0" in CliRunner().invoke(watch, ["sweep"]).output


def test_the_queue_sweeps_for_the_present_day(world: World) -> None:
    from yangguang.supervision.tasks import sweep_now  # noqa: PLC0415 - tasks need the app registry

    case = world.case(date(2026, 3, 2))
    world.clock(case, date(2026, 3, 2), due_on=date(2026, 3, 31))
    set_clock(lambda: moment(date(2026, 4, 2)))
    sweep_now(timestamp=0)
    assert Signal.objects.get(case=case).raised_on == date(2026, 4, 2)
