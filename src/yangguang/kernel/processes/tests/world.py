"""Small process files written in a line or two, and a maker of random well-structured ones."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

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
