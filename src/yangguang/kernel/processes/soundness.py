"""Checks a process before it is published, by walking through every state it can reach.

Conditions are not trusted: at a choice every arrow is tried, at an inclusive split every combination, every awaited
event may come. A finding carries the steps that lead there, so that an author can follow them with a finger.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice

from yangguang.kernel.processes.expressions import compile_expression
from yangguang.kernel.processes.net import Arc, Net, Place, compile_net
from yangguang.kernel.processes.tokens import Marking, Token, Wait, Walk, ready
from yangguang.kernel.processes.vocabulary import Definition, Kind, Node, StepRefused, Trigger, UnsafeExpression

MAX_STATES = 5_000
"""States looked at before the walk gives up and says so."""
MAX_WALKS = 10 * MAX_STATES
"""Steps tried before it does: a state may have many ways on."""


class Severity(StrEnum):
    """An error keeps a process from being published; a warning is shown to the author."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, at which node, and by which steps one gets there (labels from the start on).

    ``trail`` holds the nodes and arrows of that way, ``marking`` the places where the tokens then lie: what a picture
    needs to show the counter-example.
    """

    code: str
    severity: Severity
    node: str
    says: str
    path: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    marking: tuple[str, ...] = ()


def check_soundness(
    definition: Definition,
    roles: Collection[str] | None = None,
    *,
    limits: Collection[str] | None = None,
    max_states: int = MAX_STATES,
) -> tuple[Finding, ...]:
    """All findings on a definition, errors first.

    ``roles`` are the known role codes, ``limits`` the keys of the rulebook that timers may name; None leaves them
    unchecked.
    """
    findings = [*_unsafe_conditions(definition), *_roles(definition, roles), *_limits(definition, limits)]
    if not any(finding.code == "unsafe_condition" for finding in findings):
        findings += _gateways(definition)
    if not any(finding.severity is Severity.ERROR for finding in findings):
        findings += _walked(definition, max_states)
    return tuple(sorted(findings, key=lambda finding: finding.severity is Severity.WARNING))


def is_sound(findings: Collection[Finding]) -> bool:
    """True when nothing forbids publication."""
    return all(finding.severity is Severity.WARNING for finding in findings)


def _error(code: str, node: str, says: str) -> Finding:
    return Finding(code, Severity.ERROR, node, says)


def _label(node: Node | Place) -> str:
    return node.name or f"{node.kind.label}（{node.id}）"


def _unsafe_conditions(definition: Definition) -> Iterator[Finding]:
    for flow in definition.flows:
        if flow.condition:
            try:
                compile_expression(flow.condition)
            except UnsafeExpression as fault:
                yield _error("unsafe_condition", flow.id, f"箭头“{flow.name or flow.id}”：{fault}")


def _roles(definition: Definition, roles: Collection[str] | None) -> Iterator[Finding]:
    for lane in definition.lanes:
        if roles is not None and lane.role not in roles:
            yield _error("unknown_role", lane.id, f"泳道“{lane.name}”的角色“{lane.role}”没有登记")
    for node in definition.nodes:
        if definition.lanes and node.kind is Kind.USER and not node.role:
            yield _error("no_role", node.id, f"环节“{_label(node)}”不在任何泳道内，没有人负责")


def _limits(definition: Definition, limits: Collection[str] | None) -> Iterator[Finding]:
    for node in definition.nodes:
        if limits is not None and node.trigger is Trigger.TIMER and node.reference not in limits:
            yield _error("unknown_limit", node.id, f"“{_label(node)}”的时限“{node.reference}”不在规则库中")


def _gateways(definition: Definition) -> Iterator[Finding]:
    instances = {node.id for node in definition.nodes if node.marks.collection}
    for node in definition.nodes:
        flows = definition.outgoing(node.id)
        if node.kind not in {Kind.EXCLUSIVE, Kind.INCLUSIVE} or not any(flow.condition for flow in flows):
            continue
        asked = [bool(flow.condition and compile_expression(flow.condition).outcome) for flow in flows]
        if not node.default and not all(asked):
            says = f"网关“{_label(node)}”没有默认去向，条件可能都不成立"
            yield Finding("no_default", Severity.WARNING, node.id, says)
        if any(asked) and any(flow.source in instances for flow in definition.incoming(node.id)):
            says = f"网关“{_label(node)}”按办理结果分支，但之前是多实例环节，结果不止一个"
            yield _error("outcome_of_many", node.id, says)


@dataclass
class _Script:
    """A chooser that follows a given list of picks and notes what else could have been picked."""

    picks: list[int]
    options: list[int] = field(default_factory=list)

    def _pick(self, count: int) -> int:
        at = len(self.options)
        self.options.append(count)
        return self.picks[at] if at < len(self.picks) else 0

    def arrows(self, place: Place) -> tuple[Arc, ...]:
        if place.kind is Kind.EXCLUSIVE:
            return (place.out[self._pick(len(place.out))],)
        conditional = [arc for arc in place.out if arc.id != place.default]
        default = tuple(arc for arc in place.out if arc.id == place.default)
        # a pick is a set of arrows written as a number; the last one stands for the default
        sets = 2 ** len(conditional) - 1
        pick = self._pick(sets + len(default))
        return default if pick == sets else tuple(arc for at, arc in enumerate(conditional) if (pick + 1) >> at & 1)

    def instances(self, place: Place) -> int:
        return 2

    def following(self) -> Iterator[list[int]]:
        """The other scripts that agree with this one up to where it began to pick for itself."""
        for at in range(len(self.picks), len(self.options)):
            settled = [*self.picks, *([0] * (at - len(self.picks)))]
            for pick in range(1, self.options[at]):
                yield [*settled, pick]


@dataclass(frozen=True, slots=True)
class _State:
    marking: Marking
    ended: frozenset[str]
    before: str
    step: str
    trail: tuple[str, ...]


@dataclass
class _Exploration:
    """States by their canonical key, the arrows between them, and the nodes that were passed."""

    net: Net
    max_states: int
    states: dict[str, _State] = field(default_factory=dict)
    after: dict[str, set[str]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    complete: bool = True
    walks: int = 0

    def run(self) -> None:
        queue: deque[str] = deque()
        self._branch(Marking(), None, "", "开始", queue)
        while queue and self.complete and not self.findings:
            key = queue.popleft()
            marking = self.states[key].marking
            for wait in _distinct(ready(self.net, marking)):
                if self._may_happen(marking, wait):
                    self._branch(marking, wait, key, wait.name or wait.node, queue)

    def _branch(self, marking: Marking, wait: Wait | None, before: str, step: str, queue: deque[str]) -> None:
        """Take one step in every way the gateways behind it allow."""
        scripts: list[list[int]] = [[]]
        while scripts and self.complete:
            self.walks += 1
            self.complete = self.walks <= MAX_WALKS
            script = _Script(scripts.pop())
            walk = Walk(self.net, marking, script)
            try:
                self._act(walk, wait)
                result = walk.run()
            except (StepRefused, RecursionError):
                lost = _State(Marking(), frozenset(), before, step, _once(walk.trail))
                self._found("endless_loop", wait.node if wait else "", "流程会在没有环节的回路中打转", lost)
                return
            scripts += islice(script.following(), max(MAX_WALKS - self.walks, 0))
            self.passed.update(walk.passed)
            state = _State(result, frozenset(), before, step, _once(walk.trail))
            self._reached(replace(state, ended=self._ended(walk.passed, state)), queue)

    def _act(self, walk: Walk, wait: Wait | None) -> None:
        if wait is None:
            walk.arrive(self.net.starts[""], 0)
        elif wait.trigger:
            walk.catch(wait.token, wait.node)
        else:
            walk.leave(wait.token)

    def _ended(self, passed: list[str], state: _State) -> frozenset[str]:
        """End events reached so far in the scopes still running; the same one twice is an improper completion."""
        ended = set(self.states[state.before].ended) if state.before else set()
        for place in (self.net.places[node] for node in passed):
            if place.kind.is_scope:
                ended = {node for node in ended if self.net.places[node].parent != place.id}
            elif place.kind is Kind.END and place.id not in self.beside:
                if place.id in ended:
                    self._improper(place.id, state)
                ended.add(place.id)
        return frozenset(ended)

    @cached_property
    def beside(self) -> frozenset[str]:
        """Nodes only reached through a non-interrupting event, which may lawfully come more than once."""
        places = self.net.places.values()
        found: set[str] = set()
        for place in places:
            for event in (self.net.places[node] for node in place.boundary):
                if not event.interrupting:
                    found |= _downstream(self.net, event.id) - _downstream(self.net, place.id)
        return frozenset(found)

    def _improper(self, place: str, state: _State) -> None:
        says = f"“{self._place_label(place)}”会同时出现两次：并行的分支没有汇合，流程不能完整结束"
        self._found("improper_completion", place, says, state)

    def _reached(self, state: _State, queue: deque[str]) -> None:
        marking, before = state.marking, state.before
        key = f"{_key(marking)} {' '.join(sorted(state.ended))}" if state.ended else _key(marking)
        if before:
            self.after.setdefault(before, set()).add(key)
        if key in self.states:
            return
        if len(self.states) >= self.max_states:
            self.complete = False
            return
        self.states[key] = state
        queue.append(key)
        doubled = _doubled(marking)
        if doubled:
            self._improper(doubled, state)

    def _may_happen(self, marking: Marking, wait: Wait) -> bool:
        """A non-interrupting event is tried once at a time: again only after its branch has come to rest."""
        if wait.kind is not Kind.BOUNDARY or self.net.places[wait.node].interrupting:
            return True
        host = next(token for token in marking.tokens if token.id == wait.token)
        branch = _downstream(self.net, wait.node) - _downstream(self.net, host.place)
        return not any(token.place in branch and token.scope == host.scope for token in marking.tokens)

    def _place_label(self, place: str) -> str:
        if place in self.net.arcs:
            place = self.net.arcs[place].target
        return _label(self.net.places[place])

    def _way(self, state: _State) -> list[_State]:
        """The states from the start to this one, each with the step that led to it."""
        way = [state]
        while way[-1].before:
            way.append(self.states[way[-1].before])
        return way[::-1]

    def _finding(self, code: str, node: str, says: str, state: _State) -> Finding:
        """A finding with its counter-example: the shortest way there, and where the tokens then lie."""
        way = self._way(state)
        trail = _once(place for one in way for place in one.trail)
        tokens = _once(token.place for token in state.marking.tokens)
        return Finding(code, Severity.ERROR, node, says, tuple(one.step for one in way), trail, tokens)

    def _found(self, code: str, node: str, says: str, state: _State) -> None:
        self.findings.append(self._finding(code, node, says, state))

    def judge(self) -> Iterator[Finding]:
        """Findings over all states once the walk is over."""
        yield from self.findings
        if not self.complete:
            says = f"流程过于复杂，看过 {len(self.states)} 个状态后未能全部检查，不能证明健全"
            yield _error("too_many_states", "", says)
            return
        if self.findings:
            return
        lost = self._without_end()
        stuck = [key for key in lost if not self.after.get(key)]
        for key in stuck[:1]:
            state = self.states[key]
            tokens = state.marking.tokens
            names = "、".join(self._place_label(token.place) for token in tokens)
            yield self._finding("dead_lock", tokens[0].place, f"流程会停在“{names}”，再也走不动", state)
        if lost and not stuck:
            yield self._finding("no_end", "", "从这里起再也到不了结束", self.states[lost[0]])
        if lost:
            return
        for place in self.net.places.values():
            if place.id not in self.passed:
                yield _error("unreachable", place.id, f"“{_label(place)}”永远走不到")

    def _without_end(self) -> list[str]:
        """States from which the end cannot be reached, in the order they were found."""
        back: dict[str, set[str]] = {}
        for key, followers in self.after.items():
            for follower in followers:
                back.setdefault(follower, set()).add(key)
        edge = [key for key, state in self.states.items() if state.marking.finished]
        good = set(edge)
        while edge:
            for before in back.get(edge.pop(), ()):
                if before not in good:
                    good.add(before)
                    edge.append(before)
        return [key for key in self.states if key not in good]


def _once(places: Iterable[str]) -> tuple[str, ...]:
    """The places in order, each once."""
    return tuple(dict.fromkeys(places))


def _walked(definition: Definition, max_states: int) -> Iterator[Finding]:
    exploration = _Exploration(compile_net(definition), max_states)
    exploration.run()
    yield from exploration.judge()


def _distinct(waits: tuple[Wait, ...]) -> Iterator[Wait]:
    """One of each group of equal instances of a multi-instance step is enough."""
    seen: set[str] = set()
    for wait in waits:
        if wait.index < 0 or wait.node not in seen:
            yield wait
        if wait.index >= 0:
            seen.add(wait.node)


def _key(marking: Marking) -> str:
    """A name of the marking that forgets token numbers."""
    inside: dict[int, list[Token]] = {}
    for token in marking.tokens:
        inside.setdefault(token.scope, []).append(token)

    def write(scope: int) -> str:
        return "(" + " ".join(sorted(token.place + write(token.id) for token in inside.get(scope, ()))) + ")"

    return write(0)


def _doubled(marking: Marking) -> str:
    """A place that two tokens of one scope occupy, instances aside; empty where there is none."""
    counts = Counter((token.scope, token.place) for token in marking.tokens if token.index < 0)
    return next((place for (_, place), count in counts.items() if count > 1), "")


def _downstream(net: Net, node: str) -> set[str]:
    """Nodes and arrows that can be reached from a node by its arrows."""
    seen: set[str] = set()
    edge = [node]
    while edge:
        for arc in net.places[edge.pop()].out:
            seen.add(arc.id)
            if arc.target not in seen:
                seen.add(arc.target)
                edge.append(arc.target)
    return seen
