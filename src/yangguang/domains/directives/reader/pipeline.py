"""From a decoded page to a reading: envelope, body, duties, doubts."""

from __future__ import annotations

import re
from typing import Any

from yangguang.domains.directives.reader.checks import check
from yangguang.domains.directives.reader.chrome import (
    ATTACHED,
    ATTACHMENT_LIST,
    ATTACHMENT_MARK,
    CUT,
    LISTED,
    ends_page,
    is_colophon,
    is_furniture,
)
from yangguang.domains.directives.reader.coverage import left_over
from yangguang.domains.directives.reader.envelope import Envelope, read_envelope
from yangguang.domains.directives.reader.headings import LABEL
from yangguang.domains.directives.reader.labels import line_label
from yangguang.domains.directives.reader.layout import Block, Table, blocks_of, cells_of
from yangguang.domains.directives.reader.prose import Scope, many_subjects, obligations, read_prose, warn
from yangguang.domains.directives.reader.records import Duty, Reading, Warn
from yangguang.domains.directives.reader.repairs import repair
from yangguang.domains.directives.reader.script import script_of
from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.tables.grid import Grid
from yangguang.domains.directives.reader.tables.rows import read_grid
from yangguang.domains.directives.reader.units import STRONG

COVERS = re.compile(r"印发|转发|批转|下发|颁发|公布")
BODY_LABEL = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|第[一二三四五六七八九十]+[章条部])"
)
FIRST_LEADS = re.compile(
    r"(?:第一|首位|首个|第1|排名第一|排在首位|排第一|列第一位|列首位|排在最前|排在前面|排首位)[^。\n]{0,16}(?:单位|部门|位|者)?[^。\n]{0,10}(?:为|是|系|即|作为|担任|负责)[^。\n]{0,6}(?:牵头|主办|总牵头|第一责任|主要责任)"
)
STANDING = re.compile(
    r"(?:均|都)(?:需|须|由|要)?(?:由)?[^。\n]{2,40}(?:负责|参与|配合|落实|承担)[^。\n]{0,12}不再(?:一一|逐一|另行|重复)?(?:列出|列明|列入|列示|单列|重复|标注|注明)"
)
TITLE_YEAR = re.compile(r"(?<![-~至到])(20\d{2}|19\d{2})(?!\s?[-~至到]|\d)\s?年?")
PLAIN_YEAR = re.compile(r"((?:19|20)\d{2})\s?年(?:度)?")


def read_page(text: str, grids: list[Grid], source: dict[str, Any]) -> Reading:
    """Read a decoded page; `grids` are the tables its format gave, with offsets into `text`."""
    base, repairs, silent = repair(text)
    reading = Reading(text, {**source, "script": script_of(base.raw), "repairs": repairs}, silent=silent)
    _rebase(grids, base)
    blocks = blocks_of(base, grids)
    envelope = read_envelope(blocks, _first_body_block(blocks))
    _fill_envelope(reading, envelope)
    scope = Scope(_year(envelope, base))
    _read_body(blocks, envelope, scope, reading)
    _conventions(base, reading)
    reading.warnings.extend(scope.warnings)
    check(reading)
    reading.warnings.extend(left_over(reading, [*scope.understood, *envelope.strands()]))
    return reading


def _rebase(grids: list[Grid], base: Strand) -> None:
    """Turn cells given as identity strands into strands of the repaired text."""
    if isinstance(base.at, range):
        return
    place_of = {offset: place for place, offset in enumerate(base.at)}
    for grid in grids:
        for cell in cells_of(grid):
            cell.lines = [
                join([base[place : place + 1] for place in (place_of.get(at) for at in line.at) if place is not None])
                for line in cell.lines
            ]


def _first_body_block(blocks: list[Block]) -> int:
    for place, block in enumerate(blocks):
        if isinstance(block, Table) or (
            re.match(r"^\s*(?:[一二三四五六七八九十]、|[(]一[)]|第一[章条]|1[.、])", block.key)
        ):
            return place
    return len(blocks)


def _fill_envelope(reading: Reading, envelope: Envelope) -> None:
    reading.title = envelope.title.packed().raw if envelope.title else None
    reading.document_number = envelope.number.packed().raw if envelope.number else None
    reading.issuer = envelope.issuer
    reading.forwarded_by = envelope.forwarded_by
    reading.date = envelope.day
    reading.addressees = [unit.packed().raw for unit in envelope.addressees]
    if envelope.impossible_day:
        reading.warnings.append(warn("impossible_date", envelope.impossible_day))


def _year(envelope: Envelope, base: Strand) -> int | None:
    """Return the year in force: the title's, else the signature's, else the number's, else the body's commonest."""
    if envelope.title:
        years = TITLE_YEAR.findall(envelope.title.key)
        if len(set(years)) == 1 and (not envelope.day or abs(int(years[0]) - envelope.day.year) <= 1):
            return int(years[0])
    if envelope.day:
        return envelope.day.year
    if envelope.number:
        match = re.search(r"(?:19|20)\d{2}", envelope.number.key)
        if match:
            return int(match.group())
    years = PLAIN_YEAR.findall(base.key)
    return int(max(sorted(set(years)), key=years.count)) if years else None


def _read_body(blocks: list[Block], envelope: Envelope, scope: Scope, reading: Reading) -> None:
    cover, attached = _parts(blocks, envelope, reading)
    title = envelope.title.key if envelope.title else ""
    substance = _has_substance(attached)
    if not substance and envelope.sign is not None:
        attached = [block for block in attached if not isinstance(block, Strand)]
    if substance:
        cover_scope = Scope(scope.year, ("(通知正文)",))
        reading.duties.extend(_read_blocks(cover, cover_scope, reading, cover=True))
        reading.duties.extend(_read_blocks(attached, scope, reading))
        scope.warnings.extend(cover_scope.warnings)
        scope.understood.extend(cover_scope.understood)
        return
    absent = bool(COVERS.search(title)) and envelope.sign is not None and not any(isinstance(b, Table) for b in cover)
    absent = absent and _names_attachment(blocks, envelope) and _asks_itself(blocks, envelope)
    lines = [block for block in cover + attached if isinstance(block, Strand)]
    scope.by_sentence = absent and many_subjects(join(lines, "\n"))
    if absent:
        reading.warnings.append(Warn("attachment_missing", reading.title or "", (0, 0)))
    reading.duties.extend(_read_blocks(cover + attached, scope, reading, cover=True))


def _names_attachment(blocks: list[Block], envelope: Envelope) -> bool:
    """Say whether the cover letter speaks of a paper that ought to follow it."""
    head = "".join(block.key for block in blocks[: envelope.body + 6] if isinstance(block, Strand))
    return bool(
        re.search(r"(?:印发|转发|下发|发)(?:给|送)?你们|现予?印发|现转发|附后|请.{0,16}(?:执行|落实|实施)", head)
    )


def _asks_itself(blocks: list[Block], envelope: Envelope) -> bool:
    """Say whether the cover letter announces requirements of its own before its sections."""
    head = [block.key for block in blocks[envelope.body : envelope.body + 4] if isinstance(block, Strand)]
    head.insert(0, envelope.opening.key if envelope.opening else "")
    opening = re.split(r"(?:^|\n)\s*一、", "\n".join(head), maxsplit=1)[0]
    return bool(
        re.search(r"(?:以下|如下|几点|有关)[^。]{0,8}(?:要求|意见|事项|通知)|(?:要求|通知|事项|意见)如下", opening)
    )


def _parts(blocks: list[Block], envelope: Envelope, reading: Reading) -> tuple[list[Block], list[Block]]:
    """Cut the blocks into cover letter and what follows its signature; page furniture goes."""
    body: list[tuple[int, Block]] = []
    if envelope.opening:
        body.append((envelope.body, envelope.opening))
    body += [(place, block) for place, block in enumerate(blocks) if place >= envelope.body]
    sign = envelope.sign
    if sign is None:
        return [], _trimmed([block for _, block in body], reading)
    cover = _trimmed([block for place, block in body if place < sign], reading)
    after: list[Block] = [block for place, block in body if place > sign]
    glued = blocks[sign]
    if isinstance(glued, Strand) and envelope.day_strand is not None:
        before = glued[: len(glued) - len(envelope.sign_rest or "") - len(envelope.day_strand)]
        if re.search("[。;]", before.key):
            cover.append(before)
    if envelope.sign_rest:
        after.insert(0, envelope.sign_rest)
    cover = _without_signature(cover)
    return cover, _trimmed(after, reading)


def _without_signature(blocks: list[Block]) -> list[Block]:
    while blocks and isinstance(blocks[-1], Strand) and _signs(blocks[-1].packed().key):
        blocks.pop()
    return blocks


def _signs(key: str) -> bool:
    return (
        len(key) <= 40
        and not re.search("[。;:,]", key)
        and bool(STRONG.search(key))
        and not LABEL.match(key)
        or bool(ATTACHED.match(key) and re.match("^附", key))
    )


def _trimmed(blocks: list[Block], reading: Reading) -> list[Block]:
    """Take page furniture, and all from the colophon on, off a run of blocks."""
    kept: list[Block] = []
    listing = False
    for place, block in enumerate(blocks):
        if isinstance(block, Strand):
            listing = bool(ATTACHMENT_LIST.match(block.key) or (listing and LISTED.match(block.key)))
            if listing and len(block) <= 80:
                continue
            if CUT.search(block.key) and len(block) < 120 and all(w.code != "truncated" for w in reading.warnings):
                reading.warnings.append(warn("truncated", block))
            if kept and ends_page(block.key) and not _more_follows(blocks[place + 1 :]):
                break
            if is_furniture(block.key):
                continue
            if is_colophon(block.key):
                if not _more_follows(blocks[place + 1 :]):
                    break
                continue
        kept.append(block)
    return _without_tail(kept)


def _more_follows(blocks: list[Block]) -> bool:
    """Say whether labelled text or a table follows a colophon (an attachment printed behind it)."""
    return any(
        isinstance(b, Table) or BODY_LABEL.match(b.key) or len(b) >= 60 and b.key.rstrip().endswith("。")
        for b in blocks
    )


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Take short lines without a sentence end off the end: signatures, links, page names."""
    while blocks and isinstance(blocks[-1], Strand):
        key = blocks[-1].packed().key
        if (
            key[-1:] in "。;!)]”:"
            or LABEL.match(key)
            or len(key) > 40
            or re.search("单位|部门|牵头|责任", key)
            or line_label().match(key)
        ):
            break
        blocks.pop()
    return blocks


def _has_substance(blocks: list[Block]) -> bool:
    """Say whether what follows the signature is an attachment with text of its own."""
    if any(isinstance(block, Table) for block in blocks):
        return True
    lines = [block.key for block in blocks if isinstance(block, Strand)]
    labelled = sum(bool(LABEL.match(line.lstrip())) for line in lines)
    if labelled >= 2 and any(re.search("负责|牵头|单位:", line) for line in lines):
        return True
    return sum(len(line) for line in lines) >= 60 and (labelled >= 1 or any(len(line) >= 60 for line in lines))


def _read_blocks(blocks: list[Block], scope: Scope, reading: Reading, cover: bool = False) -> list[Duty]:
    """Read runs of lines and tables in order."""
    duties: list[Duty] = []
    kinds: list[str] | None = None
    run: list[Strand] = []
    for block in [*blocks, None]:
        if isinstance(block, Strand) and not ATTACHMENT_MARK.match(block.key):
            run.append(block)
            continue
        if run:
            duties.extend(_read_run(run, scope, reading, cover))
            run = []
        if isinstance(block, Table):
            rows, kinds = read_grid(block.grid, scope, kinds)
            duties.extend(rows)
            if kinds is None:
                words = join([cell.text() for cell in cells_of(block.grid)])
                scope.warnings.append(warn("table_not_understood", words))
    return duties


def _read_run(run: list[Strand], scope: Scope, reading: Reading, cover: bool) -> list[Duty]:
    flow = join(run, "\n")
    one_line = len(flow) > 600 and len(run) <= 2 + len(flow) // 800
    before, duties = read_prose(flow, scope, inline_deep=one_line)
    if cover or not duties:
        return obligations(before, scope) + duties
    if before.strip():
        scope.warnings.append(warn("preamble", before))
    return duties


def _conventions(base: Strand, reading: Reading) -> None:
    """Apply what the notice itself says about its lists of units."""
    first = FIRST_LEADS.search(base.key)
    if first:
        reading.warnings.append(warn("first_unit_leads", base[first.start() : first.end()]))
        for duty in _from_here(reading.duties, base, first):
            if not duty.lead and duty.responsible and duty.role_source != "text":
                duty.lead, duty.responsible = duty.responsible[:1], duty.responsible[1:]
    standing = STANDING.search(base.key)
    if standing:
        reading.warnings.append(warn("unit_for_all_duties", base[standing.start() : standing.end()]))


def _from_here(duties: list[Duty], base: Strand, first: re.Match[str]) -> list[Duty]:
    """Return the duties a convention holds for: all, or with 下同 the one it stands at and those behind it."""
    if not re.match(r"[^。\n]{0,8}下同", base.key[first.end() : first.end() + 12]):
        return duties
    place = base.at[first.start()]
    behind = [duty for duty in duties if duty.text.spans() and duty.text.spans()[0][0] > place]
    before = [duty for duty in duties if duty.text.spans() and duty.text.spans()[0][0] <= place]
    return before[-1:] + behind
