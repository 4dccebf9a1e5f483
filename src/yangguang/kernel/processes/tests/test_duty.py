"""The duty's own files: what they promise, and that the file, not the code, decides what can be done."""

from pathlib import Path

import pytest

import yangguang
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.drawing import svg
from yangguang.kernel.processes.net import compile_net
from yangguang.kernel.processes.soundness import check_soundness
from yangguang.kernel.processes.tokens import complete, message, ready, start
from yangguang.kernel.processes.vocabulary import StepRefused

FILES = Path(yangguang.__file__).parent / "domains" / "directives" / "content" / "processes"
ROLES = {"leader", "supervision_office", "handling_unit", "verifier"}


def duty(name="duty"):
    return (FILES / f"{name}.bpmn").read_bytes()


#: what the duty room says of a duty that its units receive in the ordinary way
FACTS = {"back_entered": False, "nominations": 0}


def walk(net, *outcomes):
    """States met on the way when each step ends with the given answer."""
    marking, met = start(net, {}), []
    for outcome in outcomes:
        (wait,) = ready(net, marking)
        met.append(wait.marks.state)
        marking = complete(net, marking, wait.token, FACTS, outcome)
    return met, marking


@pytest.mark.parametrize("name", ["duty", "duty-collective"])
def test_the_files_are_sound_drawn_and_named_in_both_languages(name):
    definition = read_bpmn(duty(name))
    assert definition.key == name
    assert check_soundness(definition, ROLES) == ()
    assert all(thing.name_en for thing in (*definition.nodes, *definition.flows, *definition.lanes) if thing.name)
    assert svg(definition, language="en")


def test_the_way_of_a_duty_from_draft_to_strike_off():
    net = compile_net(read_bpmn(duty()))
    met, marking = walk(net, "", "approved", "", "signed", "", "accepted", "passed", "", "")
    assert met == [
        "draft", "pending_approval", "established", "dispatched", "in_progress", "under_review", "verify_on_site",
        "verified", "completed",
    ]  # fmt: skip
    assert marking.finished
    assert net.places[marking.passed[-1]].marks.state == "struck_off"


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (("", "returned"), "draft"),
        (("", "approved", "", "objected"), "returned"),
        (("", "approved", "", "objected", "redispatched"), "established"),
        (("", "approved", "", "objected", "overruled"), "in_progress"),
        (("", "approved", "", "signed", "", "rejected"), "in_progress"),
        (("", "approved", "", "signed", "", "accepted_stage"), "in_progress"),
        (("", "approved", "", "signed", "", "accepted", "failed"), "in_progress"),
    ],
)
def test_where_each_answer_leads(outcomes, state):
    net = compile_net(read_bpmn(duty()))
    _, marking = walk(net, *outcomes)
    assert [wait.marks.state for wait in ready(net, marking)] == [state]


def test_deleting_an_arrow_from_the_file_changes_what_can_be_done():
    lines = duty().decode().splitlines(keepends=True)
    begin = next(at for at, line in enumerate(lines) if 'sequenceFlow id="to_rule_from_signed"' in line)
    end = next(at for at in range(begin, len(lines)) if "</bpmn:sequenceFlow>" in lines[at])
    without = "".join(lines[:begin] + lines[end + 1 :]).encode()
    for xml, offered in ((duty(), {"sign_receipt", "raise_objection"}), (without, {"sign_receipt"})):
        net = compile_net(read_bpmn(xml))
        _, marking = walk(net, "", "approved", "")
        (wait,) = ready(net, marking)
        assert {choice.command for choice in wait.choices} == offered
    with pytest.raises(StepRefused):
        complete(net, marking, wait.token, {}, "objected")
    assert {finding.code for finding in check_soundness(read_bpmn(without))} == {"unreachable"}


def test_a_duty_of_many_units_waits_until_all_its_parts_are_done():
    net = compile_net(read_bpmn(duty("duty-collective")))
    _, marking = walk(net, "", "approved", "")
    (wait,) = ready(net, marking)
    assert (wait.reference, wait.marks.state) == ("children_done", "in_progress")
    (wait,) = ready(net, message(net, marking, "children_done", {}))
    assert wait.marks.state == "verify_on_site"
