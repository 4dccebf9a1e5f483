"""Reads a BPMN 2.0 file into a :class:`Definition`, and refuses by name whatever lies outside the subset.

Every child element and every attribute of our own is looked at: what is not known is an error with its line, never
silently skipped, because the published picture must be the process that runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from yangguang.kernel.processes.vocabulary import (
    NAMESPACE,
    Bounds,
    Definition,
    Flow,
    Kind,
    Lane,
    Malformed,
    Marks,
    Node,
    Point,
    Trigger,
    Unsupported,
)

MAX_BYTES = 2_000_000
"""Size a process file may have."""
MAX_NODES = 500
"""Nodes a process may have."""
MAX_ID = 80
"""Characters an id may have: it is kept in each row of work."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

_KINDS = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "manualTask": Kind.MANUAL,
    "serviceTask": Kind.SERVICE,
    "task": Kind.TASK,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "intermediateCatchEvent": Kind.CATCH,
    "boundaryEvent": Kind.BOUNDARY,
    "subProcess": Kind.SUBPROCESS,
    "callActivity": Kind.CALL,
}
_TRIGGERS = {
    "messageEventDefinition": Trigger.MESSAGE,
    "signalEventDefinition": Trigger.SIGNAL,
    "timerEventDefinition": Trigger.TIMER,
}
_SILENT = frozenset({"incoming", "outgoing", "documentation", "extensionElements"})
_NODE_MARKS = frozenset({"limit", "command", "capability", "document", "state", "risk", "collection", "name-en"})
_FLOW_MARKS = frozenset({"outcome", "command", "capability", "limit", "name-en"})
_LANE_MARKS = frozenset({"role", "name-en"})


def read_bpmn(xml: bytes) -> Definition:
    """Read one process file; Malformed or Unsupported with element and line where it cannot be promised to run."""
    root = parse_xml(xml)
    if root.tag != f"{{{BPMN}}}definitions":
        raise Malformed("这不是 BPMN 2.0 流程文件", remedy="请从建模工具导出 BPMN 2.0 XML。")
    reader = _Reader(root)
    definition = reader.definition(hashlib.sha256(xml).hexdigest())
    _check_ties(definition)
    return definition


def parse_xml(xml: bytes) -> etree._Element:
    """The root element, read without entities, document types, network or oversized trees."""
    if len(xml) > MAX_BYTES:
        raise Malformed(f"流程文件超过 {MAX_BYTES // 1000} KB", remedy="请拆分流程。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as fault:
        raise Malformed("流程文件不是完整的 XML", cite=f"第 {fault.lineno} 行") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("流程文件不得带有文档类型声明（DOCTYPE）", remedy="请删去该声明。")
    return root


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace."""
    return str(etree.QName(element).localname)


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """BPMN children with their local names; anything of another namespace is refused."""
    for child in element:
        if etree.QName(child).namespace != BPMN:
            raise _unsupported(child)
        yield local_name(child), child


def line_of(element: etree._Element) -> int:
    """Line of the file an element starts on; 0 where unknown."""
    return cast(int, element.sourceline or 0)


def _unsupported(element: etree._Element, what: str = "", remedy: str = "") -> Unsupported:
    holder = element if element.get("id") else element.getparent()
    identity = (holder.get("id") if holder is not None else None) or ""
    return Unsupported(what or local_name(element), identity, line_of(element), remedy=remedy)


def _identity(element: etree._Element) -> str:
    identity = str(element.get("id") or "")
    if not identity:
        raise Malformed(f"元素“{local_name(element)}”没有编号", cite=f"第 {line_of(element)} 行")
    if len(identity) > MAX_ID:
        raise Malformed(f"编号超过 {MAX_ID} 个字符", cite=f"第 {line_of(element)} 行", remedy="请改短编号。")
    return identity


def _marks(element: etree._Element, allowed: frozenset[str]) -> dict[str, str]:
    """Our own attributes of an element; an unknown one is refused, so that a typing slip cannot go unseen."""
    marks: dict[str, str] = {}
    for name, value in element.attrib.items():
        tag = etree.QName(str(name))
        if tag.namespace != NAMESPACE:
            continue
        if tag.localname not in allowed:
            raise _unsupported(element, f"yg:{tag.localname}", "请核对属性名称。")
        marks[tag.localname] = str(value).strip()
    return marks


@dataclass
class _Reader:
    """Walks one file; the drawing and the named messages are collected first."""

    root: etree._Element
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    lane_of: dict[str, Lane] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)

    def definition(self, sha256: str) -> Definition:
        process, pool_id = self._process()
        self._drawing()
        for name, lane_set in children(process):
            if name == "laneSet":
                self._lanes(lane_set)
        self._scope(process, "")
        if len(self.nodes) > MAX_NODES:
            raise Malformed(f"流程节点超过 {MAX_NODES} 个", remedy="请拆分流程。")
        return Definition(
            key=_identity(process),
            name=process.get("name") or _identity(process),
            name_en=_marks(process, frozenset({"name-en"})).get("name-en", ""),
            nodes=tuple(self.nodes),
            flows=tuple(self.flows),
            lanes=tuple(self.lanes),
            sha256=sha256,
            pool=self.shapes.get(pool_id),
        )

    def _process(self) -> tuple[etree._Element, str]:
        processes: list[etree._Element] = []
        pool_id = ""
        for child in self.root:
            name = local_name(child)
            if name == "process":
                processes.append(child)
            elif name in {"message", "signal"}:
                self.names[_identity(child)] = child.get("name") or _identity(child)
            elif name == "collaboration":
                pool_id = self._pool(child)
            elif name not in {"BPMNDiagram", "extensionElements", "documentation"}:
                raise _unsupported(child)
        if len(processes) != 1:
            raise Malformed(f"一个文件只能有一个流程，此文件有 {len(processes)} 个", remedy="请分成几个文件。")
        return processes[0], pool_id

    def _pool(self, collaboration: etree._Element) -> str:
        participants = []
        for name, child in children(collaboration):
            if name != "participant":
                raise _unsupported(child)
            participants.append(_identity(child))
        if len(participants) > 1:
            raise _unsupported(collaboration, "多个泳池", "请只保留一个泳池，以泳道区分角色。")
        return participants[0] if participants else ""

    def _drawing(self) -> None:
        for shape in self.root.iter(f"{{{BPMNDI}}}BPMNShape"):
            box = shape.find(f"{{{DC}}}Bounds")
            if box is not None:
                self.shapes[shape.get("bpmnElement") or ""] = _box(box)
        for edge in self.root.iter(f"{{{BPMNDI}}}BPMNEdge"):
            points = (Point(_measure(p, "x"), _measure(p, "y")) for p in edge.iter(f"{{{DI}}}waypoint"))
            self.edges[edge.get("bpmnElement") or ""] = tuple(points)
        for label in self.root.iter(f"{{{BPMNDI}}}BPMNLabel"):
            holder, box = label.getparent(), label.find(f"{{{DC}}}Bounds")
            if holder is not None and box is not None:
                self.labels[holder.get("bpmnElement") or ""] = _box(box)

    def _lanes(self, lane_set: etree._Element) -> None:
        for name, element in children(lane_set):
            if name != "lane":
                raise _unsupported(element)
            members = []
            for part, child in children(element):
                if part == "flowNodeRef":
                    members.append((child.text or "").strip())
                elif part not in _SILENT:
                    raise _unsupported(child)
            marks = _marks(element, _LANE_MARKS)
            title = element.get("name") or _identity(element)
            lane = Lane(
                id=_identity(element),
                name=title,
                name_en=marks.get("name-en", ""),
                role=marks.get("role", title),
                nodes=tuple(members),
                line=line_of(element),
                bounds=self.shapes.get(_identity(element)),
            )
            self.lanes.append(lane)
            for member in members:
                if self.lane_of.setdefault(member, lane) is not lane:
                    raise Malformed(f"元素 {member} 同时列在两条泳道", cite=f"第 {lane.line} 行")

    def _scope(self, scope: etree._Element, parent: str) -> None:
        for name, element in children(scope):
            if name in _KINDS:
                self.nodes.append(self._node(element, _KINDS[name], parent))
                if _KINDS[name] is Kind.SUBPROCESS:
                    self._scope(element, _identity(element))
            elif name == "sequenceFlow":
                self.flows.append(self._flow(element))
            elif name not in _SILENT and not (name == "laneSet" and not parent):
                raise _unsupported(element)

    def _flow(self, element: etree._Element) -> Flow:
        condition = ""
        for name, child in children(element):
            if name == "conditionExpression":
                condition = (child.text or "").strip()
            elif name not in _SILENT:
                raise _unsupported(child)
        marks = _marks(element, _FLOW_MARKS)
        return Flow(
            id=_identity(element),
            source=element.get("sourceRef") or "",
            target=element.get("targetRef") or "",
            line=line_of(element),
            name=element.get("name") or "",
            name_en=marks.get("name-en", ""),
            condition=condition,
            outcome=marks.get("outcome", ""),
            command=marks.get("command", ""),
            capability=marks.get("capability", ""),
            limit=marks.get("limit", ""),
            points=self.edges.get(_identity(element), ()),
            label=self.labels.get(_identity(element)),
        )

    def _node(self, element: etree._Element, kind: Kind, parent: str) -> Node:
        for attribute in ("isForCompensation", "triggeredByEvent"):
            if element.get(attribute) == "true":
                raise _unsupported(element, attribute)
        identity = _identity(element)
        marks = _marks(element, _NODE_MARKS)
        name_en = marks.pop("name-en", "")
        trigger, reference, terminates = self._event(element, kind, marks)
        lane = self.lane_of.get(identity) or (self.lane_of.get(parent) if parent else None)
        return Node(
            id=identity,
            kind=Kind.TERMINATE if terminates else kind,
            line=line_of(element),
            name=element.get("name") or "",
            name_en=name_en,
            parent=parent,
            lane=lane.id if lane else "",
            role=lane.role if lane else "",
            default=element.get("default") or "",
            trigger=trigger,
            reference=reference,
            attached_to=element.get("attachedToRef") or "",
            interrupting=element.get("cancelActivity", "true") != "false",
            marks=Marks(**marks),
            bounds=self.shapes.get(identity),
            label=self.labels.get(identity),
        )

    def _event(self, element: etree._Element, kind: Kind, marks: Mapping[str, str]) -> tuple[Trigger | None, str, bool]:
        """Trigger, reference and whether it terminates, after refusing every child that is not promised."""
        trigger, reference, terminates = None, "", False
        for name, child in children(element):
            catching = kind in {Kind.CATCH, Kind.BOUNDARY}
            if catching and name in _TRIGGERS and trigger is None:
                trigger = _TRIGGERS[name]
                reference = self._reference(child, trigger, marks)
            elif name == "terminateEventDefinition" and kind is Kind.END:
                terminates = True
            elif name == "multiInstanceLoopCharacteristics" and kind is Kind.USER:
                _check_instances(child, marks)
            elif not (name in _SILENT or kind is Kind.SUBPROCESS):
                raise _unsupported(child)
        if kind in {Kind.CATCH, Kind.BOUNDARY} and trigger is None:
            raise _unsupported(element, f"{local_name(element)} 未写明消息、信号或时限")
        if kind is Kind.CALL:
            reference = _called(element)
        if marks.get("collection") and element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is None:
            raise Malformed("写有 yg:collection 的环节须为多实例", cite=f"元素 {_identity(element)}")
        return trigger, reference, terminates

    def _reference(self, element: etree._Element, trigger: Trigger, marks: Mapping[str, str]) -> str:
        if trigger is Trigger.TIMER:
            if any(True for _ in children(element)) or not marks.get("limit"):
                raise _unsupported(element, remedy="时限以 yg:limit 引用规则库，按工作日历计算，不写时钟时长。")
            return marks["limit"]
        identity = element.get(f"{trigger}Ref") or ""
        if identity not in self.names:
            raise Malformed(f"事件引用的{trigger}“{identity}”不存在", cite=f"第 {line_of(element)} 行")
        return self.names[identity]


def _box(element: etree._Element) -> Bounds:
    x, y, width, height = (_measure(element, name) for name in Bounds._fields)
    return Bounds(x, y, width, height)


def _measure(element: etree._Element, name: str) -> float:
    try:
        return float(element.get(name) or "0")
    except ValueError as fault:
        raise Malformed("图形坐标不是数", cite=f"第 {line_of(element)} 行") from fault


def _called(element: etree._Element) -> str:
    called = (element.get("calledElement") or "").strip()
    if not called:
        raise Malformed(
            "调用流程的环节没有写明被调用的流程", cite=f"元素 {_identity(element)}，第 {line_of(element)} 行"
        )
    return called


def _check_instances(element: etree._Element, marks: Mapping[str, str]) -> None:
    if element.get("isSequential") == "true":
        raise _unsupported(element, "顺序多实例")
    for _, child in children(element):
        raise _unsupported(child, remedy="实例清单用 yg:collection 写明事实名称。")
    if not marks.get("collection"):
        raise _unsupported(element, "未写 yg:collection 的多实例")


def _check_ties(definition: Definition) -> None:
    """Arrows join known nodes of one scope; boundary events sit on work; defaults are arrows of their gateway."""
    nodes: dict[str, Node] = {}
    for node in definition.nodes:
        if node.id in nodes:
            raise Malformed(f"编号 {node.id} 重复", cite=f"第 {node.line} 行")
        nodes[node.id] = node
    for flow in definition.flows:
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is None or target is None or source.parent != target.parent:
            raise Malformed("箭头两端须是同一范围内的节点", cite=f"元素 {flow.id}，第 {flow.line} 行")
        if target.kind in {Kind.START, Kind.BOUNDARY} or source.kind in {Kind.END, Kind.TERMINATE}:
            raise Malformed("箭头方向不对", cite=f"元素 {flow.id}，第 {flow.line} 行")
    for lane in definition.lanes:
        for member in lane.nodes:
            if member not in nodes:
                raise Malformed(f"泳道“{lane.name}”列有不存在的元素 {member}", cite=f"第 {lane.line} 行")
    for node in definition.nodes:
        _check_node(definition, node, nodes)


def _check_node(definition: Definition, node: Node, nodes: Mapping[str, Node]) -> None:
    place = f"元素 {node.id}，第 {node.line} 行"
    outgoing = definition.outgoing(node.id)
    if node.kind is Kind.BOUNDARY:
        host = nodes.get(node.attached_to)
        if host is None or host.parent != node.parent or not (host.kind.is_task or host.kind.is_scope):
            raise Malformed("附加事件须附在同一范围的环节或子流程上", cite=place)
    if node.default and node.default not in {flow.id for flow in outgoing}:
        raise Malformed("默认箭头不是从此节点出发", cite=place)
    if not node.kind.is_gateway and len(outgoing) > 1:
        raise Unsupported("无网关的分支", node.id, node.line, remedy="请用网关表示分支。")
    choosing = node.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE}
    for flow in outgoing:
        if flow.condition and (not choosing or flow.id == node.default):
            raise Unsupported("此处的条件", flow.id, flow.line, remedy="条件只写在择一或条件并行网关的非默认箭头上。")
        if choosing and len(outgoing) > 1 and not flow.condition and flow.id != node.default:
            raise Malformed("分支箭头既无条件也非默认", cite=f"元素 {flow.id}，第 {flow.line} 行")
