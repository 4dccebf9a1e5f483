"""Time expressions: last days that can be worked out, cycles, terms from an event, and vague words."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from yangguang.domains.directives.reader.numerals import CN, SMALL, YEAR, calendar_day, month_end, number
from yangguang.domains.directives.reader.records import Deadline, Warn
from yangguang.domains.directives.reader.strand import Strand

_Y = rf"(?:(?P<year>{YEAR})\s?年度?|(?P<named>今年|本年度?|当年|明年|次年|翌年|来年|下一?年度?|第二年|去年)|同年)?"
_M = rf"(?P<month>{SMALL})\s?月份?"
_BY = r"(?:之前|以前|前|止|底前|底|内|之内|为止|末)"
_NOT_AFTER = r"(?!以来|起|开始|始|印发|发布|颁布|施行|实施|召开|以后|之后|会议|全国|全省|常务)"
#: 一季度预算执行情况 names a subject, not a time; a verb between the two (一季度公布执行情况) makes it a time again.
_NOT_NOUN = r"(?!(?:(?!公布|公开|完成|开展|召开|通报|组织|启动|制定|出台|报|建成|建立|编制|[前内底末])[^,;。、]){0,10}(?:情况|总结|数据|分析|形势|例会|执行|收支))"
_N = rf"(?:\d{{1,3}}|[{CN}百两]{{1,4}})"
_UNITS = r"(?:个)?(?:工作日|工作天|自然日|日历天|日|天|周|星期|个?月|小时|年)"
Resolve = Callable[[re.Match[str], int], date | None]


def _year(match: re.Match[str], year: int) -> int:
    """Return the year a match speaks of, given the year in force."""
    groups = match.groupdict()
    printed = groups.get("year") or groups.get("year_")
    if printed:
        return number(printed) or year
    named = groups.get("named") or groups.get("named_") or ""
    if named.startswith(("明", "次", "翌", "来", "下", "第二")):
        return year + 1
    return year - 1 if named.startswith("去") else year


def _day(match: re.Match[str], year: int) -> date | None:
    month, day = number(match["month"]) or 0, number(match["day"]) or 0
    return calendar_day(_year(match, year), month, day)


def _month(match: re.Match[str], year: int) -> date | None:
    return month_end(_year(match, year), number(match["month"]) or 0)


def _third(match: re.Match[str], year: int) -> date | None:
    month = number(match["month"]) or 0
    day = {"上": 10, "初": 10, "中": 20}.get(match["third"][0])
    if day is None or not 1 <= month <= 12:
        return month_end(_year(match, year), month)
    return calendar_day(_year(match, year), month, day)


def _quarter(match: re.Match[str], year: int) -> date | None:
    return month_end(_year(match, year), 3 * (number(match["quarter"]) or 0))


def _end_of(month: int) -> Resolve:
    return lambda match, year: month_end(_year(match, year), month)


@dataclass(frozen=True)
class Rule:
    """A named form of time expression and how its last day is found (None: no last day)."""

    name: str
    kind: str
    pattern: re.Pattern[str]
    resolve: Resolve | None = None
    needs: tuple[str, ...] = ()  # words one of which must stand in a text for the rule to be tried


#: Words without which a rule cannot match; they spare long texts most of the searches.
NEEDS = {
    "each month day": ("每", "按", "逐"), "event term": ("内", "前"), "term after event": ("后", "起"), "bare term": ("内",),
    "day range": ("月", "日"), "plain range": (".", "/"), "day of month range": ("月",), "day": ("月",), "numeric day": ("-", "/", "."),
    "third of month": ("月",), "month": ("月",), "month done": ("月",), "month of work": ("月",), "quarter": ("季",), "first half": ("上半年",),
    "second half": ("下半年",), "year end": ("年",), "within year": ("年",), "until year": ("年",), "before year": ("年前", "年之前", "年以前"),
    "plan period": ("五",), "plain day": ("月",), "fixed holiday": ("前",), "moving holiday": ("前",),
}  # fmt: skip
ANY_TIME = re.compile("[年月季底旬周时尽即抓按逐每全常近早日期天立适择限长持贯末前./-]")


def _rule(name: str, kind: str, pattern: str, resolve: Resolve | None = None) -> Rule:
    return Rule(name, kind, re.compile(pattern), resolve, NEEDS.get(name, ()))


_EVENT = (
    r"(?:自|从|在|于)?(?:(?:本|该|此)?(?:通知|文件|方案|意见|办法|条例|规定|任务|决定|文|工作要点|要点|申请|材料|报告)?"
    r"(?:印发|公布|发布|下发|收到|接到|出台|签发|公告|送达|受理|交办|施行|实施|形成|制作|变更|获得|作出|产生|生效|批准|审批|验收|完成|结束|收文|接文)(?:本|该|此)?(?:通知|文件|方案|任务|申请|信息|文|交办单|意见|举报|投诉|来信)?|会|会议|事件发生|突发事件发生|发生|检查|评估|考核|督查|公示)"
)
#: Order matters: the first rule that matches at a place takes it.
RULES: tuple[Rule, ...] = (
    _rule("each month day", "recurring", rf"(?:每(?:个)?|按|逐)(?:半年|年|季度?|季度末|月|季末月|季度末月|双月|单月|旬|周|星期|两月|两个月|半月|日|天|{_N}个?月)(?:度|末|底|初)?(?:的?(?:次|第[一二三]个?)月)?(?:的?第?{_N}(?:个工作)?[日号]|{_N}月(?:{_N}[日号]|底|初|中旬|上旬|下旬|份)?)?(?:之?前)?(?:至少|不少于|不低于)?"),
    _rule("event term", "relative", rf"{_EVENT}(?:之日|之时|次日|当日)?(?:起|后|以后|之后|的)?(?:的)?[,]?(?:计算)?(?:的)?{_N}\s?{_UNITS}(?:之?内|以内|前)"),
    _rule("term after event", "relative", rf"{_EVENT}(?:后|之日起|起)\s?{_N}\s?{_UNITS}"),
    _rule("bare term", "relative", rf"(?<![\d年月每第]){_N}\s?(?:个)?(?:工作日|自然日|小时)(?:之?内|以内)"),
    _rule(
        "day range", "by",
        rf"{_Y}(?:{SMALL}\s?月(?:份)?(?:{SMALL}\s?[日号]|底|初|上旬|中旬|下旬)?|{SMALL}\s?[日号])\s?(?:-+|~|至|到)\s?(?:(?P<year2>{YEAR})\s?年)?(?P<month>{SMALL})\s?月(?:份)?(?:(?P<day>{SMALL})\s?[日号]|(?P<third>[上中下]旬|底|初|末))?(?!以来)",
        lambda match, year: _range_end(match, year),
    ),
    _rule("plain range", "by", rf"(?P<year>{YEAR})(?:[./]\d{{1,2}}){{1,2}}\s?(?:-|~|至|到)+\s?(?:(?P<year2>{YEAR})[./-])?(?P<month>\d{{1,2}})(?:[./-](?P<day>\d{{1,2}}))?(?!\d)", lambda match, year: _range_end(match, year)),
    _rule("day of month range", "by", rf"{_Y}{_M}{SMALL}\s?[日号]?\s?(?:-+|~|至|到)\s?(?P<day>{SMALL})\s?[日号](?:之?前)?", _day),
    _rule("day", "by", rf"{_Y}{_M}(?P<day>{SMALL})\s?[日号](?:\([^()]{{1,8}}\))?(?:\s?\d{{1,2}}[:时]\d{{0,2}}分?|下班|上午|下午|24时|中午)*\s?{_BY}", _day),
    _rule("numeric day", "by", r"(?P<year>(?:19|20)\d{2})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})(?!\d)(?:之前|以前|前|止)", _day),
    _rule("third of month", "by", rf"{_Y}{_M}(?P<third>[上中下]旬|初|[底末])(?:之?前|以前)?{_NOT_AFTER}", _third),
    _rule("month", "by", rf"{_Y}{_M}(?:之?前|以前|内|之内)", _month),
    _rule("month done", "by", rf"(?<=[于在保争取,。;(]){_Y}{_M}(?=[^,;。]{{0,20}}(?:完成|建成|开通|运行|投入|启动|报|上线|召开|出台))", _month),
    _rule("month of work", "by", rf"{_Y}{_M}(?=(?:全面|基本|全部)?(?:完成|建成|开通|启动|举办|举行)(?!的|了))", _month),
    _rule("quarter", "by", rf"{_Y}(?:第)?(?P<quarter>[一二三四1-4])季度(?:之?[前内末]|底前?|末前?|结束前|内完成)?(?!末?月|以来|,?第?[二三四]季度|、){_NOT_NOUN}", _quarter),
    _rule("first half", "by", rf"(?<!每){_Y}上半年(?:之?[前内末]|底前?)?(?!以来|度){_NOT_NOUN}", _end_of(6)),
    _rule("second half", "by", rf"(?<!每){_Y}下半年(?:之?[前内]|底前?)?(?!以来)", _end_of(12)),
    _rule("year end", "by", rf"(?:{_Y}(?:年?年底|岁末|年?年末|年终)|(?P<year_>{YEAR})\s?年[底末]|(?P<named_>[今本明次当]年)[底末])(?:之?前|以前)?(?!考核|考评|检查|总结|评比|述职|目标|绩效|严|以来|兑现)", _end_of(12)),
    _rule("within year", "by", rf"(?:(?P<year>{YEAR})\s?年|(?P<named>今年|本年度?|当年|明年|年度|年))(?:之)?内(?!容|部|外|在|涵|陆|蒙|地|设|生|控|审|需|涝)", _end_of(12)),
    _rule("until year", "by", rf"(?:到|至)(?P<year>{YEAR})\s?年(?:底|末|年底|年末)?(?:之?前)?(?!\s?{SMALL}\s?月)(?!以来)", _end_of(12)),
    _rule("before year", "by", rf"(?P<year>{YEAR})\s?年(?:之?前|以前)(?!\d)", lambda match, year: date((number(match["year"]) or year) - 1, 12, 31)),
    _rule("plan period", "by", r"[“\"]?十(?P<plan>[一二三四五六七八九])五[”\"]?(?:规划)?(?:期间|时期)?(?:末|期末|内|结束前)", lambda match, year: _plan_end(match)),
    _rule("plain day", "by", rf"(?:于|在|限){_Y}{_M}(?P<day>{SMALL})\s?[日号]{_NOT_AFTER}", _day),
    _rule("fixed holiday", "by", rf"{_Y}[“\"]?(?P<holiday>国庆节?|十一|五一(?:国际劳动节|劳动节|节)?|劳动节|六一(?:儿童节)?|七一|八一(?:建军节)?|建党节|建军节)[”\"]?(?:节日?|假期)?(?:之前|以前|前夕|前)", lambda match, year: _holiday(match, year)),
    _rule("moving holiday", "vague", r"(?:春节|元旦|元宵节?|清明节?|端午节?|中秋节?|重阳节|两节|双节|节日|两会|汛期|主汛期|供暖期|采暖期|入冬|开学|学期结束)(?:之前|以前|前夕|前)"),
    _rule("immediately", "vague", "即日起|立即|第一时间|尽快|抓紧|限期|近期|尽早|早日"),
    _rule("cycle", "recurring", r"定期(?:或|和|与|、)?不?定?期?|不定期|经常性|常态化|季度通报制度?|月通报|周调度|月调度|季度调度|季调度|日报告|周报告|月报告|季报|月报|持续(?:推进|推动|开展|实施|加强|深入)?|长期(?:坚持|推进|实施|开展)?|全年(?:推进|坚持|持续|实施|开展)?|常年|贯穿全年|年度(?=考评|考核|评估)|按(?:月|季|季度|年|年度|半年|周|旬)|逐(?:月|季|年)|工作日每天"),
    _rule("fit time", "vague", "适时|择机|按时|按期"),
)  # fmt: skip
#: Expressions that name a time only, believed in a column or after a label such as 完成时限.
LABELLED: tuple[Rule, ...] = (
    _rule("day", "by", rf"{_Y}{_M}(?P<day>{SMALL})\s?[日号]?", _day),
    _rule("numeric day", "by", r"(?P<year>(?:19|20)\d{2})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})", _day),
    _rule("numeric month", "by", r"(?P<year>(?:19|20)\d{2})[-./](?P<month>\d{1,2})(?!\d)", _month),
    _rule("month", "by", rf"{_Y}{_M}", _month),
    _rule("whole year", "by", rf"(?P<year>{YEAR})\s?年度?|(?P<named>今年|明年|本年度|当年|本年)", _end_of(12)),
    _rule("whole year", "by", r"(?P<year>20\d{2})$", _end_of(12)),
)  # fmt: skip
SOFT = re.compile(r"(?:力争|争取|原则上|预计|拟|计划|努力)[^,;。]{0,12}$")
#: A date after these words describes the past or a name, not a deadline.
PAST = re.compile(r"(?:截至|截止|自|从|已于|已在|曾于|于去年)\s?$")
SINCE = re.compile(r"^(?:以来|起至今|至今|起施行|起实施|起执行|开始实施|印发|发布的|召开的|的)")
QUOTED = re.compile(r"《[^》]{0,200}》|\([^()]{0,40}[\[〔(]\d{4}[\]〕)]\d+号\)")


def _range_end(match: re.Match[str], year: int) -> date | None:
    groups = match.groupdict()
    start = _year(match, year)
    end = number(groups["year2"]) if groups.get("year2") else start
    month = number(match["month"]) or 0
    if groups.get("day"):
        return calendar_day(end or start, month, number(match["day"]) or 0)
    if groups.get("third"):
        return _third_of(end or start, month, match["third"])
    return month_end(end or start, month)


def _third_of(year: int, month: int, third: str) -> date | None:
    day = {"上": 10, "初": 10, "中": 20}.get(third[0])
    return calendar_day(year, month, day) if day and 1 <= month <= 12 else month_end(year, month)


#: Holidays that fall on the same day each year; 国庆节前 means by 1 October as 10月1日前 does.
HOLIDAYS = {"国": (10, 1), "十": (10, 1), "五": (5, 1), "劳": (5, 1), "六": (6, 1), "七": (7, 1), "八": (8, 1)}


def _holiday(match: re.Match[str], year: int) -> date | None:
    name = match["holiday"]
    month, day = {"建党节": (7, 1), "建军节": (8, 1)}.get(name) or HOLIDAYS[name[0]]
    return calendar_day(_year(match, year), month, day)


def _plan_end(match: re.Match[str]) -> date | None:
    plan = 10 + (number(match["plan"]) or 0)
    return date(1955 + 5 * plan, 12, 31)


def find_deadlines(text: Strand, year: int | None, labelled: bool = False) -> tuple[list[Deadline], list[Warn]]:
    """Find the time expressions of a text; `year` is the year in force, `labelled` trusts bare dates."""
    found: list[tuple[int, int, Deadline]] = []
    warnings: list[Warn] = []
    key = text.key
    if not labelled and not ANY_TIME.search(key):
        return [], []
    taken = bytearray(len(key))
    for quoted in QUOTED.finditer(key):
        _take(taken, quoted)
    for rule in (*RULES, *(LABELLED if labelled else ())):
        if rule.needs and not any(word in key for word in rule.needs):
            continue
        for match in rule.pattern.finditer(key):
            if match.end() == match.start() or taken.find(1, *match.span()) >= 0 or _past(key, match):
                continue
            _take(taken, match)
            in_force = year if year is not None else _year_before(found, match.start())
            deadline, warning = _deadline(rule, match, text, in_force)
            found.append((match.start(), match.end(), deadline))
            warnings.extend(warning)
    found.sort(key=lambda entry: entry[0])
    return _years_carried(text, found, year), warnings


def _take(taken: bytearray, match: re.Match[str]) -> None:
    taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())


def _past(key: str, match: re.Match[str]) -> bool:
    return bool(
        PAST.search(key[max(0, match.start() - 4) : match.start()]) or SINCE.match(key[match.end() : match.end() + 5])
    )


def _year_before(found: list[tuple[int, int, Deadline]], place: int) -> int | None:
    years = [
        entry[2].date.year for entry in sorted(found[-50:], key=lambda e: e[0]) if entry[2].date and entry[0] < place
    ]
    return years[-1] if years else None


def _deadline(rule: Rule, match: re.Match[str], text: Strand, year: int | None) -> tuple[Deadline, list[Warn]]:
    expr = text[match.start() : match.end()].strip(",")
    soft = bool(SOFT.search(text.key[max(0, match.start() - 16) : match.start()]))
    warnings: list[Warn] = []
    last = None
    named = any(match.groupdict().get(name) for name in ("year", "year_", "plan"))
    if rule.resolve is not None and (year is not None or named):
        last = rule.resolve(match, year or 0)
        if last is None:
            warnings.append(_warn("impossible_date", expr))
    elif rule.resolve is not None:
        warnings.append(_warn("year_unknown", expr))
    elif rule.kind == "vague":
        warnings.append(_warn("vague_deadline", expr))
    return Deadline(expr, last, rule.kind, soft), warnings


def _years_carried(text: Strand, found: list[tuple[int, int, Deadline]], year: int | None) -> list[Deadline]:
    """Let 2017年7月底和9月底前 share its year: an expression without one right after one with a year takes it."""
    result: list[Deadline] = []
    previous: tuple[int, Deadline] | None = None
    for start, end, deadline in found:
        if previous and deadline.date and previous[1].date and _carries(text.key, previous, start, deadline, year):
            moved = calendar_day(previous[1].date.year, deadline.date.month, deadline.date.day)
            deadline = Deadline(deadline.expr, moved or deadline.date, deadline.kind, deadline.soft)
        result.append(deadline)
        previous = (end, deadline)
    return result


def _carries(key: str, previous: tuple[int, Deadline], start: int, deadline: Deadline, year: int | None) -> bool:
    if re.search(rf"{YEAR}\s?年|[今本明次当]年", deadline.expr.key) or not deadline.date or not previous[1].date:
        return False
    return (
        previous[1].date.year != deadline.date.year
        and "。" not in key[previous[0] : start]
        and start - previous[0] < 60
    )


def _warn(code: str, expr: Strand) -> Warn:
    spans = expr.spans() or [(0, 0)]
    return Warn(code, expr.packed().raw, (spans[0][0], spans[-1][1]))
