"""Runs a process as tokens: an immutable marking, and the few acts that change it.

A token lies either on a node (work, a wait, a running sub-process) or on an arrow (waiting for a join). A token with a
``scope`` lies inside the token of that number: a sub-process, or the host of the instances of a multi-instance task.
The same net, marking and facts always give the same marking. Facts are passed in by the caller and never kept here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from yangguang.kernel.processes.expressions import compile_expression
from yangguang.kernel.processes.net import Arc, Choice, Net, Place, choices
from yangguang.kernel.processes.vocabulary import ExpressionFault, Kind, Marks, StepRefused, Trigger

MAX_MOVES = 5_000
"""Automatic moves one act may cause; more means arrows that go round without work."""
MAX_INSTANCES = 2_000
"""Instances one multi-instance step may open."""

Facts = Mapping[str, Any]
_AUTOMATIC = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.START, Kind.BOUNDARY})


@dataclass(frozen=True, slots=True)
class Token:
    """One row: ``place`` is a node or an arrow, ``scope`` the token it lies in (0 is the case), ``index`` its
    number among the instances of a multi-instance task (else -1)."""

    id: int
    place: str
    scope: int = 0
    index: int = -1


@dataclass(frozen=True, slots=True)
class Marking:
    """Where a case stands. Empty of tokens: finished. ``next`` is the number of the next token."""

    tokens: tuple[Token, ...] = ()
    next: int = 1
    #: nodes gone through by the act that led here, in order; no part of the marking itself
    passed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def finished(self) -> bool:
        """True when nothing is left to do."""
        return not self.tokens

    def as_json(self) -> dict[str, Any]:
        """The marking as plain JSON values, one list a token."""
        return {"next": self.next, "tokens": [[t.id, t.place, t.scope, t.index] for t in self.tokens]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The marking again from :meth:`as_json`."""
        return cls(tuple(Token(*row) for row in data["tokens"]), data["next"])


@dataclass(frozen=True, slots=True)
class Wait:
    """Something a case waits for: work to be done, or an event to happen. (token, node) names it."""

    token: int
    node: str
    kind: Kind
    trigger: Trigger | None
    reference: str
    name: str
    name_en: str
    role: str
    index: int
    marks: Marks
    choices: tuple[Choice, ...] = ()


class Chooser(Protocol):
    """Says which arrows leave a gateway, and how many instances a step has."""

    def arrows(self, place: Place) -> tuple[Arc, ...]:
        """The arrows taken; one for exclusive, at least one for inclusive."""
        ...

    def instances(self, place: Place) -> int:
        """How many instances to open."""
        ...


def ready(net: Net, marking: Marking) -> tuple[Wait, ...]:
    """What the case waits for, by token: work, caught events, and events attached to running work."""
    return tuple(_waits(net, marking))


def _waits(net: Net, marking: Marking) -> Iterator[Wait]:
    hosts = {token.scope for token in marking.tokens}
    for token in marking.tokens:
        place = net.places.get(token.place)
        if place is None:
            continue
        if token.id not in hosts and (place.kind.is_task or place.kind is Kind.CATCH):
            yield _wait(token, place, choices(net, place.id) if place.kind.is_task else ())
        if token.index < 0:
            for attached in place.boundary:
                yield _wait(token, net.places[attached])


def _wait(token: Token, place: Place, options: tuple[Choice, ...] = ()) -> Wait:
    return Wait(
        token.id,
        place.id,
        place.kind,
        place.trigger,
        place.reference,
        place.name,
        place.name_en,
        place.role,
        token.index,
        place.marks,
        options,
    )


def start(net: Net, facts: Facts) -> Marking:
    """The first marking of a case."""
    return enter(net, net.starts[""], facts)


def enter(net: Net, node: str, facts: Facts, marking: Marking | None = None) -> Marking:
    """Put a token before a node of the process: for the start, for reopening, and for cases taken over half-way.

    The node must lie at the top of the process, not in a sub-process.
    """
    if node not in net.places or net.places[node].parent:
        raise StepRefused("流程中没有可进入的环节“{node}”", cite=node, node=node)
    walk = Walk(net, marking or Marking(), FactChooser(facts))
    walk.arrive(node, 0)
    return walk.run()


def complete(net: Net, marking: Marking, token: int, facts: Facts, outcome: str = "") -> Marking:
    """The marking after a piece of work is done; ``outcome`` is its answer, seen by conditions as ``outcome``.

    StepRefused where the token is not work, or the answer is none of those the next gateway distinguishes.
    """
    wait = next((w for w in ready(net, marking) if w.token == token and w.kind.is_task), None)
    if wait is None:
        raise StepRefused("此环节现在不能办理", cite=str(token), remedy="请刷新页面，查看当前环节。")
    if wait.choices and outcome not in {choice.outcome for choice in wait.choices}:
        known = "、".join(choice.name or choice.outcome for choice in wait.choices)
        raise StepRefused(
            "“{step}”没有这种办理结果", cite=outcome, remedy="可选：{known}。", step=wait.name, known=known
        )
    walk = Walk(net, marking, FactChooser({**facts, "outcome": outcome}))
    walk.leave(token)
    return walk.run()


def fire(net: Net, marking: Marking, token: int, node: str, facts: Facts) -> Marking:
    """The marking after one awaited event, named by token and node as :func:`ready` lists it, has happened."""
    if not any(w.token == token and w.node == node and w.trigger for w in ready(net, marking)):
        raise StepRefused("此事件现在没有被等待", cite=node, remedy="请刷新页面，查看当前环节。")
    walk = Walk(net, marking, FactChooser(facts))
    walk.catch(token, node)
    return walk.run()


def timer(net: Net, marking: Marking, token: int, node: str, facts: Facts) -> Marking:
    """The marking after a time limit has run out."""
    if net.places[node].trigger is not Trigger.TIMER:
        raise StepRefused("此事件不是时限", cite=node)
    return fire(net, marking, token, node, facts)


def message(net: Net, marking: Marking, name: str, facts: Facts) -> Marking:
    """The marking after a message came in; the wait that has stood longest takes it."""
    for wait in ready(net, marking):
        if wait.trigger is Trigger.MESSAGE and wait.reference == name:
            return fire(net, marking, wait.token, wait.node, facts)
    raise StepRefused("没有环节在等待消息“{name}”", cite=name, name=name)


def signal(net: Net, marking: Marking, name: str, facts: Facts) -> Marking:
    """The marking after a signal: every wait for it takes it. Nobody waiting is no fault."""
    for wait in ready(net, marking):
        if wait.trigger is Trigger.SIGNAL and wait.reference == name and _still_waits(net, marking, wait):
            marking = fire(net, marking, wait.token, wait.node, facts)
    return marking


def _still_waits(net: Net, marking: Marking, wait: Wait) -> bool:
    return any(w.token == wait.token and w.node == wait.node for w in ready(net, marking))


@dataclass(frozen=True, slots=True)
class FactChooser:
    """Chooses by the conditions of the arrows."""

    facts: Facts

    def arrows(self, place: Place) -> tuple[Arc, ...]:
        """First true arrow (exclusive) or all true ones (inclusive); the default where none is true."""
        taken = []
        for arc in place.out:
            if arc.condition and compile_expression(arc.condition).holds(self.facts):
                taken.append(arc)
                if place.kind is Kind.EXCLUSIVE:
                    break
        if not taken:
            taken = [arc for arc in place.out if arc.id == place.default or not arc.condition]
        if not taken:
            raise StepRefused(
                "“{step}”没有一个条件成立，也没有默认去向", cite=place.id,
                remedy="请核对事实，或为流程补上默认箭头。", step=place.name or place.id,
            )  # fmt: skip
        return tuple(taken)

    def instances(self, place: Place) -> int:
        """Length of the list the step runs over."""
        listed = self.facts.get(place.marks.collection)
        if not isinstance(listed, list | tuple) or len(listed) > MAX_INSTANCES:
            raise ExpressionFault(
                "“{step}”需要清单“{listed}”，至多 {most} 项", cite=place.id, step=place.name,
                listed=place.marks.collection, most=MAX_INSTANCES,
            )
        return len(listed)


@dataclass
class Walk:
    """One act on a marking: tokens move until each of them waits. ``passed`` lists the nodes gone through."""

    net: Net
    marking: Marking
    chooser: Chooser
    passed: list[str] = field(default_factory=list)
    #: nodes and arrows gone through, in order
    trail: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tokens = {token.id: token for token in self.marking.tokens}
        self._next = self.marking.next
        self._moves = 0

    def run(self) -> Marking:
        """Move until nothing moves by itself, joins last, and give the new marking."""
        while self._move():
            self._moves += 1
            if self._moves > MAX_MOVES:
                raise StepRefused("流程在没有环节的回路中打转", cite=self.net.key, remedy="请修改流程图。")
        tokens = tuple(sorted(self._tokens.values(), key=lambda token: token.id))
        return Marking(tokens, self._next, tuple(self.passed))

    def arrive(self, node: str, scope: int) -> None:
        """A token comes to a node."""
        self.passed.append(node)
        self.trail.append(node)
        place = self.net.places[node]
        if place.kind in {Kind.END, Kind.TERMINATE}:
            if place.kind is Kind.TERMINATE:
                self._drop_inside(scope)
            self._close(scope)
        elif place.kind in _AUTOMATIC:
            self._send(place, scope)
        elif place.kind.is_scope:
            self.arrive(self.net.starts[node], self._put(node, scope))
        elif place.marks.collection:
            self._open_instances(place, scope)
        else:
            self._put(node, scope)

    def leave(self, token_id: int) -> None:
        """The work or wait of a token is over."""
        token = self._tokens.pop(token_id)
        if token.index >= 0:
            self._close(token.scope)
        else:
            self._send(self.net.places[token.place], token.scope)

    def catch(self, token_id: int, node: str) -> None:
        """An awaited event happens: on the token's own node, or attached to it."""
        token = self._tokens[token_id]
        if token.place == node:
            self.leave(token_id)
            return
        if self.net.places[node].interrupting:
            self._drop_inside(token_id)
            del self._tokens[token_id]
        self.arrive(node, token.scope)

    def _put(self, place: str, scope: int, index: int = -1) -> int:
        token = Token(self._next, place, scope, index)
        self._tokens[token.id] = token
        self._next += 1
        return token.id

    def _send(self, place: Place, scope: int) -> None:
        """Put tokens on the arrows that leave a node; a node without arrows ends its branch."""
        chosen = place.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE} and place.out
        for arc in self.chooser.arrows(place) if chosen else place.out:
            self.trail.append(arc.id)
            self._put(arc.id, scope)
        if not place.out:
            self._close(scope)

    def _open_instances(self, place: Place, scope: int) -> None:
        host = self._put(place.id, scope)
        count = self.chooser.instances(place)
        for index in range(count):
            self._put(place.id, host, index)
        if count == 0:
            self.leave(host)

    def _drop_inside(self, scope: int) -> None:
        for token in list(self._tokens.values()):
            if token.scope == scope:
                self._drop_inside(token.id)
                del self._tokens[token.id]

    def _close(self, scope: int) -> None:
        """Where the last token inside a sub-process or instance host is gone, the host goes on."""
        if scope and not any(token.scope == scope for token in self._tokens.values()):
            self.leave(scope)

    def _move(self) -> bool:
        """One automatic move, the oldest token first; False when every token waits."""
        for inclusive in (False, True):
            for token in sorted(self._tokens.values(), key=lambda t: t.id):
                arc = self.net.arcs.get(token.place)
                if arc is None:
                    continue
                meeting = self._meeting(token, self.net.places[arc.target], inclusive)
                if meeting:
                    for one in meeting:
                        del self._tokens[one.id]
                    self.arrive(arc.target, token.scope)
                    return True
        return False

    def _meeting(self, token: Token, place: Place, inclusive: bool) -> list[Token]:
        """The tokens that go on together from the arrow of ``token``, empty while they must wait."""
        joins = len(place.incoming) > 1 and place.kind in {Kind.PARALLEL, Kind.INCLUSIVE}
        if not joins:
            return [] if inclusive else [token]
        if inclusive != (place.kind is Kind.INCLUSIVE):
            return []
        beside = [t for t in sorted(self._tokens.values(), key=lambda t: t.id) if t.scope == token.scope]
        first = {arrow: next((t for t in beside if t.place == arrow), None) for arrow in place.incoming}
        here = [t for t in first.values() if t is not None]
        if place.kind is Kind.PARALLEL:
            return here if len(here) == len(place.incoming) else []
        return [] if self._awaited(place, beside, {t.place for t in here}) else here

    def _awaited(self, join: Place, beside: list[Token], full: set[str]) -> bool:
        """True while another token can still reach an empty arrow of an inclusive join but none of the full ones."""
        reach = self.net.reach[join.id]
        for token in beside:
            arrows = reach.get(token.place, frozenset())
            if token.place not in full and arrows and not arrows & full:
                return True
        return False
