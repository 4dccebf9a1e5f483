"""The examples beside the rules: facts in, signals out. A lawyer adds one without Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from yangguang.platform.now import set_clock
from yangguang.supervision.commands import sweep
from yangguang.supervision.models import Signal
from yangguang.supervision.rules import house_rules
from yangguang.supervision.tests.world import World, moment

FOLDER = Path(__file__).parents[1] / "content" / "examples"
EXAMPLES = [example for path in sorted(FOLDER.glob("*.yaml")) for example in yaml.safe_load(path.read_text("utf-8"))]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_example(world: World, example: dict[str, Any]) -> None:
    case = world.case(
        example["opened"],
        recorded_on=example.get("recorded"),
        division=example.get("division", "990121"),
        state=example.get("state", "in_progress"),
    )
    for k, clock in enumerate(example.get("clocks", ())):
        world.clock(case, example["opened"], clock.pop("key", f"by:{k}"), **clock)
    for act in example.get("acts", ()):
        world.act(case, act["occurred"], recorded_on=act["recorded"])
    if "suspended" in example:
        world.suspend(case, example["suspended"])
    set_clock(lambda: moment(example["today"]))
    sweep(today=example["today"], at=moment(example["today"]))
    raised = Signal.objects.filter(case=case).order_by("rule")
    assert [signal.rule for signal in raised] == [wanted["rule"] for wanted in example["expect"]]
    units = {"office": world.office.pk, "county": world.county.pk}
    for signal, wanted in zip(raised, example["expect"], strict=True):
        if "days" in wanted:
            assert signal.facts["days"] == wanted["days"]
        assert signal.unit_id == units[wanted.get("unit", "county")] or signal.rule == "D6"


def test_every_rule_has_an_example_that_fires() -> None:
    fired = {wanted["rule"] for example in EXAMPLES for wanted in example["expect"]}
    assert fired == {rule.code for rule in house_rules()}
