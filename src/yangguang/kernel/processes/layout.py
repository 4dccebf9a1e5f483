"""Gives a process file its drawing: lanes side by side, time from top to bottom, arrows at right angles.

Used when a file is written, not when it runs: ``python -m yangguang.kernel.processes.layout FILE`` writes the
drawing into the file, in place of any it had. Upright lanes are how offices print their flow charts, and they fit
a page and a telephone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from lxml import etree

from yangguang.kernel.processes.bpmn import BPMN, BPMNDI, DC, DI, parse_xml, read_bpmn
from yangguang.kernel.processes.order import ranks_of
from yangguang.kernel.processes.routing import GRID, Router, place_text, segments
from yangguang.kernel.processes.vocabulary import Bounds, Definition, Flow, Kind, Node, Point

TASK = (120, 60)
ROUND = (40, 40)
SLOT = 180
GAP = 30
HEADER = 40
EDGE = 10
CHARACTER = 13
LETTER = 7
LINE = 18


@dataclass
class Drawing:
    """Where everything goes, by id."""

    shapes: dict[str, Bounds] = field(default_factory=dict)
    routes: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    texts: dict[str, Bounds] = field(default_factory=dict)
    lanes: dict[str, Bounds] = field(default_factory=dict)
    pool: Bounds = Bounds(0, 0, 0, 0)


def lay_out(xml: bytes) -> bytes:
    """The same file with a drawing of its own; everything but the drawing is kept as it is."""
    definition = read_bpmn(xml)
    return _written(xml, draw(definition))


def draw(definition: Definition) -> Drawing:
    """Places for all nodes, arrows, labels and lanes of a definition."""
    layout = _Layout(definition)
    top = EDGE + (2 * HEADER if definition.lanes else 0)
    width, height = layout.arrange("", Point(EDGE, top))
    layout.draw_lanes(top, height)
    for scope in ("", *(node.id for node in definition.nodes if node.kind is Kind.SUBPROCESS)):
        layout.route(scope, int(width + 2 * EDGE), int(top + height + EDGE))
    return layout.drawing


@dataclass
class _Layout:
    definition: Definition
    drawing: Drawing = field(default_factory=Drawing)
    columns: dict[str, tuple[float, float]] = field(default_factory=dict)

    def arrange(self, scope: str, corner: Point) -> tuple[float, float]:
        """Place the nodes of one scope below and right of ``corner``; the room they take."""
        nodes = [node for node in self.definition.nodes if node.parent == scope]
        sizes = {node.id: self._size(node) for node in nodes}
        ranks = ranks_of(self.definition, [node for node in nodes if node.kind is not Kind.BOUNDARY])
        lanes = [lane.id for lane in self.definition.lanes] if self.definition.lanes and not scope else [""]
        rows: dict[tuple[str, int], list[Node]] = defaultdict(list)
        for node in nodes:
            if node.id in ranks:
                rows[node.lane if node.lane in lanes else lanes[0], ranks[node.id]].append(node)
        tops, height = _tops(ranks, sizes, corner.y)
        left = corner.x
        for lane in lanes:
            mine = {rank: row for (its, rank), row in rows.items() if its == lane}
            widths = [sum(max(SLOT, sizes[node.id][0] + 60) for node in row) for row in mine.values()]
            wide = max(widths, default=SLOT)
            for rank, row in mine.items():
                self._place_row(row, sizes, Bounds(left, tops[rank], wide, 0))
            if not scope:
                self.columns[lane] = (left, wide)
            left += wide
        for node in nodes:
            if node.kind is Kind.BOUNDARY:
                self._place_boundary(node)
        return left - corner.x, height

    def _size(self, node: Node) -> tuple[float, float]:
        if node.kind is Kind.SUBPROCESS:
            width, height = self.arrange(node.id, Point(0, 2 * GRID))
            return _even(width), _even(height + 2 * GRID)
        return TASK if node.kind.is_task or node.kind is Kind.CALL else ROUND

    def _place_row(self, row: list[Node], sizes: dict[str, tuple[float, float]], room: Bounds) -> None:
        part = room.width / len(row)
        for at, node in enumerate(row):
            width, height = sizes[node.id]
            centre = round((room.x + part * (at + 0.5)) / GRID) * GRID
            box = Bounds(centre - width / 2, room.y - height / 2, width, height)
            self.drawing.shapes[node.id] = box
            if node.kind is Kind.SUBPROCESS:
                self._move_inside(node.id, box)
            elif node.name and not (node.kind.is_task or node.kind is Kind.CALL):
                self.drawing.texts[node.id] = Bounds(box.x + width + 5, room.y - LINE / 2, _wide(node), LINE)

    def _move_inside(self, scope: str, box: Bounds) -> None:
        """What a sub-process holds was placed from the origin; it moves with its box."""
        for node in self.definition.nodes:
            if node.parent == scope:
                for places in (self.drawing.shapes, self.drawing.texts):
                    if node.id in places:
                        old = places[node.id]
                        places[node.id] = old._replace(x=old.x + box.x, y=old.y + box.y)
                self._move_inside(node.id, box)

    def _place_boundary(self, node: Node) -> None:
        host = self.drawing.shapes[node.attached_to]
        beside = [one.id for one in self.definition.nodes if one.attached_to == node.attached_to]
        width, height = ROUND
        x = host.x + host.width - 3 * GRID - 5 * GRID * beside.index(node.id)
        self.drawing.shapes[node.id] = Bounds(x - width / 2, host.y + host.height - height / 2, width, height)
        self.drawing.texts[node.id] = Bounds(x + width / 2 + 5, host.y + host.height + 4, _wide(node), LINE)

    def draw_lanes(self, top: float, height: float) -> None:
        """Each lane as wide as its column, under a heading; the pool around all of them."""
        if not self.definition.lanes:
            return
        for lane, (left, wide) in self.columns.items():
            self.drawing.lanes[lane] = Bounds(left, top - HEADER, wide, height + HEADER)
        wide = sum(width for _, width in self.columns.values())
        self.drawing.pool = Bounds(EDGE, top - 2 * HEADER, wide, height + 2 * HEADER)

    def route(self, scope: str, width: int, height: int) -> None:
        """Draw the arrows of a scope, short ones first, then set their labels."""
        shapes = {node.id: self.drawing.shapes[node.id] for node in self.definition.nodes if node.parent == scope}
        texts = [self.drawing.texts[node] for node in shapes if node in self.drawing.texts]
        borders = [Bounds(left, 0, 0, height) for left, _ in self.columns.values()]
        router = Router(width, height, list(shapes.values()), [*texts, *borders])
        flows = [flow for flow in self.definition.flows if flow.source in shapes]
        for flow in sorted(flows, key=lambda one: _distance(shapes[one.source], shapes[one.target])):
            self.drawing.routes[flow.id] = router.route(shapes[flow.source], shapes[flow.target])
        lines = {flow.id: list(segments(self.drawing.routes[flow.id])) for flow in flows}
        for flow in flows:
            if flow.name:
                taken = [*shapes.values(), *texts, *(line for its in lines.values() for line in its)]
                box = place_text(self.drawing.routes[flow.id], (_wide(flow), LINE), taken)
                self.drawing.texts[flow.id] = box
                texts.append(box)


def _even(length: float) -> float:
    """The length, rounded up so that the middle of a box lies on the grid."""
    return ceil(length / (2 * GRID)) * 2 * GRID


def _wide(thing: Node | Flow) -> float:
    """Room for the label in either language."""
    return max(CHARACTER * len(thing.name), LETTER * len(thing.name_en)) + 4


def _distance(source: Bounds, target: Bounds) -> float:
    """Length of the way between two boxes; a way back counts as longer, so that it is drawn last."""
    down = target.y - source.y
    return abs(target.x - source.x) + abs(down) + (1000 if down < 0 else 0)


def _tops(ranks: dict[str, int], sizes: dict[str, tuple[float, float]], top: float) -> tuple[dict[int, float], float]:
    """Middle of each row, and the height of all."""
    tops: dict[int, float] = {}
    y = top + 2 * GRID
    for rank in range(max(ranks.values(), default=0) + 1):
        tall = max(sizes[node][1] for node, its in ranks.items() if its == rank)
        tops[rank] = y + tall / 2
        y += tall + GAP
    return tops, y - GAP + 2 * GRID - top


def _written(xml: bytes, drawing: Drawing) -> bytes:
    root = parse_xml(xml)
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    owner = root.find(f"{{{BPMN}}}collaboration")
    process = root.find(f"{{{BPMN}}}process")
    if owner is None:
        owner = process
    key = "" if process is None else process.get("id") or ""
    names = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=names, id=f"{key}_diagram")
    element = "" if owner is None else owner.get("id") or ""
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"{key}_plane", bpmnElement=element)
    participant = root.find(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    if participant is not None:
        _write_shape(plane, participant.get("id") or "", drawing.pool, upright=True)
    for lane, box in drawing.lanes.items():
        _write_shape(plane, lane, box, upright=True)
    for node, box in drawing.shapes.items():
        _write_text(_write_shape(plane, node, box), drawing.texts.get(node))
    for flow, points in drawing.routes.items():
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{flow}_edge", bpmnElement=flow)
        for point in points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{point.x:g}", y=f"{point.y:g}")
        _write_text(edge, drawing.texts.get(flow))
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _write_shape(plane: etree._Element, element: str, box: Bounds, *, upright: bool = False) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{element}_shape", bpmnElement=element)
    if upright:
        shape.set("isHorizontal", "false")
    _write_box(shape, box)
    return shape


def _write_text(holder: etree._Element, box: Bounds | None) -> None:
    if box is not None:
        _write_box(etree.SubElement(holder, f"{{{BPMNDI}}}BPMNLabel"), box)


def _write_box(holder: etree._Element, box: Bounds) -> None:
    sizes = {name: f"{value:g}" for name, value in zip(box._fields, box, strict=True)}
    etree.SubElement(holder, f"{{{DC}}}Bounds", sizes)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_bytes(lay_out(Path(name).read_bytes()))
