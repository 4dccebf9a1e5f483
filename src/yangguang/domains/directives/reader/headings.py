"""Numbered headings: every form of label, believed only where the numbering makes sense."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yangguang.domains.directives.reader.numerals import number
from yangguang.domains.directives.reader.strand import Strand

_C = "一二三四五六七八九十"
#: What follows the first figure of a year or month: 一、2010年…, 2.9月底前… open with a time, not a decimal.
_TIME = r"\d{3}年|\d?月"
#: rank -> pattern, outermost first.  The group `n` is the number.
LABELS: tuple[tuple[str, str], ...] = (
    ("part", rf"第(?P<n_part>[{_C}\d]{{1,3}})(?:章|部分|篇|编)[、:. ]?"),
    ("section", rf"第(?P<n_section>[{_C}\d]{{1,3}})节[、:. ]?"),
    ("article", rf"第(?P<n_article>[{_C}百\d]{{1,4}})条(?!第|款|的|规定|、|和|至|,)[、:. ]?"),
    ("one", rf"(?P<n_one>[{_C}]{{1,3}})[、.,](?![{_C}]{{1,2}}(?:[、,季是类级层线产等个月]))(?!\d(?!{_TIME}))"),
    ("two", rf"\(\s?(?P<n_two>[{_C}]{{1,3}}|-)\s?\)(?![至、和及,项款条])[、.]?|(?P<c_two>[㈠-㈩])[、.]?"),
    (
        "three",
        r"(?<![\d.第年月日至~(《〈-])(?P<n_three>\d{1,3})(?:\.(?!\s?\d)|\.(?=\s?\d{4}年|\s?\d{1,2}月)|、(?!\d{1,3}[、.年月日号项])|、(?=\d{4}年|\d{1,2}月(?:[底末初上中下]|\d{1,2}日))|\)(?!\())|(?P<c_three>[⒈-⒛])",
    ),
    ("four", r"\(\s?(?P<n_four>\d{1,3})\s?\)(?![至、和及,项款条])[、.]?|(?P<c_four>[⑴-⒇])[、.]?"),
    ("five", r"(?P<c_five>[①-⑳])[、.]?"),
)
RANK = {name: rank for rank, (name, _) in enumerate(LABELS)}
LABEL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in LABELS))
_CIRCLES = {"two": 0x3220 - 1, "three": 0x2488 - 1, "four": 0x2474 - 1, "five": 0x2460 - 1}
ENDS_SENTENCE = "。;!?)]”》:… "
NOT_BEFORE = re.compile(r"(?:第|按照?|依照|根据|即|述|及|和|与|本|至|见|以上|如下|之)$")


@dataclass(eq=False)
class Item:
    """A numbered item: its label, its own text up to the next label, and the items under it."""

    rank: int
    number: int
    label: Strand
    content: Strand
    line_start: bool = True
    parent: Item | None = None
    children: list[Item] = field(default_factory=list)
    place: int = 0
    heading: Strand | None = None

    def above(self) -> list[Item]:
        """Return the items this one stands under, outermost first."""
        chain: list[Item] = []
        item = self.parent
        while item is not None:
            chain.append(item)
            item = item.parent
        return chain[::-1]


def outline(flow: Strand, inline_deep: bool = False) -> tuple[Strand, list[Item]]:
    """Cut running text into its numbered items; the first value is the text before any label."""
    return _Outliner(flow, inline_deep).run()


class _Outliner:
    """Walks over label candidates and keeps those that continue a numbering."""

    def __init__(self, flow: Strand, inline_deep: bool) -> None:
        self.flow = flow
        self.key = flow.key
        self.inline_deep = inline_deep
        self.stack: list[Item] = []
        self.items: list[Item] = []
        self.running: dict[int, int] = {}
        self.starts: list[tuple[int, int]] = []

    def run(self) -> tuple[Strand, list[Item]]:
        for match in LABEL.finditer(self.key):
            rank = RANK[match.lastgroup or ""] if match.lastgroup in RANK else self._rank(match)
            value = _number(match)
            if value is None or value > 150:
                continue
            line_start = self._line_start(match.start())
            if self._plausible(match, rank, value, line_start):
                self._accept(match, rank, value, line_start)
        ends = [*[start for start, _ in self.starts[1:]], len(self.flow)][: len(self.items)]
        for item, (_, begin), end in zip(self.items, self.starts, ends, strict=True):
            item.content = self.flow[begin:end]
        before = self.flow[: self.starts[0][0]] if self.starts else self.flow
        return before, self.items

    @staticmethod
    def _rank(match: re.Match[str]) -> int:
        return next(RANK[name] for name, _ in LABELS if match[name] is not None)

    def _line_start(self, place: int) -> bool:
        before = self.key[max(0, place - 12) : place].rstrip(" *·●■□◆★“")
        return not before or before.endswith("\n")

    def _plausible(self, match: re.Match[str], rank: int, value: int, line_start: bool) -> bool:
        following = self.key[match.end() : match.end() + 2].strip()
        if not following or following[0] in "、,。;)项款条至":
            return False
        last, run = self._last(rank), self.running.get(rank, 0)
        next_in_order = value in (last + 1, run + 1)
        if line_start:
            return next_in_order or value == 1 or (last == run == 0 and value <= 30) or last < value <= last + 4
        if NOT_BEFORE.search(self.key[max(0, match.start() - 4) : match.start()]):
            return False
        return next_in_order and self._inline(match.start(), rank, value)

    def _inline(self, place: int, rank: int, value: int) -> bool:
        before = self.key[place - 1]
        if rank >= RANK["four"] and not self.inline_deep:
            return False
        if before in ENDS_SENTENCE or before == "\n":
            return rank < RANK["three"] or before != ";" or value > 1
        return rank in (RANK["two"], RANK["three"]) and self._under_bare_heading(place, rank)

    def _under_bare_heading(self, place: int, rank: int) -> bool:
        """Say whether a label follows a heading without a sentence end (一、加强公开(一)加强…)."""
        if not self.items or self.items[-1].rank >= rank:
            return False
        heading = self.key[self.starts[-1][1] : place]
        bare = not re.search("[。;]" if rank == RANK["two"] else r"[^\u4e00-\u9fff、“”]", heading)
        return 2 <= len(heading) <= (60 if rank == RANK["two"] else 30) and bare

    def _last(self, rank: int) -> int:
        for item in reversed(self.stack):
            if item.rank == rank:
                return item.number
            if item.rank < rank:
                break
        return 0

    def _accept(self, match: re.Match[str], rank: int, value: int, line_start: bool) -> None:
        while self.stack and self.stack[-1].rank >= rank:
            self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        label = self.flow[match.start() : match.end()]
        item = Item(rank, value, label, label[:0], line_start, parent, place=match.start())
        if parent is not None:
            parent.children.append(item)
        self.stack.append(item)
        self.items.append(item)
        self.starts.append((match.start(), match.end()))
        self.running[rank] = value


def _number(match: re.Match[str]) -> int | None:
    for name, _ in LABELS:
        groups = match.groupdict()
        if groups.get(f"n_{name}"):
            return 1 if groups[f"n_{name}"] == "-" else number(groups[f"n_{name}"])
        if groups.get(f"c_{name}"):
            return ord(groups[f"c_{name}"]) - _CIRCLES[name]
    return None
