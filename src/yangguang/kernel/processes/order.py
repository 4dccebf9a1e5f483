"""The order in which a process is read: which step comes after which, arrows that lead back left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yangguang.kernel.processes.vocabulary import Definition, Kind, Node


def ranks_of(definition: Definition, nodes: Iterable[Node]) -> dict[str, int]:
    """Rank of each of these nodes of one scope: the length of the longest way to it, beginning with 0.

    What hangs on a boundary event comes after the step the event sits on; boundary events themselves have no rank.
    """
    ordered = sorted(nodes, key=lambda node: node.kind is not Kind.START)
    after = _followers(definition, [node.id for node in ordered])
    walk = _Walk(after)
    for node in after:
        walk.visit(node)
    ranks = dict.fromkeys(after, 0)
    for source in reversed(walk.order):
        for target in after[source]:
            if (source, target) not in walk.back:
                ranks[target] = max(ranks[target], ranks[source] + 1)
    return ranks


def _followers(definition: Definition, nodes: list[str]) -> dict[str, list[str]]:
    hosts = {node.id: node.attached_to or node.id for node in definition.nodes}
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for flow in definition.flows:
        if flow.target in after and hosts[flow.source] in after:
            after[hosts[flow.source]].append(flow.target)
    return after


class _Walk:
    """Depth first; ``back`` holds the arrows that close a circle, ``order`` the nodes from last to first."""

    def __init__(self, after: Mapping[str, list[str]]) -> None:
        self.after = after
        self.order: list[str] = []
        self.back: set[tuple[str, str]] = set()
        self._open: set[str] = set()
        self._closed: set[str] = set()

    def visit(self, node: str) -> None:
        """Walk all that follows a node, once."""
        if node in self._closed:
            return
        self._open.add(node)
        for following in self.after[node]:
            if following in self._open:
                self.back.add((node, following))
            else:
                self.visit(following)
        self._open.discard(node)
        self._closed.add(node)
        self.order.append(node)
