"""Names that mean many units: 各县（市、区）人民政府, 省直有关部门, 16个州（市）.

Pure: reads the name into a predicate, seen from the level of the issuing division. Names that follow no pattern
(joint conferences, single lists) are rows of the table Collective instead.
"""

import re
from dataclasses import dataclass

from yangguang.kernel.organisation.names import fold, level_prefix, levels_of
from yangguang.kernel.organisation.vocabulary import Level, Nature, Predicate, Within

_GOVERNMENTS = frozenset({Nature.GOVERNMENT})
_DEPARTMENTS = frozenset({Nature.DEPARTMENT})
_BODIES = frozenset({Nature.DEPARTMENT, Nature.PARTY})
_ALL_BODIES = frozenset({Nature.DEPARTMENT, Nature.PARTY, Nature.INSTITUTION})

_OPEN = re.compile(r"(?:及其他|其他|等)?(?:有关|相关)")
_COUNT = re.compile(r"(?:全[省市州县区])?(?P<count>[0-9]+)个(?P<rest>.+)")
_PLACES = re.compile(
    r"(?:全[省市州县区])?各(?P<places>(?:自治|地区|街道|社区|[州市县区旗盟乡镇村、,()和及])+?)"
    r"(?P<body>(?:人民)?政府(?:[(、和]?(?:街道)?办事处\)?)?|办事处|党委、政府|村?\(?居?\)?民?委员会|村\(居\)委会)?"
)
_NEXT_LEVEL = re.compile(r"各地(?:方)?(?:人民政府|政府)?")
_ALL_LEVELS = re.compile(r"(?:全[省市州县区])?各级(?:地方)?(?:人民政府|政府)")
_PARKS = re.compile(
    r"(?:全[省市州县区])?各(?:类|级)?(?:经济|高新)?(?:技术)?(?:产业)?(?:开发区|园区|新区|高新区|功能区)(?:、.+)?(?:管委会|管理委员会)?"
)
_CENTRAL = re.compile(r"(?:各)?中(?:央|直)驻.{1,6}?(?:各)?(?:单位|部门|机构)")
_VERTICAL = re.compile(r"(?:各)?.{0,4}垂(?:直)?管(?:理)?(?:各)?(?:单位|部门)")
_ENTERPRISES = re.compile(r"(?:各)?(?P<place>[省市州县区]?)[属管](?:各)?(?:国有)?企业")
_BODIES_OF = re.compile(
    r"(?P<place>自治区|[省市州县区旗盟乡镇])?(?P<rank>直属?|级|政府|人民政府)?(?:所属)?(?P<every>各)?(?:级)?"
    r"(?P<what>委、?办、?局|办、局|部、?委、?办、?局|部门和单位|部门|单位|机关)"
)
_MEMBERS = re.compile(r".{2,40}(?:联席会议|领导小组|委员会|工作组|协调小组|专班)(?:各)?成员单位")
_PROPERTY = re.compile(
    r".{2,12}(?:主管|执法|监管|管理|监督|责任|牵头|成员)(?:部门和单位|部门|单位)|(?:有关|相关).{2,10}(?:部门|单位)"
)
_BELOW_PROVINCE = (
    (Level.PREFECTURE, "州市盟"),
    (Level.COUNTY, "县区旗"),
    (Level.TOWNSHIP, "乡镇街"),
    (Level.VILLAGE, "村社"),
)


@dataclass(frozen=True, slots=True)
class CollectiveReading:
    """What a collective name means: the predicate, whether members must still be nominated, the printed count."""

    name: str
    predicate: Predicate
    open: bool = False
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """The division whose paper it is: its level and how its name ends (市 can be a prefecture or a county)."""

    level: Level
    name: str

    def is_called(self, word: str) -> bool:
        """Whether a level word such as 市 speaks of this division."""
        return self.level in levels_of(word) and self.name.endswith(word)


def read_collective(text: str, issuer: Issuer) -> CollectiveReading | None:
    """Return the meaning of a collective name in a paper of that issuer; None where it is none.

    有关/相关 and names by property (行政执法部门) leave the members open: somebody has to nominate them.
    """
    folded = fold(text).removeprefix("等")
    expected = None
    if counted := _COUNT.fullmatch(folded):
        expected, folded = int(counted["count"]), "各" + counted["rest"]
    bare, opened = _OPEN.subn("", folded)
    every = bare if bare.startswith("各") or not opened else "各" + bare
    if opened and not level_prefix(bare)[0]:
        bare = every
    predicate = (
        _places(every, issuer.level) or _parks(bare) or _special(bare) or _bodies(bare, issuer, opened=bool(opened))
    )
    if predicate is not None:
        return CollectiveReading(text, predicate, bool(opened), expected)
    if _PROPERTY.fullmatch(folded) or _MEMBERS.fullmatch(folded):
        _levels, within = _home(level_prefix(folded)[0], issuer)
        return CollectiveReading(text, Predicate(_levels, _ALL_BODIES, within), open=True, expected=expected)
    return None


def _places(text: str, issuer: Level) -> Predicate | None:
    if _ALL_LEVELS.fullmatch(text):
        return Predicate(frozenset(), _GOVERNMENTS, Within.DIVISION_AND_BELOW, branch=False)
    if _NEXT_LEVEL.fullmatch(text) and issuer is not Level.VILLAGE:
        below = list(Level)[list(Level).index(issuer) + 1]
        return Predicate(frozenset({below}), _GOVERNMENTS, Within.BELOW, branch=False)
    match = _PLACES.fullmatch(text)
    if match is None:
        return None
    levels = _place_levels(match["places"], issuer)
    if not levels:
        return None
    natures = frozenset({Nature.VILLAGE_BODY}) if levels == {Level.VILLAGE} else _GOVERNMENTS
    return Predicate(levels, natures, Within.BELOW, branch=False)


def _place_levels(places: str, issuer: Level) -> frozenset[Level]:
    """A 市 before 县 or 区 is a prefecture in a provincial paper; behind them, or in their bracket, a county."""
    outside = re.sub(r"\([^)]*\)", "", places)
    levels: set[Level] = set()
    for character in outside:
        for level, characters in _BELOW_PROVINCE:
            if character not in characters:
                continue
            is_city_of_county = (
                character == "市"
                and Level.PREFECTURE not in levels
                and (issuer is not Level.PROVINCE or Level.COUNTY in levels)
            )
            levels.add(Level.COUNTY if is_city_of_county else level)
    if "自治州" in outside and "自治县" not in outside and not re.search(r"县|区|旗", outside.replace("地区", "")):
        levels.discard(Level.COUNTY)
    if "社区" in outside or "地区" in outside:
        rest = outside.replace("社区", "").replace("地区", "")
        if not re.search(r"[县区旗]", rest):
            levels.discard(Level.COUNTY)
        if "地区" in outside:
            levels.add(Level.PREFECTURE)
    return frozenset(levels)


def _parks(text: str) -> Predicate | None:
    if _PARKS.fullmatch(text) is None:
        return None
    return Predicate(frozenset(), _GOVERNMENTS, Within.DIVISION_AND_BELOW, branch=True)


def _special(text: str) -> Predicate | None:
    if _CENTRAL.fullmatch(text):
        return Predicate(frozenset(), frozenset({Nature.CENTRAL_LOCAL}))
    if _VERTICAL.fullmatch(text):
        return Predicate(frozenset(), frozenset({Nature.VERTICAL}))
    if _ENTERPRISES.fullmatch(text):
        return Predicate(frozenset(), frozenset({Nature.ENTERPRISE}))
    return None


def _bodies(text: str, issuer: Issuer, *, opened: bool) -> Predicate | None:
    """省直各单位, 市政府各部门, 各部门: bodies of one government; wider with 直 and 单位, departments else."""
    match = _BODIES_OF.fullmatch(text.removeprefix("各"))
    if match is None or not (match["place"] or match["every"] or text.startswith("各") or opened):
        return None
    if match["place"] and not (match["rank"] or match["every"] or opened):
        return None
    rank, what = match["rank"] or "", match["what"]
    if rank.endswith("政府") or (not rank and what != "单位"):
        natures = _DEPARTMENTS
    else:
        natures = _ALL_BODIES if "单位" in what else _BODIES
    levels, within = _home(match["place"] or "", issuer)
    return Predicate(levels, natures, within)


def _home(word: str, issuer: Issuer) -> tuple[frozenset[Level], Within]:
    """The level a name speaks of: the issuer's own where its word fits or none is named, else the named one."""
    if not word or issuer.is_called(word):
        return frozenset({issuer.level}), Within.DIVISION
    order = list(Level)
    named = levels_of(word)[0]
    below = order.index(named) > order.index(issuer.level)
    return frozenset({named}), Within.BELOW if below else Within.DIVISION
