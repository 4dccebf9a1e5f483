"""Numbers to be reached: rates, counts and growth, with the direction they are to be reached from."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re

from yangguang.domains.directives.reader.numerals import number
from yangguang.domains.directives.reader.records import Target
from yangguang.domains.directives.reader.strand import Strand

_FIGURE = r"(?P<value>\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千]+)(?P<myriad>万|亿|多)?"
_UNIT = (
    r"(?P<unit>个百分点|%|‰|个?次(?!会)|个(?:工作日|小时|[县市州区乡镇村点省](?:\([^()]{1,8}\))?|部门|单位|项目|专题|试点|示范点|以上)?|项|件|家|户|人次|人|名|位|条|份|篇|期|场|批|套|台|座|处|所|间|"
    r"公里|平方米|平方公里|亩|公顷|吨|万?元|亿元|天|小时|分钟|分|倍|成|辆|块|宗|起|门|种|类)"
)
_GAP = r"[\u4e00-\u9fff]{0,6}?"
_REACH = "达到?|提高到|提升到|提高至|提升至|增加到|扩大到|保持在|确保"
_SHARE = "百分之(?P<value>[一二三四五六七八九十百〇两]+)(?P<myriad>)(?P<unit>)"
_MAKE = "新建|改建|建成|建设|打造|培育|创建|完成|开展|组织|召开|举办|引进|发展|培训|选树|评选|明确|制定|出台|推广|实施|开通|设立|通报|听取|改造|加固|安置"
#: name -> (operator, pattern).  The words tell from which side the number is reached.
RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (name, operator, re.compile(pattern))
    for name, operator, pattern in (
        ("share at least", ">=", rf"(?:{_REACH}|不低于|不少于|超过){_SHARE}"),
        ("share down", "-", rf"(?:下降|降低|减少|压减|压缩|精简){_SHARE}"),
        ("share up", "+", rf"(?:增长|提高|增加|提升){_SHARE}"),
        ("at least", ">=", rf"(?:不(?:得|能|应|可|宜)?(?:低于|少于)|至少[\u4e00-\u9fff]{{0,4}}?|(?<![不得能应可宜])(?:超过|高于)|突破|{_REACH}){_FIGURE}\s?{_UNIT}(?:以上|左右)?"),
        ("at most", "<=", rf"(?:控制在|压缩至|压缩到|缩短至|缩短到|降至|降到|减至|减少至|不(?:得|能|应|可|宜)?(?:超过|高于|多于)|(?<![不得能应可宜])(?:低于|少于)|限于){_FIGURE}\s?{_UNIT}(?:以内|以下|之内)?"),
        ("down", "-", rf"(?:下降|降低|减少|压减|缩减|压缩|精简)(?:了|约|达)?{_FIGURE}\s?{_UNIT}(?:以上)?"),
        ("up", "+", rf"(?:增长|提高|增加|提升|上升|递增)(?:了|约)?{_FIGURE}\s?{_UNIT}(?:以上|左右)?|新增{_GAP.replace('?', '')}?(?P<value_>\d[\d,]*(?:\.\d+)?)(?P<myriad_>万|亿)?\s?(?P<unit_>人次|人|个|家|户|亩|元|公里|吨|所|张)"),
        ("rate", ">=", rf"(?<=率)(?:为|要|均|应|须|必须|力争|确保|均要|都要|要达)?(?:达到?|为|实现)?{_FIGURE}\s?(?P<unit_rate>%)".replace("unit_rate", "unit")),
        ("make number", ">=", rf"(?:{_MAKE})(?:了|好)?{_GAP}{_FIGURE}\s?{_UNIT}(?:以上)?"),
        ("or more", ">=", rf"{_FIGURE}\s?{_UNIT}(?:及)?以上"),
        ("or less", "<=", rf"{_FIGURE}\s?{_UNIT}(?:以内|以下)(?!单位|机关)"),
        ("all places", "=", r"(?P<value>\d{1,4})(?P<myriad>)(?P<unit>个(?:州|市|县|区|旗|盟|乡镇|乡|镇|街道|村|社区)(?:\([^()]{1,8}\))?)(?=[^,;。]{0,12}(?:全部|全面|均|都|年内|要|完成|建成))"),
    )
)  # fmt: skip
ORDINAL = re.compile(r"(?:第|前|近|“|十[一二三四五]五|上|每|同|统)$")


def find_targets(text: Strand) -> list[Target]:
    """Find the numbers a text asks to be reached, in printed order."""
    found: list[tuple[int, Target]] = []
    taken = bytearray(len(text))
    for _, operator, pattern in RULES:
        for match in pattern.finditer(text.key):
            if ORDINAL.search(text.key[max(0, match.start() - 3) : match.start()]):
                continue
            if taken.find(1, *match.span()) >= 0:
                continue
            figure, myriad, unit = _parts(match)
            value = _value(figure)
            if value is None:
                continue
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            unit = myriad.replace("多", "") + unit
            start = _indicator(text.key, match.start())
            found.append((match.start(), Target(text[start : match.end()], operator, value, unit.removesuffix("以上"))))
    return [target for _, target in sorted(found, key=lambda entry: entry[0])]


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    groups = match.groupdict()
    if groups.get("value_"):
        return groups["value_"] or "", groups["myriad_"] or "", groups["unit_"] or ""
    share = match.group().rpartition("百分之")[1]
    return groups["value"] or "", groups["myriad"] or "", groups["unit"] or ("%" if share else "")


def _value(figure: str) -> float | None:
    figure = figure.replace(",", "")
    return float(figure) if "." in figure else number(figure)


def _indicator(key: str, start: int) -> int:
    """Return where the indicator before the number begins (覆盖率达50%)."""
    match = re.search(r"[\u4e00-\u9fff]{0,8}[率度量值比数额](?:力争|确保|要|均|达)?$", key[max(0, start - 14) : start])
    return start - len(match.group()) if match else start
