"""The compiled process: a table of places and arrows that is stored with each version and runs without the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from yangguang.kernel.processes.expressions import compile_expression
from yangguang.kernel.processes.vocabulary import Definition, Kind, Malformed, Marks, Trigger


@dataclass(frozen=True, slots=True)
class Arc:
    """One arrow of the table."""

    id: str
    target: str
    condition: str = ""
    outcome: str = ""
    command: str = ""
    capability: str = ""
    limit: str = ""
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One node of the table: what it is, where it leads, and how many arrows must meet there."""

    id: str
    kind: Kind
    name: str
    name_en: str
    role: str
    out: tuple[Arc, ...]
    incoming: tuple[str, ...]
    default: str
    parent: str
    trigger: Trigger | None
    reference: str
    interrupting: bool
    boundary: tuple[str, ...]
    marks: Marks


@dataclass(frozen=True)
class Net:
    """The compiled process: places by id, in file order."""

    key: str
    sha256: str
    places: Mapping[str, Place]
    #: key -> hash of the processes this one calls, as they stood when it was published
    calls: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def arcs(self) -> Mapping[str, Arc]:
        """Arrows by id."""
        return {arc.id: arc for place in self.places.values() for arc in place.out}

    @cached_property
    def starts(self) -> Mapping[str, str]:
        """Start event of each scope; the empty scope is the process."""
        return {place.parent: place.id for place in self.places.values() if place.kind is Kind.START}

    @cached_property
    def reach(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For each inclusive join: which of its arrows can still be reached from a place, not passing the join."""
        joins = [p for p in self.places.values() if p.kind is Kind.INCLUSIVE and len(p.incoming) > 1]
        return {join.id: self._reach(join) for join in joins}

    def _reach(self, join: Place) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for arrow in join.incoming:
            edge = [place for place in self.places.values() if any(arc.id == arrow for arc in place.out)]
            seen: set[str] = {arrow}
            while edge:
                place = edge.pop()
                if place.id in seen or place.id == join.id:
                    continue
                seen.update((place.id, *place.incoming))
                edge += [p for p in self.places.values() if any(arc.target == place.id for arc in p.out)]
                edge += [p for p in self.places.values() if place.id in p.boundary]
            for spot in seen:
                found.setdefault(spot, set()).add(arrow)
        return {spot: frozenset(arrows) for spot, arrows in found.items()}

    def as_json(self) -> dict[str, Any]:
        """The table as plain JSON values."""
        places = [_plain(place) for place in self.places.values()]
        return {"key": self.key, "sha256": self.sha256, "calls": dict(self.calls), "places": places}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The net again from :meth:`as_json`."""
        places = [_place(row) for row in data["places"]]
        # tables of 0.1.0 knew no calls
        return cls(data["key"], data["sha256"], {place.id: place for place in places}, data.get("calls", {}))


def _plain(place: Place) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(place, name) for name in Place.__slots__ if name not in {"out", "marks"}}
    row["kind"] = str(place.kind)
    row["trigger"] = str(place.trigger) if place.trigger else ""
    row["out"] = [{name: getattr(arc, name) for name in Arc.__slots__} for arc in place.out]
    row["marks"] = {name: getattr(place.marks, name) for name in Marks.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "trigger": Trigger(row["trigger"]) if row["trigger"] else None,
            "out": tuple(Arc(**arc) for arc in row["out"]),
            "incoming": tuple(row["incoming"]),
            "boundary": tuple(row["boundary"]),
            "marks": Marks(**row["marks"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One way a step can end: the answer, its label, and the command, capability and limit the arrow names."""

    outcome: str
    name: str
    name_en: str
    command: str
    capability: str
    limit: str


def compile_net(definition: Definition) -> Net:
    """The table of a definition. Conditions are parsed, so an unsafe one is refused here."""
    boundary: dict[str, list[str]] = {}
    for node in definition.nodes:
        if node.attached_to:
            boundary.setdefault(node.attached_to, []).append(node.id)
    places: dict[str, Place] = {}
    for node in definition.nodes:
        arcs = []
        for flow in definition.outgoing(node.id):
            outcome = _tested_outcome(flow.condition) or flow.outcome
            named = (flow.command, flow.capability, flow.limit, flow.name, flow.name_en)
            arcs.append(Arc(flow.id, flow.target, flow.condition, outcome, *named))
        places[node.id] = Place(
            id=node.id,
            kind=node.kind,
            name=node.name,
            name_en=node.name_en,
            role=node.role,
            out=tuple(arcs),
            incoming=tuple(flow.id for flow in definition.incoming(node.id)),
            default=node.default,
            parent=node.parent,
            trigger=node.trigger,
            reference=node.reference,
            interrupting=node.interrupting,
            boundary=tuple(boundary.get(node.id, ())),
            marks=node.marks,
        )
    net = Net(definition.key, definition.sha256, places, definition.calls)
    _check_starts(definition, net)
    return net


def _tested_outcome(condition: str) -> str:
    """The answer a condition of the plain form ``outcome == "…"`` asks for, else nothing."""
    return compile_expression(condition).outcome if condition else ""


def _check_starts(definition: Definition, net: Net) -> None:
    for node in definition.nodes:
        if node.kind is Kind.CALL and node.reference not in definition.calls:
            raise Malformed(f"被调用的流程“{node.reference}”尚未接入", cite=node.id, remedy="请先发布被调用的流程。")
    scopes = ["", *(node.id for node in definition.nodes if node.kind.is_scope)]
    for scope in scopes:
        starts = [node for node in definition.nodes if node.kind is Kind.START and node.parent == scope]
        if len(starts) != 1:
            raise Malformed(
                f"每个流程和子流程须有且只有一个开始事件，此处有 {len(starts)} 个", cite=scope or definition.key
            )


def choices(net: Net, node: str) -> tuple[Choice, ...]:
    """The answers the gateway right after a step distinguishes; empty where the step simply ends."""
    place = net.places[node]
    if len(place.out) != 1 or place.marks.collection:
        return ()
    gateway = net.places[place.out[0].target]
    if gateway.kind is not Kind.EXCLUSIVE or not any(arc.outcome for arc in gateway.out):
        return ()
    own = place.marks
    return tuple(
        Choice(
            arc.outcome,
            arc.name,
            arc.name_en,
            arc.command or own.command,
            arc.capability or own.capability,
            arc.limit,
        )
        for arc in gateway.out
        if arc.outcome
    )
