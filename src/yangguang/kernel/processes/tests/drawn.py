"""A maker of random processes: blocks drawn from a seed, written as one file or, where they call, as several.

Only what both engines of the comparison know is drawn. ``Drawn.xml`` is the file as we read it; ``Drawn.files`` are
all files as the other engine reads them, where instances are counted instead of listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from yangguang.kernel.processes.tests.world import EVENTS, HEAD, scope

INSTANCES = {"none": [], "one": ["甲"], "some": ["甲", "乙", "丙"]}
"""Lists among the facts that multi-instance steps run over."""
_MANY = "<multiInstanceLoopCharacteristics/>"
_COUNTED = "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
_GATEWAYS = {"exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway"}
_KINDS = (
    *("sequence", "exclusive", "parallel", "inclusive") * 3,
    *("loop", "sub", "guarded", "beside", "catch", "many", "call", "stopping"),
)

Block = Any


def random_block(rng: Random, leaves: int = 8) -> Block:
    """A block of about so many pieces of work."""
    if leaves <= 1:
        return rng.choice(("task", "task", "task", "catch", "many"))
    kind = rng.choice(_KINDS)
    if kind in {"sequence", "exclusive", "parallel", "inclusive"}:
        parts = rng.randint(2, 3)
        return kind, [random_block(rng, leaves // parts) for _ in range(parts)]
    if kind in {"catch", "many"}:
        return kind
    return kind, [random_block(rng, leaves - 1)]


@dataclass
class Sketch:
    """Nodes and arrows of one scope while a random process is drawn from inside to outside."""

    page: Page
    nodes: list[str] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)

    def add(self, tag: str, attributes: str = "") -> str:
        """A new node of its own id."""
        self.page.count += 1
        identity = f"n{self.page.count}"
        self.nodes.append(f"{tag} {identity} {attributes}")
        return identity

    def arrow(self, source: str, target: str, condition: str = "") -> None:
        """A new arrow."""
        self.arrows.append(f"{source} {target} {condition}")

    def written(self) -> str:
        """The elements of the scope."""
        return scope("\n".join(self.nodes), "\n".join(self.arrows), self.inside)


@dataclass
class Page:
    """What all scopes of a drawing share: numbers, the fact asked next, signals, files that are called."""

    count: int = 0
    asked: int = 0
    signals: list[str] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)

    def fact(self) -> str:
        """The next of the boolean facts b1…b3."""
        self.asked += 1
        return f"b{self.asked % 3 + 1}"

    def file(self, key: str, body: str) -> str:
        """A whole file."""
        signals = "".join(f'<signal id="g_{name}" name="{name}"/>' for name in self.signals)
        process = f'<process id="{key}" name="流程" isExecutable="true">{body}</process>'
        return f"{HEAD}{EVENTS}{signals}{process}</definitions>"


@dataclass(frozen=True)
class Drawn:
    """A random process: the file that is run, those it calls by key, and all of them for the other engine.

    ``once`` are the steps that ask whether to go round again where the loop holds a join.
    """

    xml: bytes
    called: dict[str, bytes]
    once: frozenset[str]

    @property
    def files(self) -> list[bytes]:
        """The files as the other engine reads them."""
        texts = [file.decode() for file in (self.xml, *self.called.values())]
        return [_counted(text).encode() for text in texts]


def _counted(text: str) -> str:
    """Instances by number: the other engine takes no list of ours."""
    for name, listed in INSTANCES.items():
        text = text.replace(f' yg:collection="{name}">{_MANY}', f">{_COUNTED.format(len(listed))}")
    return text


def drawn(block: Block) -> Drawn:
    """The process of a block, between a start and an end."""
    page = Page()
    body = _whole(page, block)
    called = {key: page.file(key, body).encode() for key, body in page.called.items()}
    return Drawn(page.file("p", body).encode(), called, frozenset(page.once))


def _whole(page: Page, block: Block) -> str:
    """A scope that holds one block."""
    sketch = Sketch(page)
    start = sketch.add("startEvent")
    first, last = draw(sketch, block)
    end = sketch.add("endEvent")
    sketch.arrow(start, first)
    sketch.arrow(last, end)
    return sketch.written()


def draw(sketch: Sketch, block: Block) -> tuple[str, str]:
    """Add one block to a scope; its first and its last node."""
    match block:
        case (("exclusive" | "parallel" | "inclusive") as kind, parts):
            return _branches(sketch, kind, parts)
        case ("sequence", parts):
            ends = [draw(sketch, part) for part in parts]
            for before, after in zip(ends, ends[1:], strict=False):
                sketch.arrow(before[1], after[0])
            return ends[0][0], ends[-1][1]
        case (kind, [part]):
            return _AROUND[kind](sketch, part)
        case "catch":
            event = _event(sketch, "intermediateCatchEvent")
            return event, event
        case "many":
            sketch.page.asked += 1
            listed = list(INSTANCES)[sketch.page.asked % 3]
            many = sketch.add("userTask", f"yg:collection={listed} |{_MANY}")
            return many, many
    task = sketch.add("userTask")
    return task, task


def _event(sketch: Sketch, tag: str, attributes: str = "") -> str:
    """An event that waits for a signal of its own."""
    name = f"n{sketch.page.count + 1}"
    sketch.page.signals.append(name)
    return sketch.add(tag, f"{attributes} |<signalEventDefinition signalRef='g_{name}'/>")


def _branches(sketch: Sketch, kind: str, parts: Sequence[Block]) -> tuple[str, str]:
    ends = [draw(sketch, part) for part in parts]
    split_id = f"n{sketch.page.count + 1}"
    default = "" if kind == "parallel" else f"default={split_id}_{ends[0][0]}"
    split = sketch.add(_GATEWAYS[kind], default)
    join = sketch.add(_GATEWAYS[kind])
    for at, (first, last) in enumerate(ends):
        sketch.arrow(split, first, "" if kind == "parallel" or at == 0 else sketch.page.fact())
        sketch.arrow(last, join)
    return split, join


def _loop(sketch: Sketch, part: Block) -> tuple[str, str]:
    """A block that an answer may ask for again."""
    merge = sketch.add("exclusiveGateway")
    first, last = draw(sketch, part)
    asked = sketch.add("userTask")
    if _holds_join(part):
        sketch.page.once.add(asked)
    choice, after = f"n{sketch.page.count + 1}", f"n{sketch.page.count + 2}"
    sketch.add("exclusiveGateway", f"default={choice}_{after}")
    sketch.add("userTask")
    sketch.arrow(merge, first)
    sketch.arrow(last, asked)
    sketch.arrow(asked, choice)
    sketch.arrow(choice, merge, 'answer == "again"')
    sketch.arrow(choice, after)
    return merge, after


def _holds_join(block: Block) -> bool:
    """True where the block has a join in its own scope."""
    match block:
        case (("parallel" | "inclusive"), _):
            return True
        case (("sequence" | "exclusive" | "loop"), parts):
            return any(_holds_join(part) for part in parts)
    return False


def _sub(sketch: Sketch, part: Block) -> tuple[str, str]:
    body = _whole(sketch.page, part)
    identity = sketch.add("subProcess")
    sketch.inside[identity] = body
    return identity, identity


def _call(sketch: Sketch, part: Block) -> tuple[str, str]:
    """The block in a file of its own, that is called."""
    body = _whole(sketch.page, part)
    key = f"called{len(sketch.page.called) + 1}"
    sketch.page.called[key] = body
    identity = sketch.add("callActivity", f"calledElement={key}")
    return identity, identity


def _guarded(sketch: Sketch, part: Block) -> tuple[str, str]:
    """A sub-process that an event breaks off; the work after the event meets the usual way."""
    host, _ = _sub(sketch, part)
    event = _event(sketch, "boundaryEvent", f"attachedToRef={host}")
    instead, merge = sketch.add("userTask"), sketch.add("exclusiveGateway")
    sketch.arrow(host, merge)
    sketch.arrow(event, instead)
    sketch.arrow(instead, merge)
    return host, merge


def _beside(sketch: Sketch, part: Block) -> tuple[str, str]:
    """A sub-process during which an event starts other work, which ends by itself."""
    host, _ = _sub(sketch, part)
    event = _event(sketch, "boundaryEvent", f"attachedToRef={host} cancelActivity=false")
    extra, end = sketch.add("userTask"), sketch.add("endEvent")
    sketch.arrow(event, extra)
    sketch.arrow(extra, end)
    return host, host


def _stopping(sketch: Sketch, part: Block) -> tuple[str, str]:
    """A sub-process with two branches, one of which ends all of it."""
    inner = Sketch(sketch.page)
    start, split = inner.add("startEvent"), inner.add("parallelGateway")
    first, last = draw(inner, part)
    end, task, stop = (
        inner.add("endEvent"),
        inner.add("userTask"),
        inner.add("endEvent", "|<terminateEventDefinition/>"),
    )
    for source, target in ((start, split), (split, first), (last, end), (split, task), (task, stop)):
        inner.arrow(source, target)
    identity = sketch.add("subProcess")
    sketch.inside[identity] = inner.written()
    return identity, identity


_AROUND = {
    "loop": _loop, "sub": _sub, "call": _call, "guarded": _guarded, "beside": _beside, "stopping": _stopping,
}  # fmt: skip
