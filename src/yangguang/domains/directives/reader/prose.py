"""Numbered and running text into duties."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from yangguang.domains.directives.reader import labels
from yangguang.domains.directives.reader.closings import Closing, find_closings
from yangguang.domains.directives.reader.deadlines import find_deadlines
from yangguang.domains.directives.reader.headings import LABEL, Item, outline
from yangguang.domains.directives.reader.numerals import DAY
from yangguang.domains.directives.reader.records import Deadline, Duty, Warn
from yangguang.domains.directives.reader.roles import Roles
from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.subjects import named_in_text, only_units, subject_at, subjects
from yangguang.domains.directives.reader.targets import find_targets
from yangguang.domains.directives.reader.units import is_unit, split_units

GENERAL = re.compile(
    r"总体要求|指导思想|基本原则|总体思路|总体目标|工作目标|主要目标|目标要求|工作原则|总体安排|发展目标|基本目标|工作思路|目标和原则|年度目标|预期目标|"
    r"^(?:目标|原则|目标任务|任务目标|基本要求|总体考虑|重要意义|目的意义|工作背景|适用范围|总则|附则)$|原则和目标|思想和目标|目的和意义"
)
#: The closing article of a rule: who explains it and from when it is in force.
CLOSES = re.compile(r"^\s*(?:本|此)[^,。;]{1,12}(?:由[^,。;]{2,24}负责解释|自[^,。;]{1,16}起(?:施行|执行|实施|生效))")
#: What units owe the issuer of the whole notice: 于…前报送…
REPORTS = re.compile(
    r"(?:请|各(?:牵头|责任|承办|主办|有关|相关)?单位)[^。;]{0,40}(?:于|在|按)[^,。;]{2,24}(?:前|内|日)[^。;]{0,40}(?:报|送|反馈)"
)
SENTENCE_END = re.compile("[。!?]")
LONGEST_RUN_IN = 45
WORD_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
ONE_BLANK = re.compile(r"([\u4e00-\u9fff“”、]{4,16}) (?=[\u4e00-\u9fff]{4})")


#: The closing formula of a cover letter sets no duty of its own.
FORMULA = re.compile(r"^请.{0,50}(?:贯彻|遵照|认真|组织|参照|研究|一并)?(?:执行|落实|实施|抓好落实)[。!]$")


@dataclass
class Scope:
    """What the reader knows of the notice while it reads its items."""

    year: int | None
    path: tuple[str, ...] = ()
    by_sentence: bool = False  # the notice is a cover whose attachment is not on the page
    wrapped: int = 0  # width at which lines were broken, 0 where lines are paragraphs
    warnings: list[Warn] = field(default_factory=list)
    last_words: list[Strand] = field(default_factory=list)  # paragraphs about the whole notice behind its last item
    understood: list[Strand] = field(default_factory=list)  # headings, labels and lists that gave fields or paths


def read_prose(flow: Strand, scope: Scope, inline_deep: bool = False) -> tuple[Strand, list[Duty]]:
    """Read running text; return what stands before the first label, and the duties."""
    scope.wrapped = wrap_width(flow)
    before, items = outline(flow, inline_deep)
    _cut_tails(items, scope)
    found = {id(item): find_closings(item.content) for item in items}
    run_in = _run_in_ranks(items, found)
    duties: list[tuple[Item, Duty]] = []
    for item in items:
        heading, body_start = split_heading(item, found[id(item)], scope.wrapped, run_in)
        item.heading = heading
        scope.understood += [item.label, *([heading] if heading is not None else [])]
        scope.understood += [item.content[closing.start : closing.end] for closing in found[id(item)]]
        if not item.children:
            duties.extend((item, duty) for duty in _leaf(item, heading, body_start, found[id(item)], scope))
    _inherit(duties, items, found)
    read = [duty for _, duty in duties]
    for words in scope.last_words:
        read.extend(obligations(words, scope))
    scope.last_words.clear()
    return before, read


def _cut_tails(items: list[Item], scope: Scope) -> None:
    """Take signature, date and the next paper's title off the last item before a numbering starts anew."""
    many_lined = [item for item in items if "\n" in item.content.key.strip()]
    for item, following in zip(items, [*items[1:], None], strict=False):
        if following is None or (following.parent is None and following.number == 1):
            _cut_last_words(item, scope)
            if len(many_lined) <= 1:
                _cut_last_request(item, many_lined, scope)
            end = _tail_start(item.content)
            if end < len(item.content):
                scope.warnings.append(warn("page_text", item.content[end:]))
                item.content = item.content[:end]


def _cut_last_words(item: Item, scope: Scope) -> None:
    """Take a paragraph about the whole notice off its last item, where the item is closed by its units before."""
    closings = [closing for closing in find_closings(item.content) if closing.roles and closing.source != "sentence"]
    if item.children:
        return
    if not closings:
        _cut_report(item, scope)
        return
    end = closings[-1].end
    rest = item.content.key[end:]
    own_line = item.content.key[end - 1] == "\n" or rest.lstrip(" 。;").startswith("\n")
    if own_line and item.content.key[: closings[0].start].strip() and rest.strip(" 。;\n"):
        tail = item.content[end:]
        if obligations(tail, scope):
            scope.last_words.append(tail)
            item.content = item.content[:end]


def _cut_last_request(item: Item, many_lined: list[Item], scope: Scope) -> None:
    """Take 请各部门于…前报… off the last item, where it stands on lines of its own and no item has two lines."""
    body, _, rest = item.content.key.strip().partition("\n")
    if scope.wrapped or not rest or not body.endswith("。") or item.children:
        return
    if many_lined != [item]:
        return
    end = item.content.key.find("\n", len(item.content.key) - len(item.content.key.lstrip()))
    tail = item.content[end:]
    if subject_at(tail.strip(), 0):
        scope.last_words.append(tail)
        item.content = item.content[:end]


def _cut_report(item: Item, scope: Scope) -> None:
    """Take a paragraph of its own that asks units to report (请各县区于3月底前报…) off an item of one paragraph."""
    lines = item.content.lines()
    if len(lines) != 2 or lines[0].key[-1] not in "。;!" or not REPORTS.match(lines[1].key):
        return
    start = item.content.key.rstrip().rfind("\n")
    scope.last_words.append(lines[1])
    item.content = item.content[:start]


def _tail_start(content: Strand) -> int:
    """Return where lines without a sentence end begin at the end of a content of several lines."""
    end, dated = len(content), False
    while True:
        text = content.key[:end].rstrip()
        start = text.rfind("\n") + 1
        line = text[start:].strip()
        if not start or not line or len(line) > 45 or line[-1] in "。;!?)]”:、,":
            return end
        dated = dated or bool(DAY.search(line))
        if labels.line_label().search(line) or (not dated and is_list(line)) or LABEL.match(line):
            return end
        end = start


def is_list(key: str) -> bool:
    """Say whether folded text is a list of units and nothing else."""
    tokens = [token.word() for token in split_units(Strand(key, key, range(len(key))))]
    return bool(tokens) and all(is_unit(token, listed=True) for token in tokens)


def wrap_width(flow: Strand) -> int:
    """Return the width at which the text was broken into lines, or 0."""
    lengths = [len(line) for line in flow.key.split("\n") if line.strip()]
    open_ends = [
        len(line.rstrip()) for line in flow.key.split("\n") if line.strip() and line.rstrip()[-1] not in "。;:!?)"
    ]
    counts = Counter(length for length in open_ends if length >= 18)
    if not counts:
        return 0
    width, _ = counts.most_common(1)[0]
    near = sum(count for length, count in counts.items() if abs(length - width) <= 2)
    return width if near >= 5 and near * 10 >= len(lengths) * 3 else 0


def _run_in_ranks(items: list[Item], found: dict[int, list[Closing]]) -> set[int]:
    """Return the ranks whose items mostly open with a short sentence: a run-in heading."""
    tallies: dict[int, list[int]] = {}
    for item in items:
        if item.children:
            continue
        first = _first_sentence(item.content, found[id(item)])
        tally = tallies.setdefault(item.rank, [0, 0])
        tally[0] += 1
        tally[1] += bool(first)
    return {rank for rank, (count, short) in tallies.items() if short * 10 >= count * 6}


def _first_sentence(content: Strand, closings: list[Closing]) -> int:
    """Return where a short first sentence ends, if body follows it; else 0."""
    match = SENTENCE_END.search(content.key, 0, LONGEST_RUN_IN + 8)
    if not match or "\n" in content.key[: match.start()].strip():
        return 0
    rest = join(free_parts(content, closings, match.end())).packed()
    first = content.key[: match.start()].strip()
    if len(first) > LONGEST_RUN_IN or len(rest) < 4 or re.search("[;:]", first):
        return 0
    return match.end()


def free_parts(content: Strand, closings: list[Closing], start: int = 0) -> list[Strand]:
    """Return the parts of the content outside its closings, from `start` on."""
    parts, last = [], start
    for closing in closings:
        if closing.end <= start:
            continue
        parts.append(content[last : max(last, closing.start)])
        last = max(last, closing.end)
    parts.append(content[last:])
    return parts


def split_heading(item: Item, closings: list[Closing], wrapped: int, run_in: set[int]) -> tuple[Strand | None, int]:
    """Return the heading of an item and where its body begins."""
    content = item.content
    first = next((m for m in re.finditer(r"[^\n]*\S[^\n]*", content.key)), None)
    if first is None:
        return None, 0
    line = content[first.start() : first.end()]
    early = closings[0] if closings and closings[0].start < first.end() else None
    if early and _heading_before(line, early.start - first.start(), item):
        return content[: early.start].strip("。:;"), early.start
    if item.children:
        stop = SENTENCE_END.search(line.key)
        end = stop.end() if stop and stop.start() <= 60 else len(line)
        return line[:end].strip("。:;"), first.start() + end
    return _leaf_heading(item, content, line, first.end(), closings, wrapped, run_in)


def _heading_before(line: Strand, place: int, item: Item) -> bool:
    """Say whether the words before an early bracket are the heading the body follows."""
    words = line.key[:place].strip()
    if not 2 <= len(words) <= LONGEST_RUN_IN or re.search("[。;]", words):
        return False
    return bool(item.children) or len(item.content.key[place:].strip()) > 0


def _leaf_heading(
    item: Item, content: Strand, line: Strand, line_end: int, closings: list[Closing], wrapped: int, run_in: set[int]
) -> tuple[Strand | None, int]:
    rest = join(free_parts(content, closings, line_end)).packed()
    bare = line.key.rstrip()
    own_line = len(rest) >= 6 and bare and bare[-1] not in "。;,、!?" and len(bare) <= 60
    if own_line and not (wrapped and len(bare) >= wrapped - 3) and not re.search("[。;]", bare):
        return line.strip("。:;"), line_end
    end = _first_sentence(content, closings)
    opens = len(content) - len(content.key.lstrip())
    if end and (item.rank in run_in or end <= 22) and not subject_at(content, opens):
        return content[:end].strip("。"), end
    gap = re.match(r"\s*([\u4e00-\u9fff“”、]{4,25})(?:\s{2,}|\u3000)(?=[\u4e00-\u9fff]{4})", content.key)
    if gap and gap.end() < len(line):
        return content[gap.start(1) : gap.end(1)], gap.end()
    return _before_only_blank(line)


def _before_only_blank(line: Strand) -> tuple[Strand | None, int]:
    """Take 一、加强领导 各部门要… apart where the line has no other blank between words."""
    blanks = WORD_BLANK.findall(line.key)
    gap = ONE_BLANK.match(line.key) if len(blanks) == 1 else None
    if gap and "。" in line.key[gap.end() :]:
        return line[gap.start(1) : gap.end(1)], gap.end()
    return None, 0


def _leaf(item: Item, heading: Strand | None, body_start: int, closings: list[Closing], scope: Scope) -> list[Duty]:
    named = [*(above.heading for above in item.above()), heading]
    general = any(words is not None and GENERAL.search(words.word()) for words in named)
    opening = item.content.key[:40].split(maxsplit=1)
    general = general or len(opening) == 2 and bool(GENERAL.fullmatch(opening[0]))
    general = general or bool(CLOSES.search(item.content.key[:80]))
    with_units = [closing for closing in closings if closing.roles and not closing.upward]
    if general and not with_units:
        scope.warnings.append(warn("general_section", join([item.label, item.content])))
        return []
    path = [*scope.path, *(_step(above, above.heading) for above in item.above()), _step(item, heading)]
    number = item.label.packed().raw
    if scope.by_sentence and not with_units and item.parent is None:
        return _sentences(item.content[body_start:], path, number, scope)
    return [
        duty for duty in _parts(item.content, body_start, heading, closings, path, scope) for duty.number in [number]
    ]


def _step(item: Item, heading: Strand | None) -> str:
    return item.label.packed().raw + (heading.packed().raw if heading is not None else "")


def _parts(
    content: Strand, body_start: int, heading: Strand | None, closings: list[Closing], path: list[str], scope: Scope
) -> list[Duty]:
    """Make one duty of an item, or several where it closes several times with units of their own."""
    groups = _part_groups(content, body_start, closings)
    duties: list[Duty] = []
    for texts, group in groups:
        text = _without_dash(join(texts, "\n").strip())
        if heading is not None and not text:
            text, heading = heading, None
        if not text:
            continue
        duty = make_duty(text, group, scope, heading if not duties else None)
        duty.path = list(path)
        duty.title = heading if len(groups) == 1 or not duties else None
        duties.append(duty)
    return duties


def _without_dash(text: Strand) -> Strand:
    """Take the dash off that led over to a line of units."""
    return text.strip("-") if text.key.endswith("-") and not text.key.startswith("-") else text


def _part_groups(content: Strand, body_start: int, closings: list[Closing]) -> list[tuple[list[Strand], list[Closing]]]:
    groups: list[tuple[list[Strand], list[Closing]]] = []
    texts: list[Strand] = []
    held: list[Closing] = []
    place = body_start
    for closing in [closing for closing in closings if not closing.upward]:
        piece = content[place : max(place, closing.start)]
        place = max(place, closing.end)
        words = piece.strip("。;,、")
        if len(words) >= 6 and texts and any(other.roles for other in held) and closing.roles:
            groups.append((texts, held))
            texts, held = [], []
        if words:
            texts.append(piece)
        held.append(closing)
    tail = content[place:]
    for closing in closings:
        if closing.upward and closing.start >= place:
            tail = join([content[place : closing.start], content[closing.end :]])
    if tail.strip("。;,、"):
        texts.append(tail)
    groups.append((texts, held))
    return [(texts, held) for texts, held in groups if texts or held]


def make_duty(text: Strand, closings: list[Closing], scope: Scope, heading: Strand | None = None) -> Duty:
    """Make a duty of its text and the closings that belong to it."""
    roles = Roles()
    source = "none"
    for closing in closings:
        roles.take(closing.roles)
        if closing.roles and source == "none":
            source = closing.source
    text = text.strip().packed()
    if not roles and heading is not None:
        roles.add("responsible", only_units(heading.packed()))
        source = "text" if roles else "none"
    if not roles:
        in_text = named_in_text(text)
        if not in_text and heading is not None:
            in_text.add("responsible", only_units(heading))
        in_text.add("responsible", [] if in_text else subjects(text).responsible)
        roles.take(in_text)
        source = "text" if in_text else "none"
    elif roles.marked:
        source = "role_mark"
    return duty_of(text, roles, source, scope, heading)


def duty_of(text: Strand, roles: Roles, source: str, scope: Scope, heading: Strand | None = None) -> Duty:
    """Put roles, deadlines and targets of one text together."""
    roles.settled()
    deadlines, warnings = find_deadlines(text, scope.year)
    if heading is not None:
        more, doubts = find_deadlines(heading.packed(), scope.year)
        deadlines, warnings = more + deadlines, doubts + warnings
    for expr in roles.deadlines:
        more, doubts = find_deadlines(expr.packed(), scope.year, labelled=True)
        said = {(deadline.expr.word(), deadline.date) for deadline in deadlines}
        if more and all((deadline.expr.word(), deadline.date) in said for deadline in more):
            continue
        deadlines.extend(more or [Deadline(expr, None, "vague")])
        warnings.extend(doubts if more else [warn("vague_deadline", expr)])
    duty = Duty([], heading, text, roles.lead, roles.support, roles.responsible, roles.persons)
    duty.deadlines = deadlines
    duty.targets = find_targets(text)
    for goal in roles.goals:
        duty.targets.extend(find_targets(goal.packed()))
    duty.role_source = source
    duty.warnings = warnings + [warn("unit_unresolved", unit) for unit in roles.unresolved]
    duty.warnings += [warn("open_list", words) for words in roles.open_lists]
    duty.warnings += [warn("supervising_unit", unit) for unit in roles.supervisors]
    return duty


def warn(code: str, words: Strand) -> Warn:
    """Make a warning about some words of the notice."""
    packed = words.packed()
    spans = packed.spans()
    return Warn(code, packed.raw[:200], (spans[0][0], spans[-1][1]) if spans else (0, 0))


def _sentences(body: Strand, path: list[str], number: str, scope: Scope) -> list[Duty]:
    """Make one duty of each sentence; a sentence without a subject keeps the one before."""
    duties: list[Duty] = []
    for sentence in _whole_sentences(body):
        duty = make_duty(sentence, [], scope)
        duty.path, duty.number = list(path), number
        if not duty.units() and duties:
            duty.responsible = list(duties[-1].responsible)
            duty.role_source = duties[-1].role_source
        duties.append(duty)
    return duties


def _whole_sentences(body: Strand) -> list[Strand]:
    pieces, last = [], 0
    for match in re.finditer(r"[。!?]”?", body.key):
        pieces.append(body[last : match.end()].strip())
        last = match.end()
    pieces.append(body[last:].strip())
    return [piece for piece in pieces if len(piece) >= 6]


def _inherit(duties: list[tuple[Item, Duty]], items: list[Item], found: dict[int, list[Closing]]) -> None:
    """Give units named at a group's heading, or below it for all above, to its duties that name none."""
    for item in items:
        if not item.children:
            continue
        for closing in found[id(item)]:
            if closing.roles:
                _give([duty for other, duty in duties if item in other.above()], closing)
    for place, (item, duty) in enumerate(duties):
        for closing in found[id(item)]:
            if closing.upward and closing.roles:
                above = [other for it, other in duties[: place + 1] if it.parent is item.parent]
                _give(above, closing)
                if duty not in above:
                    _give([duty], closing)
    _colon_groups(duties)
    _last_speaks_for_all(duties, items)


def _colon_groups(duties: list[tuple[Item, Duty]]) -> None:
    """Where a heading ends in a colon, units only its last item names hold for all its items."""
    for place, (item, last) in enumerate(duties):
        parent = item.parent
        if parent is None or item is not parent.children[-1] or not parent.content.key.rstrip().endswith(":"):
            continue
        if last.role_source != "line":
            continue
        for other, duty in duties[max(0, place - len(parent.children)) : place]:
            if other.parent is parent and not duty.units():
                duty.lead, duty.support, duty.responsible = list(last.lead), list(last.support), list(last.responsible)
                duty.role_source = last.role_source


def _give(duties: list[Duty], closing: Closing) -> None:
    roles = Roles()
    roles.take(closing.roles)
    roles.settled()
    for duty in duties:
        if duty.units() and duty.role_source != "text" and not duty.lead and not duty.support and roles.lead:
            duty.lead, duty.support, duty.responsible = list(roles.lead), duty.responsible, []
        if not duty.units() or duty.role_source == "text":
            duty.lead, duty.support, duty.responsible = list(roles.lead), list(roles.support), list(roles.responsible)
            duty.persons = duty.persons or list(roles.persons)
            duty.role_source = closing.source


def _last_speaks_for_all(duties: list[tuple[Item, Duty]], items: list[Item]) -> None:
    """Where in two or more groups only the last item names units, they hold for its whole group."""
    groups: dict[int, list[Duty]] = {}
    for item, duty in duties:
        if item.parent is not None:
            groups.setdefault(id(item.parent), []).append(duty)
    closed = ("line", "bracket", "sentence")
    only_last = [
        group
        for group in groups.values()
        if len(group) >= 2
        and group[-1].role_source in closed
        and not any(d.role_source in (*closed, "role_mark") for d in group[:-1])
    ]
    whole = [group for group in groups.values() if len(group) >= 2]
    if len(only_last) < 2 or len(only_last) * 10 < len(whole) * 6:
        return
    for group in only_last:
        last = group[-1]
        for duty in group[:-1]:
            duty.lead, duty.support, duty.responsible = list(last.lead), list(last.support), list(last.responsible)
            duty.role_source = last.role_source


def many_subjects(flow: Strand) -> bool:
    """Say whether plain sections without sub-items set duties to three or more subjects, sentence by sentence."""
    _, items = outline(flow)
    if not items or any(item.children for item in items):
        return False
    seen = set()
    for item in items:
        for sentence in _whole_sentences(item.content):
            place = len(sentence) - len(sentence.key.lstrip())
            seen.add("、".join(unit.word() for unit in subject_at(sentence, place)))
    return len(seen - {""}) >= 3


def obligations(flow: Strand, scope: Scope) -> list[Duty]:
    """Read unnumbered text: paragraphs closed by units of their own, else those whose subject must act."""
    closings = find_closings(flow)
    if any(closing.roles for closing in closings):
        return _unnumbered(flow, closings, scope)
    duties: list[Duty] = []
    for line in flow.lines():
        for text in [line] if subject_at(line, 0) else _dated_sentences(line):
            if len(text) >= 12 and not FORMULA.match(text.word()) and text.key.rstrip()[-1:] in "。;!":
                duty = make_duty(text, [], scope)
                duty.path = list(scope.path)
                duties.append(duty)
    return duties


def _dated_sentences(line: Strand) -> list[Strand]:
    """Return the later sentences of a paragraph that set a unit a last day or a term."""
    return [
        sentence
        for sentence in _whole_sentences(line)[1:]
        if subject_at(sentence, 0) and any(d.kind in ("by", "relative") for d in find_deadlines(sentence, 2000)[0])
    ]


def _unnumbered(flow: Strand, closings: list[Closing], scope: Scope) -> list[Duty]:
    duties: list[Duty] = []
    for texts, group in _part_groups(flow, 0, closings):
        if not any(closing.roles for closing in group):
            continue
        lines = join(texts, "\n").lines()
        if not duties:
            lines = lines[-1:]
        heading = lines[0] if len(lines) > 1 and lines[0].key[-1] not in "。;,:" and len(lines[0]) <= 40 else None
        text = join(lines[1:] if heading else lines, "\n").strip()
        if text:
            duty = make_duty(text, group, scope, heading)
            duty.path = [*scope.path, heading.packed().raw] if heading else list(scope.path)
            duties.append(duty)
    return duties
