"""A case's tokens are rows: what the published file offers can be done, nothing else, and the rows are the history."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.ledger.tests.world import NOON, SomethingNoted, make_world
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.processes.commands import (
    INSTALLER,
    LANES,
    NotNow,
    NotPublished,
    begin_process,
    current_state,
    end_process,
    hand_over_work,
    marking_of,
    publish_house_processes,
    publish_process,
    restart_process,
    ring_timer,
    signal_case,
    take_step,
)
from yangguang.kernel.processes.layout import lay_out
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.queries import commands_now, diagram, heat_map, waits
from yangguang.kernel.processes.tests.test_duty import duty
from yangguang.kernel.processes.tests.world import bpmn
from yangguang.kernel.processes.vocabulary import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@contextmanager
def act(world, case):
    with writing(case, by=world.clerk, at=NOON) as draft:
        draft.record(SomethingNoted(what="办理"))
        yield draft


def begun(world, xml, facts=None):
    """A case on a freshly published file."""
    version = publish_process(xml, by=INSTALLER, at=NOON)
    case = world.case()
    with act(world, case) as draft:
        begin_process(draft, version.key, facts or {})
    return case


def step(world, case, command, **how):
    with act(world, case) as draft:
        take_step(draft, command, **how)


def rows(case, *columns):
    return list(WorkItem.objects.filter(case=case).order_by("token").values_list(*columns))


DISPATCHED = [("submit_decomposition", ""), ("approve_decomposition", "approved"), ("dispatch_duty", "")]


def dispatched(world, xml):
    case = begun(world, xml)
    for command, outcome in DISPATCHED:
        step(world, case, command, outcome=outcome, facts={"back_entered": False})
    return case


def test_a_duty_runs_to_its_end_and_its_rows_tell_how(world):
    case = dispatched(world, duty())
    assert (case.state, commands_now(case)) == ("dispatched", {"sign_receipt", "raise_objection"})
    for command, outcome in [
        ("sign_receipt", "signed"), ("report_progress", ""), ("review_report", "accepted"), ("verify_duty", "passed"),
        ("conclude_duty", ""), ("strike_off", ""),
    ]:  # fmt: skip
        step(world, case, command, outcome=outcome)
    assert case.state == "struck_off"
    assert {state for (state,) in rows(case, "state")} == {"done"}
    assert [node for (node,) in rows(case, "node")] == [
        "decompose", "approve", "dispatch", "sign", "handle", "review", "verify", "conclude", "strike_off",
    ]  # fmt: skip
    assert not list(verify())


def test_the_command_of_an_arrow_says_the_answer(world):
    case = dispatched(world, duty())
    step(world, case, "raise_objection")
    assert case.state == "returned"
    assert rows(case, "node", "outcome")[-2:] == [("sign", "objected"), ("rule", "")]


def test_deleting_an_arrow_from_the_file_takes_the_act_away(world):
    lines = duty().decode().splitlines(keepends=True)
    begin = next(at for at, line in enumerate(lines) if 'sequenceFlow id="to_rule_from_signed"' in line)
    end = next(at for at in range(begin, len(lines)) if "</bpmn:sequenceFlow>" in lines[at])
    text = "".join(lines[:begin] + lines[end + 1 :])
    with pytest.raises(Malformed) as refused:
        publish_process(text.encode(), by=INSTALLER, at=NOON)
    assert "unreachable rule" in refused.value.errors
    # without the arrow the ruling is lost; taking the whole branch out leaves a sound file without objections
    case = dispatched(world, lay_out(without_nodes(text, "rule", "ruled")))
    assert commands_now(case) == {"sign_receipt"}
    with pytest.raises(NotNow):
        step(world, case, "raise_objection")
    with pytest.raises(StepRefused):
        step(world, case, "sign_receipt", outcome="objected")
    assert Case.objects.get(pk=case.pk).state == "dispatched"


def without_nodes(text, *nodes):
    """The file without some nodes and the arrows that touch them."""
    root = etree.fromstring(text.encode())
    for element in list(root.iter()):
        touched = {element.get("id"), element.get("sourceRef"), element.get("targetRef"), element.text}
        if touched & set(nodes):
            element.getparent().remove(element)
    return etree.tostring(root)


def test_a_step_that_is_not_there_is_refused_and_nothing_moves(world):
    case = begun(world, duty())
    before = rows(case, "token", "state")
    for command in ("strike_off", "no_such_command"):
        with pytest.raises(NotNow):
            step(world, case, command)
    with pytest.raises(NotNow):
        with act(world, case) as draft:
            begin_process(draft, "duty")
    assert rows(case, "token", "state") == before


def test_a_step_is_one_update_and_one_insert(world):
    case = begun(world, duty())
    with CaptureQueriesContext(
        connection,
    ) as seen:
        step(world, case, "submit_decomposition")
    written = [q["sql"].split(None, 1)[0] for q in seen if '"ledger_workitem"' in q["sql"]]
    assert [verb for verb in written if verb != "SELECT"] == ["UPDATE", "INSERT"]


def test_work_goes_to_the_unit_of_its_lane_and_follows_a_new_owner(world, monkeypatch):
    monkeypatch.setitem(LANES, "test", lambda case, role: case.owner_id if role == "handling_unit" else world.office.pk)
    case = dispatched(world, duty())
    assert rows(case, "node", "role", "unit_id")[-2:] == [
        ("dispatch", "supervision_office", world.office.pk), ("sign", "handling_unit", world.bureau.pk),
    ]  # fmt: skip
    with act(world, case) as draft:
        draft.case.owner = world.office
        hand_over_work(draft)
    assert rows(case, "unit_id")[-1] == (world.office.pk,)


def test_publishing_gives_versions_and_running_cases_keep_theirs(world):
    case = begun(world, duty())
    again = publish_process(duty(), by=INSTALLER, at=NOON)
    assert again.version == 1
    newer = publish_process(duty().replace("实地核查".encode(), "现场核查".encode()), by=INSTALLER, at=NOON)
    assert newer.version == 2
    assert (case.process_key, case.process_version) == ("duty", 1)
    assert "实地核查" in diagram(case).svg
    with pytest.raises(NotAllowed):
        publish_process(duty(), by=world.clerk, at=NOON)
    with pytest.raises(Malformed, match="图形"):
        publish_process(bpmn("startEvent s\ntask a\nendEvent e", "s a\na e"), by=INSTALLER, at=NOON)


def test_the_files_of_the_program_are_published_once(world):
    first = publish_house_processes(at=NOON)
    assert {version.key for version in first} >= {"duty", "duty-collective"}
    assert publish_house_processes(at=NOON) == first
    assert ProcessVersion.objects.count() == len(first)


def test_a_case_without_a_process_offers_nothing(world):
    case = world.case()
    assert (waits(case), commands_now(case), diagram(case)) == ((), frozenset(), None)
    with pytest.raises(NotPublished), act(world, case) as draft:
        begin_process(draft, "duty")


def test_the_picture_of_a_case_shows_done_and_present_steps(world):
    case = dispatched(world, duty())
    shown = diagram(case)
    assert shown.marks == {"decompose": "done", "approve": "done", "dispatch": "done", "sign": "current"}
    assert shown.svg.count("yg-bpmn-current") == 1
    assert "Sign receipt" in diagram(case, "en").svg
    version = ProcessVersion.objects.get(key="duty")
    assert "1 件" in heat_map(version, Case.objects.all())


def test_work_taken_away_by_an_event_is_cancelled_and_what_was_waited_for_is_done(world):
    nodes = (
        "startEvent s\nparallelGateway g\nuserTask a yg:command=act\nexclusiveGateway m\n"
        "boundaryEvent b attachedToRef=a | <messageEventDefinition messageRef='m1'/>\n"
        "intermediateCatchEvent c | <signalEventDefinition signalRef='s1'/>\n"
        "intermediateCatchEvent t yg:limit=accounts.invitation | <timerEventDefinition/>\nuserTask y yg:command=other\n"
        "parallelGateway j\nendEvent e"
    )
    case = begun(world, lay_out(bpmn(nodes, "s g\ng a\ng c\ng t\na m\nm j\nc j\nt j\nb y\ny m\nj e")))
    with act(world, case) as draft:
        take_step(draft, "补正到达")
        signal_case(draft, "撤回")
        ring_timer(draft, "t")
    expected = {"a": "cancelled", "c": "done", "t": "done", "y": "open", "c_j": "open", "t_j": "open"}
    assert dict(rows(case, "node", "state")) == expected
    step(world, case, "other")
    assert set(rows(case, "state")) == {("done",), ("cancelled",)}


def test_instances_are_rows_and_one_can_be_named(world):
    many = "yg:collection=单位 | <multiInstanceLoopCharacteristics/>"
    nodes = f"startEvent s\nuserTask a yg:command=answer {many}\nendEvent e"
    case = begun(world, lay_out(bpmn(nodes, "s a\na e")), {"单位": ["发改", "住建"]})
    assert rows(case, "kind", "instance") == [("scope", -1), ("task", 0), ("task", 1)]
    second = WorkItem.objects.get(case=case, instance=1)
    step(world, case, "answer", token=second.token)
    assert rows(case, "state") == [("open",), ("open",), ("done",)]
    step(world, case, "answer")
    assert {state for (state,) in rows(case, "state")} == {"done"}


def test_a_case_is_ended_and_taken_up_again(world):
    case = dispatched(world, duty())
    with pytest.raises(NotNow), act(world, case) as draft:
        restart_process(draft, "report_progress")
    with act(world, case) as draft:
        end_process(draft)
    assert marking_of(case).finished
    assert rows(case, "state")[-1] == ("cancelled",)
    with pytest.raises(NotNow), act(world, case) as draft:
        restart_process(draft, "no_such_command")
    with act(world, case) as draft:
        restart_process(draft, "report_progress")
    assert (case.state, current_state(case), commands_now(case)) == ("in_progress", "in_progress", {"report_progress"})
