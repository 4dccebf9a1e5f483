"""Small process files written in a line or two, and a maker of random well-structured ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.net import Net, compile_net
from yangguang.kernel.processes.tokens import Marking, ready

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yg="urn:yangguang:bpmn:1"'
    ' targetNamespace="urn:test">'
)
EVENTS = '<message id="m1" name="补正到达"/><signal id="s1" name="撤回"/>'


def scope(nodes: str, arrows: str, inside: dict[str, str] | None = None) -> str:
    """Elements of one scope. A node line is ``tag id attributes | body``, an arrow line ``from to condition``."""
    parts = []
    for line in filter(None, map(str.strip, nodes.splitlines())):
        head, _, body = line.partition("|")
        tag, identity, *attributes = head.split()
        pairs = (attribute.split("=", 1) for attribute in attributes)
        written = "".join(f" {name}={quoteattr(value)}" for name, value in pairs)
        body += (inside or {}).get(identity, "")
        parts.append(f'<{tag} id="{identity}"{written}>{body}</{tag}>')
    for line in filter(None, map(str.strip, arrows.splitlines())):
        source, target, *condition = line.split(maxsplit=2)
        body = f"<conditionExpression>{escape(condition[0])}</conditionExpression>" if condition else ""
        parts.append(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>'
        )
    return "\n".join(parts)


def bpmn(nodes: str, arrows: str, inside: dict[str, str] | None = None, lanes: str = "") -> bytes:
    """A whole file around one scope, with a message and a signal to refer to."""
    body = scope(nodes, arrows, inside)
    return (
        f'{HEAD}{EVENTS}<process id="p" name="流程" isExecutable="true">{lanes}{body}</process></definitions>'.encode()
    )


def net(nodes: str, arrows: str, inside: dict[str, str] | None = None) -> Net:
    """The compiled net of such a file."""
    return compile_net(read_bpmn(bpmn(nodes, arrows, inside)))


def waiting(compiled: Net, marking: Marking) -> list[str]:
    """Sorted ids of the nodes a case waits at."""
    return sorted(wait.node for wait in ready(compiled, marking))


def token(compiled: Net, marking: Marking, node: str) -> int:
    """Number of the token that waits at a node."""
    return next(wait.token for wait in ready(compiled, marking) if wait.node == node)


@dataclass
class Sketch:
    """Collects nodes and arrows while a random process is drawn from inside to outside."""

    nodes: list[str] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def add(self, tag: str, attributes: str = "") -> str:
        """A new node of its own id."""
        self.count += 1
        identity = f"n{self.count}"
        self.nodes.append(f"{tag} {identity} {attributes}")
        return identity

    def arrow(self, source: str, target: str, condition: str = "") -> None:
        """A new arrow."""
        self.arrows.append(f"{source} {target} {condition}")


_SPLITS = st.sampled_from(["sequence", "exclusive", "parallel", "inclusive"])


def _blocks(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(
        st.tuples(_SPLITS, st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.sampled_from(["loop", "sub"]), st.lists(inner, min_size=1, max_size=1)),
    )


BLOCKS = _blocks(st.recursive(st.just("task"), _blocks, max_leaves=8))
GATEWAYS = {"exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway"}


def draw_block(sketch: Sketch, block: Any, names: list[str]) -> tuple[str, str]:
    """Add one block; first and last node of it. Conditions read the boolean facts b1…b3 in turn."""
    match block:
        case (("exclusive" | "parallel" | "inclusive") as kind, parts):
            return _branches(sketch, kind, parts, names)
        case ("sequence", parts):
            ends = [draw_block(sketch, part, names) for part in parts]
            for before, after in zip(ends, ends[1:], strict=False):
                sketch.arrow(before[1], after[0])
            return ends[0][0], ends[-1][1]
        case ("loop", [part]):
            return _loop(sketch, part, names)
        case ("sub", [part]):
            return _sub(sketch, part, names)
    task = sketch.add("userTask")
    return task, task


def _branches(sketch: Sketch, kind: str, parts: Sequence[object], names: list[str]) -> tuple[str, str]:
    ends = [draw_block(sketch, part, names) for part in parts]
    split_id = f"n{sketch.count + 1}"
    default = "" if kind == "parallel" else f"default={split_id}_{ends[0][0]}"
    split = sketch.add(GATEWAYS[kind], default)
    join = sketch.add(GATEWAYS[kind])
    for at, (first, last) in enumerate(ends):
        names.append(f"b{len(names) % 3 + 1}")
        sketch.arrow(split, first, "" if kind == "parallel" or at == 0 else names[-1])
        sketch.arrow(last, join)
    return split, join


def _loop(sketch: Sketch, part: object, names: list[str]) -> tuple[str, str]:
    merge = sketch.add("exclusiveGateway")
    first, last = draw_block(sketch, part, names)
    asked = sketch.add("userTask")
    choice_id, after = f"n{sketch.count + 1}", f"n{sketch.count + 2}"
    sketch.add("exclusiveGateway", f"default={choice_id}_{after}")
    sketch.add("userTask")
    sketch.arrow(merge, first)
    sketch.arrow(last, asked)
    sketch.arrow(asked, choice_id)
    sketch.arrow(choice_id, merge, 'answer == "again"')
    sketch.arrow(choice_id, after)
    return merge, after


def _sub(sketch: Sketch, part: object, names: list[str]) -> tuple[str, str]:
    inner = Sketch(count=sketch.count + 1)
    start = inner.add("startEvent")
    first, last = draw_block(inner, part, names)
    end = inner.add("endEvent")
    inner.arrow(start, first)
    inner.arrow(last, end)
    sketch.nodes.append(f"subProcess n{sketch.count + 1}")
    identity = f"n{sketch.count + 1}"
    sketch.inside[identity] = scope("\n".join(inner.nodes), "\n".join(inner.arrows), inner.inside)
    sketch.count = inner.count
    return identity, identity


def random_process(block: object) -> bytes:
    """The file of a random block between a start and an end."""
    sketch = Sketch()
    start = sketch.add("startEvent")
    first, last = draw_block(sketch, block, [])
    end = sketch.add("endEvent")
    sketch.arrow(start, first)
    sketch.arrow(last, end)
    return bpmn("\n".join(sketch.nodes), "\n".join(sketch.arrows), sketch.inside)
