"""What a process file may hold, and that everything else is refused by name, with element and line."""

import pytest

from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.tests.world import EVENTS, HEAD, bpmn, scope
from yangguang.kernel.processes.vocabulary import Kind, Malformed, Trigger, Unsupported

LINE = ("startEvent s\nuserTask a {}\nendEvent e", "s a\na e")


def with_task(attributes="", body=""):
    nodes, arrows = LINE
    return bpmn(nodes.replace("{}", attributes) if not body else nodes.replace("{}", f"{attributes} | {body}"), arrows)


@pytest.mark.parametrize(
    ("element", "named"),
    [
        ("<scriptTask id='x'/>", "scriptTask"),
        ("<businessRuleTask id='x'/>", "businessRuleTask"),
        ("<eventBasedGateway id='x'/>", "eventBasedGateway"),
        ("<complexGateway id='x'/>", "complexGateway"),
        ("<intermediateThrowEvent id='x'/>", "intermediateThrowEvent"),
        ("<dataObject id='x'/>", "dataObject"),
        ("<startEvent id='x'><timerEventDefinition/></startEvent>", "timerEventDefinition"),
        ("<endEvent id='x'><errorEventDefinition/></endEvent>", "errorEventDefinition"),
        ("<task id='x'><standardLoopCharacteristics/></task>", "standardLoopCharacteristics"),
        ("<subProcess id='x' triggeredByEvent='true'/>", "triggeredByEvent"),
        ("<userTask id='x' yg:comand='a'/>", "yg:comand"),
        ("<intermediateCatchEvent id='x'/>", "intermediateCatchEvent 未写明消息、信号或时限"),
        ("<userTask id='x'><multiInstanceLoopCharacteristics isSequential='true'/></userTask>", "顺序多实例"),
        ("<other xmlns='urn:other' id='x'/>", "other"),
    ],
)
def test_an_element_outside_the_subset_is_refused_by_name_id_and_line(element, named):
    xml = f"{HEAD}\n<process id='p'>\n\n{element}</process></definitions>".encode()
    with pytest.raises(Unsupported) as refused:
        read_bpmn(xml)
    assert (refused.value.element, refused.value.element_id, refused.value.line) == (named, "x", 4)


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (b"<not xml", "XML"),
        (b"<a/>", "BPMN"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]>' + with_task(), "DOCTYPE"),
        (b" " * 2_000_001, "KB"),
        (HEAD.encode() + b"</definitions>", "0 个"),
        (bpmn("startEvent s\nuserTask s", ""), "重复"),
        (bpmn("startEvent s", "s nowhere"), "两端"),
        (bpmn("startEvent s\nuserTask a", "a s"), "方向"),
        (bpmn("startEvent s\nuserTask a default=other", "s a"), "默认箭头"),
        (bpmn("startEvent s\nexclusiveGateway g\ntask a\ntask b", "s g\ng a\ng b x == 1"), "既无条件也非默认"),
        (bpmn("startEvent s\nboundaryEvent b attachedToRef=s yg:limit=a.b | <timerEventDefinition/>", ""), "附在"),
        (with_task("yg:collection=单位"), "多实例"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(xml, says):
    with pytest.raises((Malformed, Unsupported), match=says):
        read_bpmn(xml)


def test_entities_are_never_expanded_from_outside(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    with pytest.raises(Malformed):
        read_bpmn(doctype + with_task("name=&x;"))


def test_a_branch_without_a_gateway_and_a_condition_on_a_plain_arrow_are_refused():
    with pytest.raises(Unsupported, match="无网关的分支"):
        read_bpmn(bpmn("startEvent s\ntask a\ntask b\ntask c", "s a\na b\na c"))
    with pytest.raises(Unsupported, match="此处的条件"):
        read_bpmn(bpmn("startEvent s\ntask a", "s a 金额 > 3"))


def test_a_timer_counts_by_the_rulebook_and_never_by_the_wall_clock():
    wall = "<timerEventDefinition><timeDuration>PT5D</timeDuration></timerEventDefinition>"
    nodes = "startEvent s\nintermediateCatchEvent t {} | {}\nendEvent e"
    with pytest.raises(Unsupported, match="timerEventDefinition"):
        read_bpmn(bpmn(nodes.format("yg:limit=a.b", wall), "s t\nt e"))
    definition = read_bpmn(bpmn(nodes.format("yg:limit=a.b", "<timerEventDefinition/>"), "s t\nt e"))
    assert (definition.node("t").trigger, definition.node("t").reference) == (Trigger.TIMER, "a.b")


def test_lanes_give_roles_and_our_own_marks_are_read():
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="承办单位" yg:role="handling_unit"><flowNodeRef>a</flowNodeRef>'
        '<flowNodeRef>sub</flowNodeRef></lane><lane id="l2" name="领导"/></laneSet>'
    )
    inside = {"sub": scope("startEvent s2\nuserTask b\nendEvent e2", "s2 b\nb e2")}
    nodes = (
        "startEvent s\nuserTask a yg:limit=duty.sign yg:state=dispatched yg:name-en=Sign\nsubProcess sub\nendEvent e"
    )
    definition = read_bpmn(bpmn(nodes, "s a\na sub\nsub e", inside, lanes))
    task = definition.node("a")
    assert (task.kind, task.role, task.name_en) == (Kind.USER, "handling_unit", "Sign")
    assert (task.marks.limit, task.marks.state) == ("duty.sign", "dispatched")
    assert definition.node("b").role == "handling_unit"
    assert [lane.role for lane in definition.lanes] == ["handling_unit", "领导"]


def test_messages_and_signals_are_known_by_their_names():
    nodes = "startEvent s\nintermediateCatchEvent c | <messageEventDefinition messageRef='m1'/>\nendEvent e"
    assert read_bpmn(bpmn(nodes, "s c\nc e")).node("c").reference == "补正到达"
    with pytest.raises(Malformed, match="不存在"):
        read_bpmn(bpmn(nodes, "s c\nc e").replace(EVENTS.encode(), b""))
