"""The picture is well-formed, says in words what it shows, and carries no style of its own."""

import re

import pytest
from lxml import etree

from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.drawing import steps, svg
from yangguang.kernel.processes.layout import draw, lay_out
from yangguang.kernel.processes.routing import segments
from yangguang.kernel.processes.shapes import wrapped
from yangguang.kernel.processes.soundness import check_soundness
from yangguang.kernel.processes.tests.world import bpmn, scope
from yangguang.kernel.processes.vocabulary import Kind, Malformed

SVG = "{http://www.w3.org/2000/svg}"
LANES = (
    '<laneSet id="ls"><lane id="l1" name="窗口"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="l2" name="承办&lt;科&gt;"><flowNodeRef>g</flowNodeRef><flowNodeRef>p</flowNodeRef>'
    "<flowNodeRef>n</flowNodeRef><flowNodeRef>w</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>"
)
NODES = (
    "startEvent s\nuserTask a name=受理&登记\nexclusiveGateway g default=g_p\nsubProcess p name=会审\n"
    "boundaryEvent n attachedToRef=p cancelActivity=false yg:limit=a.b | <timerEventDefinition/>\nserviceTask w\n"
    "endEvent e\nendEvent t | <terminateEventDefinition/>"
)
ARROWS = "s a\na g\ng p\ng a x == 1\np e\nn w\nw t"
INSIDE = {
    "p": scope(
        "startEvent s2\nuserTask i yg:collection=u | <multiInstanceLoopCharacteristics/>\nendEvent e2", "s2 i\ni e2"
    )
}


@pytest.fixture(scope="module")
def definition():
    return read_bpmn(lay_out(bpmn(NODES, ARROWS, INSIDE, LANES)))


def test_the_layout_adds_a_drawing_and_changes_nothing_else(definition):
    plain = read_bpmn(bpmn(NODES, ARROWS, INSIDE, LANES))
    assert not plain.is_drawn
    assert definition.is_drawn
    assert [(n.id, n.kind, n.marks, n.parent) for n in definition.nodes] == [
        (n.id, n.kind, n.marks, n.parent) for n in plain.nodes
    ]
    assert [(f.id, f.source, f.target, f.condition) for f in definition.flows] == [
        (f.id, f.source, f.target, f.condition) for f in plain.flows
    ]
    once = lay_out(bpmn(NODES, ARROWS, INSIDE, LANES))
    assert lay_out(once) == once


def test_boxes_do_not_overlap_and_arrows_do_not_cross_boxes(definition):
    drawing = draw(definition)
    alone = [n for n in definition.nodes if n.kind is not Kind.BOUNDARY]
    for one in alone:
        for other in alone:
            if one.id < other.id and one.parent == other.parent:
                assert not touches(drawing.shapes[one.id], drawing.shapes[other.id])
    for flow in definition.flows:
        scope_nodes = [n for n in alone if n.parent == definition.node(flow.source).parent]
        for node in scope_nodes:
            if node.id not in {flow.source, flow.target, definition.node(flow.source).attached_to}:
                assert not any(touches(line, drawing.shapes[node.id]) for line in segments(drawing.routes[flow.id]))


def touches(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_each_node_lies_in_its_lane_and_inner_nodes_in_their_sub_process(definition):
    lanes = {lane.id: lane.bounds for lane in definition.lanes}
    for node in definition.nodes:
        holder = definition.node(node.parent).bounds if node.parent else lanes.get(node.lane)
        if holder:
            assert holder.x <= node.bounds.x
            assert node.bounds.x + node.bounds.width <= holder.x + holder.width
            assert holder.y <= node.bounds.y


def test_the_picture_is_well_formed_named_and_free_of_style(definition):
    text = svg(definition, done={"a"}, current={"i"}, counts={"i": 12})
    root = etree.fromstring(text.encode())
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "流程"
    assert "受理&登记（已办）" in desc.text
    assert not root.xpath("//@style | //*[local-name()='style' or local-name()='script']")
    assert {node.get("data-node") for node in root.iter(f"{SVG}g") if node.get("data-node")} == {
        node.id for node in definition.nodes
    }


def test_done_and_present_steps_are_told_by_class_word_and_mark(definition):
    root = etree.fromstring(svg(definition, done={"a"}, current={"i"}, counts={"w": 3}).encode())
    groups = {group.get("data-node"): group for group in root.iter(f"{SVG}g") if group.get("data-node")}
    assert "yg-bpmn-done" in groups["a"].get("class")
    assert "yg-bpmn-current" in groups["i"].get("class")
    assert "当前" in "".join(groups["i"].itertext())
    assert groups["w"].find(f"{SVG}title").text.endswith("3 件")
    assert "yg-bpmn-beside" in groups["n"].get("class")


def test_the_english_picture_has_no_chinese_of_ours():
    nodes = "startEvent s yg:name-en=Start\nuserTask a name=受理 yg:name-en=Accept\nendEvent e yg:name-en=End"
    xml = lay_out(bpmn(nodes, "s a\na e").replace('name="流程"'.encode(), 'name="流程" yg:name-en="Process"'.encode()))
    text = svg(read_bpmn(xml), done={"s"}, current={"a"}, counts={"a": 1}, language="en")
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_a_file_without_a_drawing_is_refused():
    with pytest.raises(Malformed, match="图形坐标"):
        svg(read_bpmn(bpmn(NODES, ARROWS, INSIDE, LANES)))


def test_the_list_says_where_each_step_leads(definition):
    told = [(step.number, step.node, [onward.step for onward in step.onward]) for step in steps(definition)]
    assert told == [(1, "a", [2, 1]), (2, "p", [0]), (3, "i", [0]), (4, "n", [5]), (5, "w", [0])]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("受理", ("受理",)),
        ("签收或提出异议并说明理由", ("签收或提出异", "议并说明理由")),
        ("Rule on the objection", ("Rule on the", "objection")),
    ],
)
def test_labels_are_wrapped_into_lines_of_about_equal_length(text, lines):
    assert wrapped(text, 106) == lines


def test_a_counter_example_is_shown_on_the_picture():
    nodes = "startEvent s\nexclusiveGateway g default=g_a\ntask a name=甲\ntask b\nparallelGateway j\nendEvent e"
    definition = read_bpmn(lay_out(bpmn(nodes, "s g\ng a\ng b x == 1\na j\nb j\nj e")))
    (found,) = check_soundness(definition)
    assert (found.code, found.trail, found.marking) == ("dead_lock", ("s", "s_g", "g", "g_a", "a", "a_j"), ("a_j",))
    picture = etree.fromstring(svg(definition, trail=found.trail, stuck=found.marking))
    classes = {one.get("data-node") or one.get("data-flow"): one.get("class") for one in picture.iter("{*}g")}
    assert {place for place, its in classes.items() if "yg-bpmn-trail" in (its or "")} == set(found.trail)
    assert [one.get("data-stuck") for one in picture.iter("{*}g") if one.get("data-stuck")] == ["a_j"]
    assert "甲（经过）" in "".join(picture.itertext())
