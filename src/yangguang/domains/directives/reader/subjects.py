"""Units that are the subject of a sentence: 各县区政府要…, 市财政局等部门应…, 省直部门情况请于…前报."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.roles import Roles
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.units import LOCAL, OPEN_LIST, TOGETHER_WORDS, is_unit, split_units

SENTENCE_START = re.compile(r"(?:^|(?<=[。;!?\n:]))[\s”]*")
MODAL = re.compile(
    r"也?(?:都|均|还|同时|一律|分别|务必|可以?|今年|年内|每年|每季度|每月)?"
    r"(?:(?<![主需重必只还])要(?!求|点|素|害|件|闻|么)|应当?(?!急|用|届|对性)|须|必须|需要?|务必|负责(?!人|同志|制(?!定|订|作))|将(?!来)|请(?!示|求)|牵头(?!单位|部门)|不得|切实|认真|会同|具体(?=负责|组织)|统一(?=组织|负责))"
)
REPORTED = re.compile(
    r"(?P<tail>的?[^,。;]{0,40}(?:情况|网址|名单|方案|材料|总结|报告|计划|信息|意见|表|台账|进展|工作))[,]?(?:请|要|须|应|务必)?(?:分别)?(?:按|于|在|每)[^。;]{2,60}(?:报|送|备案|交)"
)
LEADS_TEXT = re.compile(
    r"[由请](?P<units>[^,。;:()]{2,60}?(?:\([^()]{1,12}\)[^,。;:()]{0,20})?)(?P<verb>牵头|带队|负责|主办|承办|统筹|组织实施)"
)
#: 请各单位于7月10日前…
ASKED = re.compile(
    r"请(?P<units>[^。;:]{2,60}?)(?:对照|于|按|在|结合|认真|抓紧|尽快|将|根据|切实|严格|高度|参照|务必|积极|及时|加强|做好|遵照|贯彻)"
)
#: Verbs that may follow a subject without 要.
ACTS = re.compile(
    "每[年月周季半]|定期|严格|统筹|组织(?!部)|制定|建立|召开|开展|成立|完成|负总责|通报|牵头|落实|加强|指导(?!中心)|督促|汇总|及时|积极|按照|根据|结合|对(?!外|口|台)"
)
CLAUSE_BEFORE = re.compile(r"(?:围绕|根据|按照?|结合|针对|依托|为|通过|\d)[^,。;]{2,60},")
LONGEST = 160
#: …, 市公安局要…: further subjects of one sentence.
SERIES = re.compile(r"[,;](?P<units>[^,;。\n]{2,40}?)要")


def subjects(text: Strand) -> Roles:
    """Return the units that open a sentence of the text as its subject."""
    roles = Roles()
    for start in SENTENCE_START.finditer(text.key):
        found = subject_at(text, start.end())
        if found:
            roles.add("responsible", found)
    for further in SERIES.finditer(text.key) if roles else ():
        roles.add("responsible", only_units(text[further.start("units") : further.end("units")]))
    return roles


def subject_at(text: Strand, place: int) -> list[Strand]:
    """Return the units that are the subject of the sentence beginning at `place`."""
    window = text.key[place : place + LONGEST]
    stop = re.search("[。;\n]", window)
    window = window[: stop.start()] if stop else window
    asked = ASKED.match(window)
    if asked:
        units = only_units(text[place + asked.start("units") : place + asked.end("units")])
        if units:
            return units
    for modal in MODAL.finditer(window):
        units = only_units(text[place : place + modal.start()])
        if units:
            return units
        if modal.start() > 100:
            break
    return _reporters(text, place) or _before_verb(text, place, window) or _behind_clause(text, place, window)


def _before_verb(text: Strand, place: int, window: str) -> list[Strand]:
    """Return the units a sentence opens with where a verb or 对…要 follows them at once."""
    for verb in ACTS.finditer(window, 2, 60):
        units = only_units(text[place : place + verb.start()])
        if units:
            return units
    return []


def _behind_clause(text: Strand, place: int, window: str) -> list[Strand]:
    """Return the subject that follows an opening clause (围绕《…》,市政府办要…; 6月底前,各单位…)."""
    clause = CLAUSE_BEFORE.match(window)
    if not clause:
        return []
    rest = window[clause.end() :]
    for modal in MODAL.finditer(rest):
        units = only_units(text[place + clause.end() : place + clause.end() + modal.start()])
        if units:
            return units
        if modal.start() > 40:
            break
    return []


def _reporters(text: Strand, place: int) -> list[Strand]:
    sentence = text.key[place : place + LONGEST].split("。", 1)[0]
    for match in REPORTED.finditer(sentence):
        for cut in range(match.start(), min(match.end("tail"), match.start() + 60)):
            if sentence[cut] == "的":
                units = only_units(text[place : place + cut])
                if units:
                    return units
        return _longest_units(text, place, match.end("tail"))
    return []


def _longest_units(text: Strand, place: int, limit: int) -> list[Strand]:
    """Return the longest list of units the sentence opens with."""
    for end in range(min(limit, 60), 1, -1):
        piece = text[place : place + end]
        if re.search(r"(?:政府|部门|单位|[厅局委办处]|地)$", piece.key):
            units = only_units(piece)
            if units:
                return units
    return []


def only_units(piece: Strand) -> list[Strand]:
    """Return the units of a piece that is a list of them and nothing else."""
    piece = piece.strip(",:")
    if not 2 <= len(piece) <= 120:
        return []
    tail = OPEN_LIST.search(piece.key)
    if tail and tail.group().startswith("等"):
        piece = piece[: tail.start()]
    tokens = split_units(piece)
    sound = [
        token
        for token in tokens
        if is_unit(token.packed().key) or _after_level(token, tokens) or LOCAL.match(token.packed().key)
    ]
    return tokens if tokens and len(sound) == len(tokens) else []


def _after_level(token: Strand, tokens: list[Strand]) -> bool:
    """Believe a short name (审计局) that leans on the full one before it (区监察局)."""
    return token is not tokens[0] and is_unit(token.packed().key, listed=True) and is_unit(tokens[0].packed().key)


def named_in_text(text: Strand) -> Roles:
    """Return the roles of 由U1牵头制定… or U1会同U2制定… inside running text."""
    roles = Roles()
    for match in LEADS_TEXT.finditer(text.key):
        units = only_units(text[match.start("units") : match.end("units")])
        if units:
            roles.add("lead" if match["verb"] in ("牵头", "带队", "主办") else "responsible", units)
            _helpers(text, match.end(), roles)
    for start in SENTENCE_START.finditer(text.key):
        _direct(text, start.end(), roles)
    return roles


def _direct(text: Strand, place: int, roles: Roles) -> None:
    sentence = text.key[place : place + LONGEST]
    match = re.match(r"(?P<units>(?![由请])[^,。;:]{2,60}?)(?P<verb>牵头|会同)", sentence)
    if not match:
        return
    units = only_units(text[place : place + match.end("units")])
    if units:
        roles.add("lead", units)
        _helpers(text, place + match.start("verb"), roles)


def _helpers(text: Strand, place: int, roles: Roles) -> None:
    """Add the units of 会同U2、U3制定 or ,U2、U3配合 that follow a lead."""
    rest = text.key[place : place + LONGEST].split("。", 1)[0]
    match = TOGETHER_WORDS.search(rest)
    if match:
        helpers = _leading_units(text, place + match.end())
        roles.add("support", helpers)
    match = re.search(r",(?P<units>[^。;,]{2,80}?)(?:积极|共同|密切)?(?:配合|参加|参与|协助|协办)", rest)
    if match:
        roles.add("support", only_units(text[place + match.start("units") : place + match.end("units")]))


def _leading_units(text: Strand, place: int) -> list[Strand]:
    """Return the units a piece opens with, up to where it stops reading as a list."""
    window = text.key[place : place + 80]
    stop = re.search("[。;,]", window)
    limit = stop.start() if stop else len(window)
    for end in range(limit, 1, -1):
        if re.search(r"(?:政府|部门|单位|[厅局委办部院]|中心|等)$", window[:end]):
            units = only_units(text[place : place + end])
            if units:
                return units
    return []
