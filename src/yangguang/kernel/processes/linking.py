"""Joins the processes that a file calls to it: what is called runs inside the caller, as a sub-process would.

Each step of the called file gets the id ``call/step``, so that a row of work, a finding and a picture can say in
which call it stands. The files are joined when the caller is published; their hashes are kept with it, and a later
version of a called file changes nothing for the caller until he is published again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from yangguang.kernel.processes.bpmn import MAX_ID, MAX_NODES
from yangguang.kernel.processes.vocabulary import Definition, Flow, Kind, Malformed, Node

MAX_DEPTH = 4
"""How deep processes may call processes."""
BETWEEN = "/"
"""Stands between the id of a call and the id of a step in the process it calls."""


def called_keys(definition: Definition) -> tuple[str, ...]:
    """Keys of the processes a file calls, each once, in file order."""
    return tuple(dict.fromkeys(node.reference for node in definition.nodes if node.kind is Kind.CALL))


def link(definition: Definition, library: Mapping[str, Definition]) -> Definition:
    """The definition with the processes it calls joined to it; Malformed where one is unknown or calls in a circle."""
    return _linked(definition, library, (definition.key,))


def outermost(places: Iterable[str]) -> frozenset[str]:
    """The nodes and arrows of the caller's own picture in which these lie."""
    return frozenset(place.partition(BETWEEN)[0] for place in places)


def _linked(definition: Definition, library: Mapping[str, Definition], above: tuple[str, ...]) -> Definition:
    nodes, flows, calls = list(definition.nodes), list(definition.flows), dict(definition.calls)
    for call in (node for node in definition.nodes if node.kind is Kind.CALL):
        key, place = call.reference, f"元素 {call.id}，第 {call.line} 行"
        if key not in library:
            raise Malformed(f"被调用的流程“{key}”不存在", cite=place, remedy="请先发布被调用的流程。")
        if key in above or len(above) >= MAX_DEPTH:
            raise Malformed(f"流程互相调用：{' → '.join((*above, key))}", cite=place, remedy="请改为不成环的调用。")
        inner = _linked(library[key], library, (*above, key))
        calls |= {key: inner.sha256, **inner.calls}
        nodes += (_inside(node, call) for node in inner.nodes)
        flows += (_arrow_inside(flow, call) for flow in inner.flows)
    if len(nodes) > MAX_NODES:
        raise Malformed(f"连同被调用的流程，节点超过 {MAX_NODES} 个", cite=definition.key, remedy="请拆分流程。")
    for identity in (*(node.id for node in nodes), *(flow.id for flow in flows)):
        if len(identity) > MAX_ID:
            raise Malformed(f"调用后的编号超过 {MAX_ID} 个字符", cite=identity, remedy="请改短编号。")
    return replace(definition, nodes=tuple(nodes), flows=tuple(flows), calls=calls)


def _inside(node: Node, call: Node) -> Node:
    """A step of the called file; where its file names no role, the caller's lane acts."""
    prefix = call.id + BETWEEN
    return replace(
        node,
        id=prefix + node.id,
        parent=prefix + node.parent if node.parent else call.id,
        default=prefix + node.default if node.default else "",
        attached_to=prefix + node.attached_to if node.attached_to else "",
        role=node.role or call.role,
        lane="",
    )


def _arrow_inside(flow: Flow, call: Node) -> Flow:
    prefix = call.id + BETWEEN
    return replace(flow, id=prefix + flow.id, source=prefix + flow.source, target=prefix + flow.target)
