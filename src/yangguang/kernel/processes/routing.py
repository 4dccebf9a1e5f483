"""Draws the arrows of a picture: right-angled lines on a grid that go round boxes, turn seldom and never overlap."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from yangguang.kernel.processes.vocabulary import Bounds, Point

GRID = 10
"""Distance of two neighbouring lines of the grid, in pixels; all boxes have their middle on it."""

_TURN, _CROSS, _NEAR_BOX, _USED_PORT = 10, 14, 4, 60
_DOWN, _SIDE, _UP = 0, 12, 40


class _Cell(NamedTuple):
    x: int
    y: int


_STEPS = (_Cell(0, 1), _Cell(1, 0), _Cell(0, -1), _Cell(-1, 0))


class _Port(NamedTuple):
    """Where an arrow may touch a box, which way it leaves, and what that costs."""

    cell: _Cell
    way: _Cell
    cost: int


@dataclass
class Router:
    """Routes arrows one after the other; each one sees those before it."""

    width: int
    height: int
    boxes: list[Bounds]
    texts: list[Bounds] = field(default_factory=list)
    _blocked: set[_Cell] = field(default_factory=set)
    _near: set[_Cell] = field(default_factory=set)
    _lines: set[frozenset[_Cell]] = field(default_factory=set)
    _visited: dict[_Cell, int] = field(default_factory=dict)
    _turns: set[_Cell] = field(default_factory=set)
    _ports: dict[_Cell, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for box in self.boxes:
            self._blocked |= set(_cells(box, 0))
            self._near |= set(_cells(box, GRID))
        for text in self.texts:
            self._near |= set(_cells(text, 0))

    def route(self, source: Bounds, target: Bounds) -> tuple[Point, ...]:
        """Corner points from one box to another; a straight line where there is no way round."""
        starts = list(self._touching(source, (_DOWN, _SIDE, _UP)))
        goals = {port.cell: port for port in self._touching(target, (_UP, _SIDE, _DOWN))}
        path = self._search(starts, goals)
        if not path:
            return (_middle(source), _middle(target))
        self._keep(path)
        return tuple(Point(cell.x * GRID, cell.y * GRID) for cell in _corners(path))

    def _touching(self, box: Bounds, costs: tuple[int, int, int]) -> Iterator[_Port]:
        """Ports of a box: the middle of each side, and on wide boxes two more above and below."""
        x, y = round((box.x + box.width / 2) / GRID), round((box.y + box.height / 2) / GRID)
        half_x, half_y = round(box.width / 2 / GRID), round(box.height / 2 / GRID)
        spread = (0, -3, 3) if half_x >= 5 else (0,)
        below, beside, above = costs
        for shift in spread:
            extra = 8 if shift else 0
            yield self._port(_Cell(x + shift, y + half_y), _STEPS[0], below + extra)
            yield self._port(_Cell(x + shift, y - half_y), _STEPS[2], above + extra)
        for shift in (0, -1, 1) if half_y >= 3 else (0,):
            extra = 8 if shift else 0
            yield self._port(_Cell(x + half_x, y + shift), _STEPS[1], beside + extra)
            yield self._port(_Cell(x - half_x, y + shift), _STEPS[3], beside + extra)

    def _port(self, cell: _Cell, way: _Cell, cost: int) -> _Port:
        return _Port(cell, way, cost + _USED_PORT * self._ports.get(cell, 0))

    def _search(self, starts: list[_Port], goals: dict[_Cell, _Port]) -> list[_Cell]:
        """Cheapest path; a state is a cell with the direction it was entered by."""
        queue: list[tuple[int, _Cell, _Cell]] = []
        best: dict[tuple[_Cell, _Cell], int] = {}
        before: dict[tuple[_Cell, _Cell], tuple[_Cell, _Cell]] = {}
        for port in starts:
            best[port.cell, port.way] = port.cost
            heapq.heappush(queue, (port.cost, port.cell, port.way))
        while queue:
            cost, cell, way = heapq.heappop(queue)
            if cost > best[cell, way]:
                continue
            if cell in goals and (cell, way) in before:
                return _trace(before, cell, way)
            first = (cell, way) not in before
            for step in (way,) if first else _STEPS:
                following = _Cell(cell.x + step.x, cell.y + step.y)
                price = self._price(cell, way, following, step, goals)
                if price and cost + price < best.get((following, step), 1 << 30):
                    best[following, step] = cost + price
                    before[following, step] = (cell, way)
                    heapq.heappush(queue, (cost + price, following, step))
        return []

    def _price(self, cell: _Cell, way: _Cell, following: _Cell, step: _Cell, goals: dict[_Cell, _Port]) -> int:
        """Cost of one step; 0 where it must not be taken."""
        goal = goals.get(following)
        if goal is not None and (step.x, step.y) != (-goal.way.x, -goal.way.y):
            return 0
        outside = not (0 < following.x < self.width // GRID and 0 < following.y < self.height // GRID)
        backwards = (step.x, step.y) == (-way.x, -way.y)
        taken = frozenset((cell, following)) in self._lines or following in self._turns
        if backwards or (goal is None and (outside or following in self._blocked or taken)):
            return 0
        price = 1 + (goal.cost if goal else 0)
        if step != way:
            if cell in self._visited:
                return 0
            price += _TURN
        price += _CROSS * self._visited.get(following, 0)
        if goal is None and following in self._near:
            price += _NEAR_BOX
        return price

    def _keep(self, path: list[_Cell]) -> None:
        self._lines.update(frozenset(pair) for pair in zip(path, path[1:], strict=False))
        for cell in path[1:-1]:
            self._visited[cell] = self._visited.get(cell, 0) + 1
        self._turns.update(_corners(path)[1:-1])
        for cell in (path[0], path[-1]):
            self._ports[cell] = self._ports.get(cell, 0) + 1


def place_text(points: tuple[Point, ...], size: tuple[float, float], taken: Iterable[Bounds]) -> Bounds:
    """Where the label of an arrow goes: beside its line, near its beginning, on nothing else."""
    width, height = size
    taken = list(taken)
    found: list[tuple[float, Bounds]] = []
    walked = 0.0
    for start, end in zip(points, points[1:], strict=False):
        length = abs(end.x - start.x) + abs(end.y - start.y)
        for share in (0.0, 0.25, 0.5, 0.75):
            for box in _beside(start, end, share, width, height):
                clash = sum(_overlap(box, other) for other in taken)
                found.append((clash * 10 + walked + share * length, box))
        walked += length
    return min(found, key=lambda one: one[0])[1]


def segments(points: tuple[Point, ...]) -> Iterator[Bounds]:
    """The lines of an arrow as thin boxes, for :func:`place_text` to keep off."""
    for start, end in zip(points, points[1:], strict=False):
        x, y = min(start.x, end.x) - 2, min(start.y, end.y) - 2
        yield Bounds(x, y, abs(end.x - start.x) + 4, abs(end.y - start.y) + 4)


def _beside(start: Point, end: Point, share: float, width: float, height: float) -> Iterator[Bounds]:
    if start.x == end.x:
        way = 1 if end.y > start.y else -1
        y = start.y + way * (6 + share * abs(end.y - start.y)) - (height if way < 0 else 0)
        yield Bounds(start.x + 5, y, width, height)
        yield Bounds(start.x - 5 - width, y, width, height)
    else:
        way = 1 if end.x > start.x else -1
        x = start.x + way * (6 + share * abs(end.x - start.x)) - (width if way < 0 else 0)
        yield Bounds(x, start.y - 4 - height, width, height)
        yield Bounds(x, start.y + 4, width, height)


def _overlap(one: Bounds, other: Bounds) -> float:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(across, 0) * max(down, 0)


def _cells(box: Bounds, margin: int) -> Iterator[_Cell]:
    for x in range(int((box.x - margin) // GRID), int((box.x + box.width + margin) // GRID) + 1):
        for y in range(int((box.y - margin) // GRID), int((box.y + box.height + margin) // GRID) + 1):
            yield _Cell(x, y)


def _middle(box: Bounds) -> Point:
    return Point(box.x + box.width / 2, box.y + box.height / 2)


def _trace(before: dict[tuple[_Cell, _Cell], tuple[_Cell, _Cell]], cell: _Cell, way: _Cell) -> list[_Cell]:
    path = [cell]
    while (cell, way) in before:
        cell, way = before[cell, way]
        path.append(cell)
    return path[::-1]


def _corners(path: list[_Cell]) -> list[_Cell]:
    kept = [path[0]]
    for before, here, after in zip(path, path[1:], path[2:], strict=False):
        if (here.x - before.x, here.y - before.y) != (after.x - here.x, after.y - here.y):
            kept.append(here)
    return [*kept, path[-1]]
