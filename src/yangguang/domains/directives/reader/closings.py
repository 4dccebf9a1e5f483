"""Where a duty names its units: labelled lines, trailing brackets and closing sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yangguang.domains.directives.reader import labels
from yangguang.domains.directives.reader.labels import DEADLINE, PERSON
from yangguang.domains.directives.reader.roles import (
    DATE_ONLY,
    DATED_CLAUSE,
    Roles,
    label_kind,
    read_labelled,
    read_list,
    read_phrase,
)
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.units import STRONG, is_unit, split_units

LONGEST_BRACKET = 3000
SENTENCE = re.compile(r"[^。;\n]+(?:[。;]|\n|$)")
CLOSING_START = re.compile(
    r"^\s*[(\[]?(?:(?:此|该|本|这|上述|以上|前述|上列)(?:项|些|几项|部分|条|各项|一)*(?:重点)?(?:工作|任务|事项|内容|目标|措施|活动|行动)+|(?:主要|具体|统一|分别|拟)?由(?!于|此)[^,。;]{2,200}?(?:牵头|负责|承办|落实|实施|组织|配合))"
)
UPWARD = re.compile(
    r"^\s*[(\[]?(?:(?:以上|上述|前述|上列|本(?:部分|章|节|方面))(?:各项|[一二三四五六七八九十\d]+项|几项|事项|工作|任务|内容|措施)?|第?\(?[一二三四五六七八九十\d]+\)?(?:项|条)?(?:[、和,]\(?[一二三四五六七八九十\d]+\)?(?:项|条)?)*(?:[至到-]\(?[一二三四五六七八九十\d]+\)?)?(?:项|条))"
)
SECOND_PLATE = re.compile(r"[厅局委办部院署室会中心]$")
#: …,列第一位的为牵头单位,下同: what a bracket says of all lists, not of its own.
CONVENTION = re.compile(
    r"[,;。](?:[^,;。()]{0,8}(?:第一|首位|排在前|列在前)[^,;。()]{0,12}[为是系][^,;。()]{0,12})?(?:[,;。]?以?下(?:均)?同)?[。]?$"
)
VALUE_END = re.compile(r"[。]|\n")
CONTINUES = re.compile(r"[、,及和与:]\s*$")


@dataclass
class Closing:
    """A piece of text that names units: `start` and `end` are places in the item's content."""

    start: int
    end: int
    roles: Roles
    source: str  # line, bracket or sentence
    upward: bool = False  # speaks of several items above


def find_closings(content: Strand) -> list[Closing]:
    """Return the closings of an item's content in order, none overlapping another."""
    taken = _Taken(len(content))
    found: list[Closing] = []
    for find in (_brackets, _labelled, _bare_labels, _sentences):
        more = find(content, taken)
        found += more
        for closing in more:
            taken.take(closing)
    return sorted(found, key=lambda closing: closing.start)


class _Taken:
    """The places closings hold, as a mask over the content."""

    def __init__(self, length: int) -> None:
        self.mask = bytearray(length)

    def free(self, start: int, end: int) -> bool:
        """Say whether no closing holds any of the place."""
        return self.mask.find(1, start, end) < 0

    def take(self, closing: Closing) -> None:
        """Mark a closing's place as held."""
        self.mask[closing.start : closing.end] = b"\x01" * (closing.end - closing.start)


def _brackets(content: Strand, taken: _Taken) -> list[Closing]:
    closings: list[Closing] = []
    for start, end in bracket_pairs(content.key):
        inner = content[start + 1 : end - 1]
        closing = _bracket(content, start, end, inner.strip())
        if closing and taken.free(start, end):
            closings.append(closing)
    return closings


def bracket_pairs(key: str) -> list[tuple[int, int]]:
    """Return the outermost matched brackets, shortest enough to be a list of units."""
    pairs, open_at = [], []
    for place, char in enumerate(key):
        if char in "([":
            open_at.append(place)
        elif char in ")]" and open_at:
            start = open_at.pop()
            if not open_at and place - start <= LONGEST_BRACKET:
                pairs.append((start, place + 1))
        elif char == "\n" and open_at and place - open_at[0] > LONGEST_BRACKET:
            open_at.clear()
    return pairs


def _bracket(content: Strand, start: int, end: int, inner: Strand) -> Closing | None:
    inner = inner.without(CONVENTION).strip()
    if len(inner) < 2:
        return None
    label = labels.line_label().match(inner.key)
    if label:
        roles = read_labelled(inner)
        return (
            Closing(start, end, roles, "bracket")
            if roles or roles.deadlines or roles.supervisors or roles.unresolved
            else None
        )
    if content.key[max(0, start - 1) : start] == "]" or content.key[start] == "[" and re.match(r"^\d{4}$", inner.key):
        return None
    listing, dates = _dates_apart(inner)
    roles, complete = read_phrase(listing)
    if complete:
        roles.deadlines.extend(dates)
        return Closing(start, end, roles, "bracket")
    if listing and _bare_list(content, start, end, listing):
        roles = read_list(labels.RESPONSIBLE, listing)
        roles.deadlines.extend(dates)
        return Closing(start, end, roles, "bracket")
    return None


def _dates_apart(inner: Strand) -> tuple[Strand, list[Strand]]:
    """Part a closing date (市财政局,6月底前) from the units before it."""
    dates: list[Strand] = []
    while cut := re.search(r"[,;。](?=[^,;。、]*$)", inner.key):
        clause = inner[cut.end() :].strip()
        if not (DATE_ONLY.match(clause.key) or DATED_CLAUSE.match(clause.key)):
            break
        dates.insert(0, clause)
        inner = inner[: cut.start()]
    return inner, dates


def _bare_list(content: Strand, start: int, end: int, inner: Strand) -> bool:
    """Say whether brackets without a verb hold the units of the sentence before them."""
    before = content.key[:start].rstrip()
    after = content.key[end : end + 1]
    if after and after not in "\n。;" or not before:
        return False
    tokens = [token.packed().key for token in split_units(inner)]
    sound = sum(len(token) >= 3 and is_unit(token, listed=True) for token in tokens)
    if before[-1] in "。;!”" and sound * 10 >= len(tokens) * 7 and sound:
        return True
    if not tokens or sound < len(tokens):
        return False
    strong = all(is_unit(token) or STRONG.search(token) for token in tokens)
    return (
        strong
        and not SECOND_PLATE.search(before)
        and (after == "\n" or not content.key[end:].strip(" 。\n") or len(tokens) > 1)
    )


def _labelled(content: Strand, taken: _Taken) -> list[Closing]:
    """Find runs of labels with values; a run ends where a value ends and no label follows."""
    matches = [m for m in labels.line_label().finditer(content.key) if taken.free(m.start(), m.end())]
    closings: list[Closing] = []
    place = 0
    while place < len(matches):
        start = matches[place].start()
        end, place = _run(content, matches, place)
        roles = read_labelled(content[start:end])
        if not roles and not roles.deadlines and not roles.supervisors:
            continue
        if not roles and roles.deadlines and not _own_line(content, start):
            continue
        closings.append(Closing(start, end, roles, "line"))
    return closings


def _own_line(content: Strand, start: int) -> bool:
    before = content.key[:start].rstrip(" ")
    return not before or before[-1] in "\n。;"


def _run(content: Strand, matches: list[re.Match[str]], place: int) -> tuple[int, int]:
    while True:
        limit = matches[place + 1].start() if place + 1 < len(matches) else len(content)
        kind = label_kind(matches[place])
        end = _value_end(content.key, matches[place].end(), limit, kind)
        place += 1
        if place >= len(matches) or content.key[end:limit].strip(" 。;,\n、([") != "":
            return end, place


def _value_end(key: str, start: int, limit: int, kind: str) -> int:
    """Return where a label's value ends: at a full stop, or at a line end unless the list goes on."""
    place = start
    while True:
        match = VALUE_END.search(key, place, limit)
        if match is None:
            return limit
        if match.group() == "。":
            return match.end()
        so_far = key[start : match.start()]
        following = key[match.end() : limit].split("\n", 1)[0].strip()
        if so_far.strip() and not CONTINUES.search(so_far) and not _goes_on(so_far, following, kind):
            return match.end()
        place = match.end()


def _goes_on(so_far: str, following: str, kind: str) -> bool:
    """Say whether the next line carries on the list (a torn name, or more units)."""
    if not following or kind == DEADLINE or len(following) > 200:
        return False
    if following.startswith(("、", ",")):
        return True
    if kind == PERSON or re.match(r"^[(]?[一二三四五六七八九十\d]{1,3}[)、.]", following):
        return False
    tokens = [t.packed().key for t in split_units(Strand(following, following, range(len(following))))]
    units = bool(tokens) and all(is_unit(token, listed=True) for token in tokens)
    last = re.split("[、,]", so_far)[-1].strip()
    torn = not is_unit(last, listed=True) and len(following) <= 60 and "、" in so_far + following
    return units or torn and not re.search("[。;]", following[:-1])


def _bare_labels(content: Strand, taken: _Taken) -> list[Closing]:
    """Find 责任单位 市发改委: a label at a line's start without its colon."""
    closings: list[Closing] = []
    for match in labels.bare_label().finditer(content.key):
        kind = match.lastgroup or ""
        end = content.key.find("\n", match.end())
        end = len(content) if end < 0 else end
        if not taken.free(match.start(), end):
            continue
        value = content[match.end() : end]
        tokens = [token.packed().key for token in split_units(value)]
        if tokens and all(is_unit(token, listed=True) for token in tokens):
            closings.append(Closing(match.start(), end, read_list(kind, value), "line"))
    return closings


def _sentences(content: Strand, taken: _Taken) -> list[Closing]:
    closings = []
    for match in SENTENCE.finditer(content.key):
        start, end = match.span()
        if end - start > 1200 or not taken.free(start, end):
            continue
        sentence = content[start:end]
        stripped = sentence.strip("。;")
        if not stripped or not re.search("牵头|负责|配合|落实|承办|实施|主办|协办|组织|参加|参与", stripped.key):
            continue
        roles, complete = read_phrase(stripped, strict=True)
        if complete and (roles.lead or roles.support or roles.responsible or CLOSING_START.match(stripped.key)):
            closings.append(Closing(start, end, roles, "sentence", bool(UPWARD.match(stripped.key))))
    return closings
