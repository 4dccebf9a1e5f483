"""Values of the rulebook in words, for the pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from yangguang.kernel.organisation.models import Division
from yangguang.kernel.rulebook import Confidence, Kind, Rolls, Source, Unit, Value

CONFIDENCE = {
    Confidence.TEXT: gettext_lazy("已核原文"),
    Confidence.LOCAL: gettext_lazy("地方规定"),
    Confidence.SECOND_HAND: gettext_lazy("转引未核"),
    Confidence.KNOWLEDGE: gettext_lazy("待核实"),
    Confidence.DESIGN: gettext_lazy("平台默认"),
}
CONFIDENCE_MEANS = {
    Confidence.TEXT: gettext_lazy("数值和条款已与公布的原文核对。"),
    Confidence.LOCAL: gettext_lazy("取自个别地方的做法，在别处没有约束力；本地有规定的应改用本地规定。"),
    Confidence.SECOND_HAND: gettext_lazy("见于转引，还没有核对原文。"),
    Confidence.KNOWLEDGE: gettext_lazy("出处还没有找到，使用前应先核实。"),
    Confidence.DESIGN: gettext_lazy("没有现成规定，由平台给出初始值；各地可以自行规定。"),
}
KINDS = {
    Kind.MAX: gettext_lazy("最长"),
    Kind.MIN: gettext_lazy("最短"),
    Kind.WINDOW: gettext_lazy("在此期间内"),
    Kind.RECURRING: gettext_lazy("每期"),
    Kind.FIXED: gettext_lazy("固定日期"),
}
ROLLS = {
    Rolls.INHERENT: gettext_lazy("按工作日计，最后一天必是工作日"),
    Rolls.BY_REFERENCE: gettext_lazy("最后一天是节假日的顺延"),
    Rolls.LAW_SILENT: gettext_lazy("没有写明是否顺延，遇节假日顺延到下一个工作日"),
    Rolls.NO: gettext_lazy("遇节假日不顺延"),
}
#: words a value may hold instead of a number
CHOICES = {
    "linear": gettext_lazy("随时间匀速"),
    "monthly": gettext_lazy("每月"),
    "quarterly": gettext_lazy("每季度"),
    "half_yearly": gettext_lazy("每半年"),
    "yearly": gettext_lazy("每年"),
    "directives.approve": gettext_lazy("有审定权限的人"),
}
_COUNTED: dict[Unit, Callable[[int], str]] = {
    Unit.WORKING_DAYS: lambda n: ngettext("%(n)d 个工作日", "%(n)d 个工作日", n),
    Unit.CALENDAR_DAYS: lambda n: ngettext("%(n)d 天（自然日）", "%(n)d 天（自然日）", n),
    Unit.MONTHS: lambda n: ngettext("%(n)d 个月", "%(n)d 个月", n),
    Unit.YEARS: lambda n: ngettext("%(n)d 年", "%(n)d 年", n),
    Unit.HOURS: lambda n: ngettext("%(n)d 小时", "%(n)d 小时", n),
    Unit.WORKING_HOURS: lambda n: ngettext("%(n)d 个工作小时", "%(n)d 个工作小时", n),
    Unit.TIMES: lambda n: ngettext("%(n)d 次", "%(n)d 次", n),
    Unit.DAY_OF_NEXT_MONTH: lambda n: gettext("次月 %(n)d 日前"),
}


def is_english() -> bool:
    """Return whether the page is read in English."""
    return (get_language() or "").startswith("en")


def named(value: Value) -> str:
    """Return what a value is about."""
    return value.en if is_english() else value.zh


def amount(value: Value) -> str:
    """Return what a value holds, with its unit: “3 个工作日”, “每季度：次月 5 日前”, “是”."""
    held = value.value
    if isinstance(held, bool):
        return gettext("是") if held else gettext("否")
    if isinstance(held, str):
        return str(CHOICES.get(held, held))
    if isinstance(held, dict):
        rows = [(str(CHOICES.get(word, word)), _counted(number, value.unit)) for word, number in held.items()]
        return gettext("；").join(gettext("%(word)s：%(number)s") % {"word": w, "number": n} for w, n in rows)
    return _counted(held, value.unit)


def _counted(number: float, unit: Unit) -> str:
    if unit is Unit.PERCENT:
        return f"{number}%"
    return _COUNTED[unit](int(number)) % {"n": number}


def cited(value: Value, source: Source | None = None) -> str:
    """Return the citation: 《title》article; in English the title's translation where the register is at hand."""
    if source is not None and is_english():
        return f"{source.en}, {value.cite.article}"
    return str(value.cite)


def place(value: Value, divisions: dict[str, Division]) -> str:
    """Return where a value holds: everywhere, or the division that set its own."""
    if not value.overlay:
        return gettext("全国通用")
    division = divisions.get(value.overlay)
    return division.name if division else value.overlay


def divisions_of(values: Iterable[Value]) -> dict[str, Division]:
    """Return the divisions that set values of their own, by code."""
    codes = {value.overlay for value in values if value.overlay}
    return {division.code: division for division in Division.objects.filter(code__in=codes)}


def since(value: Value) -> str:
    """Return from when a value holds, and to when if it has ended."""
    if value.to is None:
        return gettext("%(day)s 起") % {"day": _day(value.from_)}
    return gettext("%(first)s 至 %(last)s") % {"first": _day(value.from_), "last": _day(value.to)}


def _day(day: date) -> str:
    return day.isoformat()
