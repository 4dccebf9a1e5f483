"""Who does what: unit lists, role verbs and labelled lines, read into roles."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yangguang.domains.directives.reader import labels
from yangguang.domains.directives.reader.labels import DEADLINE, LEAD, PERSON, RESPONSIBLE, SUPERVISOR, SUPPORT
from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.units import LOCAL, ROLE_MARK, is_open, is_person, is_unit, split_units

_STOP = r"(?=[,;。、)\]\s]|$)"
_DUTIES = r"(?:(?:按照?|依据|根据|依|结合)(?:各自|本)?(?:工作|部门)?(?:职责|职能|分工|任务|职权|权限|管辖权)+(?:和)?(?:任务|分工|职责|范围|要求)*(?:内)?)?"
_HOW = r"(?:分别|共同|具体|分工|各自|联合|依职责|主要|直接|统一|全面|密切|积极|认真|予以|切实|协同|抓紧|同时)*"
#: role verb name -> (role, pattern).  Samples of each stand in tests/test_roles.py.
VERBS: tuple[tuple[str, str, str], ...] = (
    (
        "leads",
        LEAD,
        rf"{_DUTIES}(?:共同|联合|总|具体|分别)?牵头(?!单位|部门|领导)(?:负责|组织|协调|落实|实施|抓总|抓|汇总|推进|办理|完成|总)*|主办{_STOP}|带队|"
        rf"抓总{_STOP}|总负责{_STOP}|为(?:主要)?牵头(?:单位|部门)|为主办(?:单位|部门)|为主负责|为主{_STOP}|主责{_STOP}|主抓{_STOP}",
    ),
    (
        "supports",
        SUPPORT,
        rf"{_DUTIES}{_HOW}(?:配合|协办|协助)(?:做好|落实|实施|推进|办理|完成|工作)*|"
        rf"{_DUTIES}{_HOW}(?:参与|参加|协同|协作|支持)(?:做好|落实|实施|推进|办理|完成|配合)*{_STOP}|为(?:配合|协办|参与|协助|参加)(?:单位|部门)",
    ),
    (
        "answers",
        RESPONSIBLE,
        rf"{_DUTIES}{_HOW}负责(?!人|同志|制(?!定|订|作))(?:落实|实施|组织|推进|办理|完成|抓好|承办|具体)*|"
        rf"{_DUTIES}{_HOW}(?:承办|抓好落实|抓落实|组织落实|组织实施|具体实施|贯彻落实|落实|实施|完成|组织|办理|承担){_STOP}|为(?:具体)?(?:责任|落实|实施|承办)(?:单位|部门|主体)|"
        rf"(?:按照?|依据)(?:各自)?(?:职责|职能|分工|职责分工|任务分工){_STOP}",
    ),
)
VERB = re.compile("|".join(f"(?P<{name}>{pattern})" for name, _, pattern in VERBS))
ROLE_OF_VERB = {name: role for name, role, _ in VERBS}
TOGETHER = re.compile("会同|联合(?=[省市县区州各有])|商(?=[省市县区州])")
LEAD_IN = re.compile(
    r"^(?:[\s,;:、。]|(?:此|该|本|这|上述|以上|前述|上列|各|其余|其他|第[一二三四五六七八九十\d、至和-]+)(?:[一二两三四五六七八九十\d]+项|[一二三四五六七八九十\d]+条|项|些|几项|部分|条|款|各项)*(?:重点)?(?:工作|任务|事项|内容|目标|措施)*(?:主要|具体|统一|分别|拟|均)*由|"
    r"(?:此|该|本|这|上述|以上)(?:[一二两三四五六七八九十\d]+项|项|些|几项|部分|条|各项)*(?:重点)?(?:工作|任务|事项|内容|目标|措施|活动)+[,:]?|"
    r"(?:主要|具体|统一|分别|拟|建议|可|并|均|其中|并由|原则上)*由(?!市场)|请|并|其中|以及|和|及(?!其)|"
    r"(?:国家|省|市|州|县|区|乡|县区|镇)级(?:层面|部门)?:|任务分工:|责任分工:|落实:|分工:)+"
)
TITLED_NAME = re.compile(
    r"(?:.{0,20}(?:省长|市长|州长|盟长|县长|区长|旗长|乡长|镇长|主任|书记|局长|厅长|处长|秘书长|部长|常委|主席|组长|巡视员|调研员|专员|院长|检察长|行长|董事长|总经理|同志))?\s*(?P<name>[\u4e00-\u9fff·某Xx×*]{2,4})(?:同志)?$"
)
DATE_CLAUSE = re.compile(
    r"[,;、。 ]?[^,;。、]*(?:\d|[一二三四五六七八九十]|年|季度)[^,;。、]*(?:前|底|内|止|月|日|完成|年|报送|启动|开始|结束)[^,;。、]*$|[,;、。 ]?[^,;。、]*(?:年内|年底前?|长期(?:坚持)?|持续(?:推进)?|常年|全年|每年|每月|每季度?)[^,;。、]*$"
)
DATE_ONLY = re.compile(
    r"^(?:于|在|确保|力争|争取|要求|务必)*(?:(?:[^,;。、]{0,8}[\d一二三四五六七八九十年][^,;。、]{0,12})?(?:前|底|内|止|月份?|日|季度|年度?|上半年|下半年)|长期坚持|持续推进|常年坚持|长期|持续|全年|[^,;。、]{0,4}每(?:年|月|季度?|周)[^,;。、]{0,6})"
    r"(?:全面|基本|全部|底|持续|抓紧)?(?:完成|落实|落实到位|办结|报送|建成|见效|结束|开展|实施|启动|取得实效|完成任务|进行|坚持|推进)?$"
)
#: 6月底前出台政策: a date with the work due by it, believed inside brackets only.
DATED_WORK = re.compile(r"^[^,;。、]{0,10}\d[^,;。、]{0,6}[年月日底]前[^,;。、]{2,12}$")
CLAUSES = re.compile("[,;]")
PERSON_BESIDE = re.compile(r"\((?P<name>[\u4e00-\u9fff·]{2,4})\)$")
_SPAN = r"(?:(?:19|20)\d{2}年)?(?:\d{1,2}月(?:\d{1,2}日|份|[上中下]旬)?|第?[一二三四1-4]季度|[上下]半年|年|今年|明年|全年|每年|每月|每季度|按月|按季|长期|持续|常年)"
#: 6月底前出台相关政策: a clause that says when, and in a few words what; believed in brackets only.
DATED_CLAUSE = re.compile(
    rf"^(?:于|在|确保|力争|争取|并)?{_SPAN}(?:之?[前内]|以[前内]|底前?|末前?|中)?[^,;。、由负牵配局厅委办]{{0,12}}$"
)
#: U负责指导 beside the units that do the work: it supervises.
GUIDES = re.compile("(?:负责)?(?:业务)?(?:指导|督促|监督|督导|指导和?督促|监督检查)$")
#: (列第一位的为牵头单位,下同) behind the units of a label.
NOTE_ON_LISTS = re.compile(r"\([^()]{0,8}(?:第一|首位|最前)[^()]{0,12}[为是系][^()]{0,20}\)|\((?:以)?下同\)")
#: Words that head a column of some tables, yet are units in a list.
UNNAMED = re.compile("成员单位$|主管部门$|^(?:相关|有关)")
FILLING = re.compile("^(?:工作|任务|等|具体|此项|该项|实施)*$")
SAME = re.compile(r"^(?:责任单位)?(?:同上|〃|″|同前|上同|\"|“|”|同左)$")
#: Collectives that would also read as a label.
NAMES_MANY = re.compile("(?:成员单位|主管部门|(?:有关|相关)(?:部门|单位))$")
NOTHING = re.compile(r"^[-/\\无〇·*—]*$")


@dataclass
class Roles:
    """The units and persons a piece of text names, by role, with the deadlines printed beside them."""

    lead: list[Strand] = field(default_factory=list)
    support: list[Strand] = field(default_factory=list)
    responsible: list[Strand] = field(default_factory=list)
    persons: list[Strand] = field(default_factory=list)
    supervisors: list[Strand] = field(default_factory=list)
    deadlines: list[Strand] = field(default_factory=list)
    goals: list[Strand] = field(default_factory=list)
    unresolved: list[Strand] = field(default_factory=list)
    open_lists: list[Strand] = field(default_factory=list)
    marked: bool = False

    def __bool__(self) -> bool:
        return bool(self.lead or self.support or self.responsible or self.persons)

    def units(self) -> list[Strand]:
        """Return the units of all roles."""
        return [*self.lead, *self.support, *self.responsible]

    def add(self, role: str, units: list[Strand]) -> None:
        """Add units to a role, leaving out those the role has already."""
        held = self.of(role)
        if not held:
            firsts: dict[str, Strand] = {}
            for unit in units:
                firsts.setdefault(unit.word(), unit)
            held.extend(firsts.values())
            return
        known = {unit.word() for unit in held}
        held.extend(unit for unit in units if unit.word() not in known)

    def of(self, role: str) -> list[Strand]:
        """Return the list a role is kept in."""
        lists = {LEAD: self.lead, SUPPORT: self.support, RESPONSIBLE: self.responsible}
        return lists[role] if role in lists else self.supervisors if role == SUPERVISOR else self.persons

    def take(self, other: Roles) -> None:
        """Add all that another piece of text named."""
        for role in (LEAD, SUPPORT, RESPONSIBLE, PERSON, SUPERVISOR):
            self.add(role, other.of(role))
        self.deadlines.extend(other.deadlines)
        self.goals.extend(other.goals)
        self.unresolved.extend(other.unresolved)
        self.open_lists.extend(other.open_lists)
        self.marked = self.marked or other.marked

    def settled(self) -> Roles:
        """Apply the conventions of print: 责任单位 beside 牵头单位 supports; who 负责 while others 配合 leads."""
        if self.lead and self.responsible and not self.marked:
            self.add(SUPPORT, self.responsible)
            self.responsible = []
        elif self.support and self.responsible and not self.lead:
            self.lead, self.responsible = self.responsible, []
        leads = {unit.word() for unit in self.lead}
        self.support = [unit for unit in self.support if unit.word() not in leads]
        self.responsible = [unit for unit in self.responsible if unit.word() not in leads]
        return self


def read_list(role: str, listing: Strand) -> Roles:
    """Read the value of a labelled field or a table cell: units, persons, role marks or a role phrase."""
    roles = Roles()
    listing = listing.without(NOTE_ON_LISTS).strip("。;,、:")
    if not listing or NOTHING.match(listing.packed().key):
        return roles
    if role == PERSON:
        _add_persons(roles, listing)
        return roles
    phrase, complete = read_phrase(listing)
    if complete and phrase:
        if role != RESPONSIBLE and not (phrase.lead or phrase.support):
            phrase.lead, phrase.support, phrase.responsible = [], [], []
            phrase.add(role, read_phrase(listing)[0].responsible)
        return phrase
    _add_units(roles, role, listing)
    return roles


def _add_persons(roles: Roles, listing: Strand) -> None:
    for piece in listing.split(re.compile(r"[、,;/\n]|(?<=[\u4e00-\u9fff]{3}) +| {2,}")):
        piece = piece.strip("。;,、:")
        if not piece:
            continue
        packed = piece.packed()
        if is_person(packed.key) or len(packed) <= 4 or TITLED_NAME.match(packed.key):
            roles.persons.append(piece)
        elif is_unit(packed.key, listed=True):
            roles.add(RESPONSIBLE, [piece])
        elif len(packed) <= 12 and not re.search("[的要和]", packed.key):
            roles.persons.append(piece)
        else:
            roles.unresolved.append(piece)


def _add_units(roles: Roles, role: str, listing: Strand) -> None:
    if is_open(listing):
        roles.open_lists.append(listing[-min(len(listing), 8) :])
    plain: list[Strand] = []
    for unit in split_units(listing):
        mark = next(iter(ROLE_MARK.finditer(unit.key)), None) if "(" in unit.key else None
        if mark:
            roles.marked = True
            name = join([unit[: mark.start()], unit[mark.end() :]]).strip()
            roles.add(_role_of_mark(mark["mark"]), [name] if name else [])
        else:
            plain.extend(_plain_unit(roles, unit))
    roles.add(role, plain)
    if roles.marked and role == LEAD:
        roles.marked = False


def _role_of_mark(mark: str) -> str:
    if mark.startswith(("配合", "协", "参")):
        return SUPPORT
    return RESPONSIBLE if mark.startswith("责任") else LEAD


def _plain_unit(roles: Roles, unit: Strand) -> list[Strand]:
    """Return the unit to add, after persons named with it are set aside."""
    word = unit.word()
    person = PERSON_BESIDE.search(word) if word.endswith(")") else None
    sound = is_unit(word, listed=True)
    guided = GUIDES.search(unit.key)
    if guided and guided.start() >= 2:
        roles.supervisors.append(unit[: guided.start()])
        return []
    if not sound and is_person(word):
        roles.persons.append(unit)
        return []
    if person and is_person(person["name"]) and not is_unit(person["name"], listed=True):
        bare = unit.packed()
        roles.persons.append(bare[person.start("name") : person.end("name")])
        return [bare[: person.start()]]
    if labels.header_kind(word) is not None and not NAMES_MANY.search(word):
        return []
    if not sound:
        roles.unresolved.append(unit)
    return [unit]


def read_phrase(phrase: Strand, strict: bool = False) -> tuple[Roles, bool]:
    """Read U1牵头,U2、U3配合; the flag says whether nothing but roles and a date was said.

    `strict` is for running text: every name must be a unit beyond doubt.
    """
    roles = Roles()
    place, complete = _read_verbs(roles, phrase, strict)
    rest = phrase[place:].strip("。;,、)]")
    clauses = [clause.strip() for clause in rest.split(CLAUSES)]
    if rest and all(_is_dated(clause, strict) for clause in clauses):
        roles.deadlines.extend(clauses)
    elif rest and not FILLING.match(rest.key):
        complete = False
    return roles, complete and bool(roles)


def _is_dated(clause: Strand, strict: bool) -> bool:
    return bool(DATE_ONLY.match(clause.key) or not strict and DATED_WORK.match(clause.key))


def _read_verbs(roles: Roles, phrase: Strand, strict: bool) -> tuple[int, bool]:
    """Give each run of units the role of the verb behind it; return where that ends and whether it went well."""
    place = 0
    for match in VERB.finditer(phrase.key):
        if match.start() < place:
            continue
        segment = _segment(phrase[place : match.start()])
        if not segment and (place == 0 or match.start() - place > 1):
            return place, False
        if roles and segment and DATE_CLAUSE.match(segment.key + match.group()):
            break
        if segment and not _assign(roles, ROLE_OF_VERB[match.lastgroup or ""], segment, strict):
            return place, False
        place = match.end()
    return place, place > 0


def _segment(segment: Strand) -> Strand:
    segment = segment.strip(",;、。:")
    lead_in = LEAD_IN.match(segment.key)
    if lead_in:
        segment = segment[lead_in.end() :]
    return segment.strip(",;、。:")


def _assign(roles: Roles, role: str, segment: Strand, strict: bool) -> bool:
    """Give the units of a segment their role; False where the segment is no list of units."""
    together = TOGETHER.search(segment.key)
    if together and together.start() <= 1:
        return _assign(roles, SUPPORT, segment[together.end() :], strict)
    if together and together.start() > 1:
        helpers = segment[together.end() :]
        return _assign(roles, LEAD, segment[: together.start()], strict) and _assign(roles, SUPPORT, helpers, strict)
    segment = _without_dates(roles, segment)
    found = Roles()
    tokens = split_units(segment)
    sound = [
        token
        for token in tokens
        if is_unit(ROLE_MARK.sub("", token.word()), not strict) or strict and _leans(token, tokens)
    ]
    if not tokens or len(sound) * (1 if strict else 2) < len(tokens):
        return _assign_persons(roles, tokens)
    _add_units(found, role, segment)
    roles.take(found)
    return True


def _leans(token: Strand, tokens: list[Strand]) -> bool:
    """Believe a short name (审计局、流域中心) beside a full one, or a local body by its level word."""
    word = token.word()
    return is_unit(word, True) and (LOCAL.match(word) is not None or any(is_unit(other.word()) for other in tokens))


def _assign_persons(roles: Roles, tokens: list[Strand]) -> bool:
    names = [token for token in tokens if (m := TITLED_NAME.match(token.word())) and is_person(m["name"])]
    if not names or len(names) < len(tokens):
        return False
    for token in names:
        match = TITLED_NAME.match(token.word())
        roles.persons.append(token.packed()[match.start("name") : match.end("name")] if match else token)
    return True


def _without_dates(roles: Roles, segment: Strand) -> Strand:
    """Move a leading date clause (2011年6月底前由…) out of a segment."""
    head = re.match(r"^[^,;。、]{0,20}(?:前|底|内|日)[,;]?(?:由|,)", segment.key)
    if head and re.search(r"[\d一二三四五六七八九十年]", head.group()):
        roles.deadlines.append(segment[: head.end()].strip(",;由"))
        return _segment(segment[head.end() :])
    return segment


def read_labelled(zone: Strand) -> Roles:
    """Read 牵头单位:U1,责任单位:U2;完成时限:6月底 — a run of labels and their values."""
    roles = Roles()
    matches = list(labels.line_label().finditer(zone.key))
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        end = following.start() if following else len(zone)
        kind = label_kind(match)
        value = zone[match.end() : end].strip(
            "。;,、:()[]" if zone.key[match.end() : end].count("(") == 0 else "。;,、:[]"
        )
        value = _close_brackets(value)
        if kind == DEADLINE:
            roles.deadlines.append(value)
        elif match.groupdict().get("also") and kind != PERSON:
            _read_mixed(roles, kind, value)
        else:
            roles.take(_value(kind, value, roles))
    return roles


def _close_brackets(value: Strand) -> Strand:
    while value.key.count(")") > value.key.count("(") and value.key.endswith(")"):
        value = value[:-1].strip("。;,、")
    return value


def _value(kind: str, value: Strand, roles: Roles) -> Roles:
    """Read one label's value; a date clause at its end is set aside."""
    tail = re.search(r"[,;。](?=[^,;。]*(?:年|月|季度)[^,;。]*(?:前|底|内|完成)[^,;。]*$)", value.key)
    if tail and kind in labels.UNIT_ROLES:
        roles.deadlines.append(value[tail.end() :])
        value = value[: tail.start()]
    return read_list(kind, value)


def _read_mixed(roles: Roles, kind: str, value: Strand) -> None:
    """Read 责任单位及责任人: units and names in one value."""
    for piece in value.split(re.compile(r"[、,;\n ]+")):
        if piece and is_person(piece.packed().key):
            roles.persons.append(piece)
        elif piece:
            roles.take(read_list(kind, piece))


def label_kind(match: re.Match[str]) -> str:
    """Return the kind of a label match."""
    return next(kind for kind in labels.LINE_KINDS if match.groupdict().get(kind))
