"""The picture of a process as a static SVG, and the same process as an ordered list for those who do not see it.

The picture is made from the coordinates of the file, so it is the picture the author drew. Looks come from classes
``yg-bpmn-*`` (see ``static/yangguang/processes/diagram.css``); plain attributes keep it readable without them, and
there is no inline style, so that a strict content policy holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from yangguang.kernel.processes.order import ranks_of
from yangguang.kernel.processes.shapes import number, shape_of, words, wrapped
from yangguang.kernel.processes.vocabulary import Bounds, Definition, Flow, Kind, Lane, Malformed, Node, Point

Language = Literal["zh", "en"]
MARGIN = 10


@dataclass(frozen=True, slots=True)
class Onward:
    """Where one goes from a step: the label of the answer, and the number of the next step (0 is the end)."""

    label: str
    step: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the text alternative; ``number`` counts from 1."""

    number: int
    node: str
    name: str
    actor: str
    limit: str
    state: str
    command: str
    onward: tuple[Onward, ...]


def steps(definition: Definition, language: Language = "zh") -> tuple[Step, ...]:
    """All work and waits in the order they are met, each with where it leads."""
    ranks: dict[str, int] = {}
    for scope in ("", *(node.id for node in definition.nodes if node.kind is Kind.SUBPROCESS)):
        ranks |= ranks_of(definition, [node for node in definition.nodes if node.parent == scope])
    shown = [node for node in _in_order(definition, "", ranks) if _is_step(node)]
    numbers = {node.id: at for at, node in enumerate(shown, 1)}
    lanes = {lane.id: lane for lane in definition.lanes}
    return tuple(
        Step(
            numbers[node.id],
            node.id,
            _name(node, language),
            _name(lanes[node.lane], language) if node.lane in lanes else "",
            node.marks.limit,
            node.marks.state,
            node.marks.command,
            tuple(dict.fromkeys(_onward(definition, node, numbers, language))),
        )
        for node in shown
    )


def svg(
    definition: Definition,
    *,
    done: Collection[str] = (),
    current: Collection[str] = (),
    counts: Mapping[str, int] | None = None,
    trail: Collection[str] = (),
    stuck: Collection[str] = (),
    language: Language = "zh",
    tag: str = "",
) -> str:
    """The picture; ``done`` and ``current`` are node ids, ``counts`` cases per node for a heat map.

    A counter-example is shown by ``trail``, the nodes and arrows it went through, and ``stuck``, those where it ends.
    ``tag`` keeps ids apart where a page shows the same process more than once. Malformed where the file carries no
    drawing.
    """
    if not definition.is_drawn:
        raise Malformed("流程文件没有图形坐标", cite=definition.key, remedy="请先为文件生成图形。")
    say = words(language)
    nodes = definition.nodes
    labels = {node.id: _name(node, language) or say[node.kind] for node in nodes}
    status = {node: say["trail"] for node in trail} | {node: say["stuck"] for node in stuck}
    status |= {node: say["done"] for node in done} | {node: say["current"] for node in current}
    looks = {
        node.id: _Look(
            language,
            node.id in done,
            node.id in current,
            (counts or {}).get(node.id),
            node.id in trail,
            node.id in stuck,
        )
        for node in nodes
    }
    # sub-processes lie under the arrows inside them, everything else over the arrows
    under = [node for node in nodes if node.kind is Kind.SUBPROCESS]
    parts = [
        *_frame(definition, language),
        *(_node(node, labels[node.id], looks[node.id]) for node in under),
        *(_arrow(flow, definition, language, flow.id in trail) for flow in definition.flows),
        *(_node(node, labels[node.id], looks[node.id]) for node in nodes if node not in under),
        *(_waiting_arrow(flow, language) for flow in definition.flows if flow.id in stuck),
    ]
    box = _extent(definition)
    size = f"{number(box.x)} {number(box.y)} {number(box.width)} {number(box.height)}"
    key = f"yg-bpmn-{definition.key}{tag}"
    described = "；".join(
        f"{step.number}. {step.name}" + (f"（{status[step.node]}）" if step.node in status else "")
        for step in steps(definition, language)
    )
    title = _name(definition, language)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="yg-bpmn" role="img" lang={quoteattr(say["lang"])} '
        f'aria-labelledby="{key}-title {key}-desc" viewBox="{size}" width="{number(box.width)}" '
        f'height="{number(box.height)}" font-size="14">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(described)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _name(thing: Node | Lane | Flow | Definition, language: Language) -> str:
    return thing.name_en if language == "en" and thing.name_en else thing.name


def _is_step(node: Node) -> bool:
    return node.kind.is_task or node.kind in {Kind.CATCH, Kind.BOUNDARY, Kind.SUBPROCESS, Kind.CALL}


def _in_order(definition: Definition, scope: str, ranks: Mapping[str, int]) -> Iterator[Node]:
    """Nodes of a scope by rank; boundary events follow their host, inner steps their sub-process."""
    here = [node for node in definition.nodes if node.parent == scope]
    for node in sorted(here, key=lambda one: ranks.get(one.attached_to or one.id, 0) + bool(one.attached_to) / 2):
        yield node
        yield from _in_order(definition, node.id, ranks)


def _onward(definition: Definition, node: Node, numbers: Mapping[str, int], language: Language) -> Iterator[Onward]:
    """Next steps, through the gateways; labels met on the way are joined."""
    edge = [(flow, _name(flow, language)) for flow in definition.outgoing(node.id)]
    seen: set[str] = set()
    while edge:
        flow, label = edge.pop(0)
        target = definition.node(flow.target)
        if target.kind in {Kind.END, Kind.TERMINATE}:
            yield Onward(label, 0)
        elif target.id in numbers:
            yield Onward(label, numbers[target.id])
        elif target.id not in seen:
            seen.add(target.id)
            following = definition.outgoing(target.id)
            edge += [(one, "·".join(filter(None, (label, _name(one, language))))) for one in following]


def _extent(definition: Definition) -> Bounds:
    boxes = [node.bounds for node in definition.nodes if node.bounds]
    boxes += [node.label for node in definition.nodes if node.label]
    boxes += [flow.label for flow in definition.flows if flow.label]
    boxes += [lane.bounds for lane in definition.lanes if lane.bounds]
    boxes += [definition.pool] if definition.pool else []
    boxes += [Bounds(point.x, point.y, 0, 0) for flow in definition.flows for point in flow.points]
    left, top = min(box.x for box in boxes) - MARGIN, min(box.y for box in boxes) - MARGIN
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Bounds(left, top, right - left + MARGIN, bottom - top + MARGIN)


def _frame(definition: Definition, language: Language) -> Iterator[str]:
    """Pool and lanes with their headings, on top where lanes stand upright, else on the left."""
    drawn = [(lane, lane.bounds) for lane in definition.lanes if lane.bounds]
    upright = len({box.y for _, box in drawn}) == 1 and (len(drawn) > 1 or drawn[0][1].height > drawn[0][1].width)
    if definition.pool and drawn:
        first = drawn[0][1]
        head = first.y - definition.pool.y if upright else first.x - definition.pool.x
        yield _headed("pool", definition.pool, head, _name(definition, language), upright)
    for lane, box in drawn:
        yield _headed("lane", box, 40 if upright else 30, _name(lane, language), upright)


def _headed(kind: str, box: Bounds, head: float, text: str, upright: bool) -> str:
    heading = box._replace(height=head) if upright else box._replace(width=head)
    x, y = heading.x + heading.width / 2, heading.y + heading.height / 2
    turned = "" if upright else f' transform="rotate(-90 {number(x)} {number(y)})"'
    return (
        f'<g class="yg-bpmn-{kind}">{_rect(box, 0, "")}{_rect(heading, 0, "yg-bpmn-head")}'
        f'<text x="{number(x)}" y="{number(y + 5)}" text-anchor="middle"{turned}>{escape(text)}</text></g>'
    )


def _rect(box: Bounds, radius: float, classes: str) -> str:
    named = f' class="{classes}"' if classes else ""
    x, y, width, height = map(number, box)
    place = f'x="{x}" y="{y}" width="{width}" height="{height}" rx="{number(radius)}"'
    return f'<rect{named} {place} fill="#fff" stroke="#5d6976"/>'


def _arrow(flow: Flow, definition: Definition, language: Language, passed: bool) -> str:
    line = "M" + " L".join(f"{number(point.x)} {number(point.y)}" for point in flow.points)
    tip = _tip(flow.points[-2], flow.points[-1])
    text = ""
    label = _name(flow, language)
    if label:
        start = flow.points[0]
        box = flow.label or Bounds(start.x + 6, start.y + 4, 0, 18)
        # the text hugs the end of its box that is nearer to the gateway, whatever the language's length
        left = box.x + box.width <= start.x
        x, anchor = (box.x + box.width - 2, "end") if left else (box.x + 2, "start")
        place = f'x="{number(x)}" y="{number(box.y + 14)}" text-anchor="{anchor}"'
        text = f'<text {place} font-size="13">{escape(label)}</text>'
    source = definition.node(flow.source)
    slash = _slash(flow.points[0], flow.points[1]) if source.default == flow.id else ""
    return (
        f'<g class="yg-bpmn-flow{" yg-bpmn-trail" * passed}" data-flow={quoteattr(flow.id)}>'
        f'<path d="{line}{slash}" fill="none" stroke="#5d6976"/>'
        f'<path class="yg-bpmn-tip" d="{tip}" fill="#5d6976"/>{text}</g>'
    )


def _waiting_arrow(flow: Flow, language: Language) -> str:
    """A token that waits on an arrow for a join: a dot at the arrow's end, with a word."""
    before, end = flow.points[-2], flow.points[-1]
    x, y = _way(before, end)
    at = Point(end.x - 22 * x, end.y - 22 * y)
    word = words(language)["stuck"]
    return (
        f'<g class="yg-bpmn-stuck" data-stuck={quoteattr(flow.id)}>'
        f'<circle class="yg-bpmn-flag" cx="{number(at.x)}" cy="{number(at.y)}" r="7" fill="#9e2a2b"/>'
        f"{_pill(word, at.x + 10, at.y + 9, 13 if language == 'zh' else 8)}</g>"
    )


def _way(start: Point, end: Point) -> tuple[float, float]:
    length = ((end.x - start.x) ** 2 + (end.y - start.y) ** 2) ** 0.5 or 1.0
    return (end.x - start.x) / length, (end.y - start.y) / length


def _tip(start: Point, end: Point) -> str:
    """A filled arrow head whose point touches the target."""
    x, y = _way(start, end)
    back = (end.x - 10 * x, end.y - 10 * y)
    left, right = (back[0] - 4.5 * y, back[1] + 4.5 * x), (back[0] + 4.5 * y, back[1] - 4.5 * x)
    corners = (end, left, right)
    return "M" + " L".join(f"{number(corner[0])} {number(corner[1])}" for corner in corners) + " Z"


def _slash(start: Point, end: Point) -> str:
    """The stroke across the beginning of a default arrow."""
    x, y = _way(start, end)
    middle = (start.x + 10 * x, start.y + 10 * y)
    one, other = (middle[0] - 4 * (x - y), middle[1] - 4 * (y + x)), (middle[0] + 4 * (x - y), middle[1] + 4 * (y + x))
    return f" M{number(one[0])} {number(one[1])} L{number(other[0])} {number(other[1])}"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a node is shown now."""

    language: Language
    done: bool
    current: bool
    count: int | None
    passed: bool = False
    stuck: bool = False


def _node(node: Node, label: str, look: _Look) -> str:
    box = node.bounds or Bounds(0, 0, 0, 0)
    say = words(look.language)
    classes = ["yg-bpmn-node", f"yg-bpmn-{node.kind}"]
    classes += ["yg-bpmn-beside"] * (node.kind is Kind.BOUNDARY and not node.interrupting)
    classes += ["yg-bpmn-done"] * (look.done and not look.current) + ["yg-bpmn-current"] * look.current
    classes += ["yg-bpmn-trail"] * (look.passed and not look.stuck) + ["yg-bpmn-stuck"] * look.stuck
    shown = {"current": look.current, "done": look.done, "stuck": look.stuck, "trail": look.passed}
    state = next((say[name] for name, holds in shown.items() if holds), "")
    counted = say["count"].format(look.count) if look.count is not None else ""
    title = "，".join(filter(None, (label, say[node.kind], state, counted)))
    return (
        f'<g class="{" ".join(classes)}" data-node={quoteattr(node.id)}><title>{escape(title)}</title>'
        f"{shape_of(node, box)}{_label(node, box, look.language)}{_flags(node, box, look)}</g>"
    )


def _label(node: Node, box: Bounds, language: Language) -> str:
    text = _name(node, language)
    if not text:
        return ""
    if node.kind.is_task or node.kind is Kind.CALL:
        lines = wrapped(text, box.width - 14)
        middle, anchor = box.x + box.width / 2, "middle"
        top = box.y + box.height / 2 + 5 - 9.5 * (len(lines) - 1)
    elif node.kind is Kind.SUBPROCESS:
        lines, middle, anchor, top = (text,), box.x + box.width / 2, "middle", box.y + 20
    else:
        place = node.label or Bounds(box.x + box.width + 4, box.y + box.height / 2 - 9, 0, 18)
        lines, middle, anchor, top = (text,), place.x, "start", place.y + 14
    spans = "".join(
        f'<tspan x="{number(middle)}" y="{number(top + 19 * at)}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    return f'<text class="yg-bpmn-label" text-anchor="{anchor}">{spans}</text>'


def _flags(node: Node, box: Bounds, look: _Look) -> str:
    """A tick for done, a word for the present step, a number for how many cases lie here."""
    flags = ""
    if look.current or look.stuck:
        word = words(look.language)["now" if look.current else "stuck"]
        flags += _pill(word, box.x - 6, box.y, 13 if look.language == "zh" else 8)
    elif look.done and not node.kind.is_gateway:
        x, y = number(box.x), number(box.y)
        flags += f'<circle class="yg-bpmn-flag" cx="{x}" cy="{y}" r="9" fill="#fff" stroke="#46525f"/>'
        flags += f'<path class="yg-bpmn-tick" d="M{x} {y} m-4 0 l3 3.5 l5 -6.5" fill="none" stroke="#46525f"/>'
    if look.count is not None:
        text = str(look.count)
        pill = _pill(text, box.x + box.width - 6 - 8 * len(text), box.y, 8)
        flags += f'<g class="yg-bpmn-count">{pill}</g>'
    return flags


def _pill(text: str, x: float, y: float, character: float) -> str:
    wide = 12 + character * len(text)
    middle = f'x="{number(x + wide / 2)}" y="{number(y - 3.5)}" text-anchor="middle"'
    shape = _rect(Bounds(x, y - 18, wide, 20), 10, "yg-bpmn-flag")
    return f'{shape}<text class="yg-bpmn-flagtext" {middle} font-size="12">{text}</text>'
