"""A file may call another: what is called runs inside the caller, pinned by hash when the caller is published."""

import pytest

from yangguang.kernel.ledger.models import WorkItem
from yangguang.kernel.ledger.tests.world import NOON, make_world
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.commands import INSTALLER, begin_process, marking_of, net_of, publish_process, take_step
from yangguang.kernel.processes.layout import lay_out
from yangguang.kernel.processes.linking import called_keys, link, outermost
from yangguang.kernel.processes.net import Net, compile_net
from yangguang.kernel.processes.queries import diagram
from yangguang.kernel.processes.soundness import check_soundness
from yangguang.kernel.processes.tests.test_rows import act
from yangguang.kernel.processes.tests.world import bpmn, token, waiting
from yangguang.kernel.processes.tokens import Marking, complete, message, start
from yangguang.kernel.processes.vocabulary import Malformed

BOUNDARY = "boundaryEvent b attachedToRef=c | <messageEventDefinition messageRef='m1'/>"
CALLER = (
    f"startEvent s\ncallActivity c name=会签 calledElement=countersign\n{BOUNDARY}\n"
    "userTask z yg:command=close\nendEvent e\nendEvent e9",
    "s c\nc z\nz e\nb e9",
)
CALLED = (
    "startEvent s\nparallelGateway g\nuserTask a yg:command=sign_a\nuserTask b yg:command=sign_b\n"
    "parallelGateway j\nendEvent e",
    "s g\ng a\ng b\na j\nb j\nj e",
)


def written(key, nodes, arrows):
    return bpmn(nodes, arrows).replace(b'id="p"', f'id="{key}"'.encode())


def defined(key, nodes, arrows):
    return read_bpmn(written(key, nodes, arrows))


def linked():
    return link(defined("caller", *CALLER), {"countersign": defined("countersign", *CALLED)})


def test_the_steps_of_the_called_process_run_inside_the_call():
    net = compile_net(linked())
    net = Net.from_json(net.as_json())
    marking = start(net, {})
    assert waiting(net, marking) == ["b", "c/a", "c/b"]
    for node in ("c/b", "c/a", "z"):
        marking = complete(net, marking, token(net, marking, node), {})
        marking = Marking.from_json(marking.as_json())
    assert marking.finished


def test_an_event_on_the_call_takes_all_its_work_away():
    net = compile_net(linked())
    assert message(net, start(net, {}), "补正到达", {}).finished


def test_the_hashes_of_called_files_are_part_of_the_table():
    called = defined("countersign", *CALLED)
    assert compile_net(linked()).calls == {"countersign": called.sha256}
    assert called_keys(defined("caller", *CALLER)) == ("countersign",)


def test_a_call_that_leads_nowhere_or_in_a_circle_is_refused():
    caller = defined("caller", *CALLER)
    with pytest.raises(Malformed, match="不存在"):
        link(caller, {})
    with pytest.raises(Malformed, match="尚未接入"):
        compile_net(caller)
    back = defined("countersign", "startEvent s\ncallActivity x calledElement=caller\nendEvent e", "s x\nx e")
    with pytest.raises(Malformed, match="caller → countersign → caller"):
        link(caller, {"countersign": back, "caller": caller})


def test_a_call_must_name_what_it_calls():
    with pytest.raises(Malformed, match="没有写明"):
        defined("caller", "startEvent s\ncallActivity c\nendEvent e", "s c\nc e")


def test_a_fault_inside_the_called_process_is_found_and_shown_on_the_callers_picture():
    locked = (
        CALLED[0].replace("parallelGateway g", "exclusiveGateway g default=g_a"),
        CALLED[1].replace("g b\n", "g b x\n"),
    )
    caller = defined("caller", "startEvent s\ncallActivity c calledElement=countersign\nendEvent e", "s c\nc e")
    (found,) = check_soundness(link(caller, {"countersign": defined("countersign", *locked)}))
    assert (found.code, found.marking) == ("dead_lock", ("c", "c/a_j"))
    assert outermost(found.trail) == {"s", "s_c", "c"}


def test_without_lanes_of_its_own_a_called_process_is_work_of_the_callers_lane():
    lanes = '<laneSet id="ls"><lane id="l" name="岗" yg:role="clerk"><flowNodeRef>c</flowNodeRef></lane></laneSet>'
    xml = bpmn("startEvent s\ncallActivity c calledElement=countersign\nendEvent e", "s c\nc e", lanes=lanes)
    net = compile_net(link(read_bpmn(xml), {"countersign": defined("countersign", *CALLED)}))
    assert net.places["c/a"].role == "clerk"


@pytest.mark.django_db
def test_a_published_caller_keeps_the_called_version_it_was_published_with():
    world = make_world()
    caller, called = lay_out(written("caller", *CALLER)), lay_out(written("countersign", *CALLED))
    with pytest.raises(Malformed, match="不存在"):
        publish_process(caller, by=INSTALLER, at=NOON)
    publish_process(called, by=INSTALLER, at=NOON)
    assert publish_process(caller, by=INSTALLER, at=NOON).version == 1
    case = world.case()
    with act(world, case) as draft:
        begin_process(draft, "caller")
    newer = lay_out(written("countersign", "startEvent s\nuserTask only yg:command=sign\nendEvent e", "s only\nonly e"))
    publish_process(newer, by=INSTALLER, at=NOON)
    # the case runs on as it began; the caller takes the new version when he is published again
    assert waiting(net_of(case), marking_of(case)) == ["b", "c/a", "c/b"]
    assert publish_process(caller, by=INSTALLER, at=NOON).version == 2
    assert waiting(net_of(case), marking_of(case)) == ["b", "c/a", "c/b"]
    with act(world, case) as draft:
        take_step(draft, "sign_b")
    assert dict(WorkItem.objects.filter(case=case).values_list("node", "state"))["c/b"] == "done"
    shown = diagram(case)
    assert (shown.marks["c"], shown.called[0].marks["a"], shown.called[0].marks["b"]) == ("current", "current", "done")
    assert shown.called[0].version == 1
