"""Lists of the setup pages."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.models import CalendarNotice
from yangguang.kernel.organisation.models import Collective, Division, Person, Role, Unit
from yangguang.kernel.organisation.vocabulary import Predicate
from yangguang.platform.web.lists import Table

_KEY = {"td": {"class": "yg-key"}}
_MONO = {"td": {"class": "yg-mono"}}
_NUM = {"td": {"class": "yg-num"}}
_WIDE = {"td": {"class": "yg-hide-m"}}


def link(address: str, words: Any) -> SafeString:
    """Return a link."""
    return format_html('<a href="{}">{}</a>', address, words)


class UnitTable(Table):
    """Units."""

    name = tables.Column(_("单位"), attrs=_KEY, order_by="sort_key")
    code = tables.Column(_("单位代码"), attrs=_MONO)
    division = tables.Column(_("区划"), accessor="division__name", order_by="division__code")
    nature = tables.Column(_("性质"), accessor="get_nature_display", order_by="nature")
    level = tables.Column(_("层级"), accessor="get_level_display", order_by="level", attrs=_WIDE)
    superior = tables.Column(_("上级单位"), accessor="superior__name", order_by="superior__sort_key", attrs=_WIDE)
    valid_to = tables.DateColumn(verbose_name=_("终止日"), format="Y-m-d", attrs=_NUM)

    caption = _("单位")
    empty_title = _("没有符合条件的单位")

    def render_name(self, value: str, record: Unit) -> SafeString:
        """Link to the unit's page; an ended one says so."""
        page = link(reverse("office:unit", args=[record.code]), value)
        if record.merged_into is None:
            return page
        heir = _("已并入%(heir)s") % {"heir": record.merged_into.name}
        return format_html('{} <span class="yg-tag">{}</span>', page, heir)

    def value_name(self, value: str) -> str:
        """For exports: the name alone."""
        return value


class DivisionTable(Table):
    """Divisions."""

    code = tables.Column(_("区划代码"), attrs=_MONO)
    name = tables.Column(_("名称"), attrs=_KEY)
    short_name = tables.Column(_("简称"))
    level = tables.Column(_("层级"), accessor="get_level_display", order_by="level")
    parent = tables.Column(_("上级区划"), accessor="parent__name", order_by="parent__code", attrs=_WIDE)
    unit_count = tables.Column(_("单位数"), attrs=_NUM)
    change = tables.Column(_("办理"), empty_values=(), orderable=False, exclude_from_export=True)

    caption = _("区划")
    empty_title = _("没有符合条件的区划")

    def __init__(self, *args: Any, may_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_change:
            self.columns.hide("change")

    def render_name(self, value: str, record: Division) -> SafeString:
        """Link to the units of the division."""
        return link(f"{reverse('office:units')}?division={record.code}", value)

    def value_name(self, value: str) -> str:
        """For exports: the name alone."""
        return value

    def render_change(self, record: Division) -> SafeString:
        """Lead to the change of its name."""
        return link(reverse("office:rename_division", args=[record.code]), _("更名"))


class PersonTable(Table):
    """Members of staff and where they serve."""

    name = tables.Column(_("姓名"), attrs=_KEY, order_by="sort_key")
    number = tables.Column(_("工号"), attrs=_MONO)
    posts = tables.Column(_("现任岗位"), empty_values=(), orderable=False)

    caption = _("人员")
    empty_title = _("没有符合条件的人员")

    def render_name(self, value: str, record: Person) -> SafeString:
        """Link to the person's page."""
        return link(reverse("office:person", args=[record.number]), value)

    def value_name(self, value: str) -> str:
        """For exports: the name alone."""
        return value

    def render_posts(self, record: Any) -> str:
        """Print the posts held today."""
        return "；".join(str(officer.post) for officer in record.serving) or "—"


class RoleTable(Table):
    """Roles and what they may do."""

    name = tables.Column(_("角色"), attrs=_KEY)
    code = tables.Column(_("代码"), attrs=_MONO)
    capabilities = tables.Column(_("权限"), orderable=False)
    post_count = tables.Column(_("岗位数"), attrs=_NUM)

    caption = _("角色")
    empty_title = _("还没有角色")

    def __init__(self, *args: Any, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def render_name(self, value: str, record: Role) -> SafeString:
        """Link to the change of the role."""
        return link(reverse("office:role", args=[record.code]), value)

    def value_name(self, value: str) -> str:
        """For exports: the name alone."""
        return value

    def render_capabilities(self, value: list[str]) -> str:
        """Print each capability in words."""
        return "；".join(self.words.get(code, code) for code in value)


class CollectiveTable(Table):
    """Names for many units."""

    name = tables.Column(_("统称"), attrs=_KEY)
    division = tables.Column(_("适用区划"), accessor="division__name", default=_("处处适用"))
    predicate = tables.Column(_("指哪些单位"), orderable=False)
    open = tables.BooleanColumn(verbose_name=_("须指定"), yesno=f"{_('是')},{_('否')}", orderable=False)
    valid_from = tables.DateColumn(verbose_name=_("起始日"), format="Y-m-d", attrs=_NUM)
    valid_to = tables.DateColumn(verbose_name=_("终止日"), format="Y-m-d", attrs=_NUM)

    caption = _("统称")
    empty_title = _("还没有登记统称")

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def render_predicate(self, value: dict[str, Any], record: Collective) -> str:
        """Print the predicate as a person would say it."""
        return predicate_words(Predicate.of(value), self.names)

    def render_open(self, value: bool) -> str:
        """Print yes or no in words."""
        return str(_("是") if value else _("否"))


def predicate_words(meant: Predicate, names: dict[str, str]) -> str:
    """Return whom a predicate means, in words."""
    if meant.units:
        return "、".join(names.get(code, code) for code in sorted(meant.units))
    within = {"division": _("本级"), "below": _("下级"), "division_and_below": _("本级和下级")}[meant.within.value]
    levels = "、".join(str(level.label) for level in sorted(meant.levels))
    natures = "、".join(str(nature.label) for nature in sorted(meant.natures))
    return " · ".join(filter(None, (str(within), levels, natures)))


class NoticeTable(Table):
    """Calendar notices that were adopted."""

    title = tables.Column(_("通知"), attrs=_KEY)
    number = tables.Column(_("文号"))
    published = tables.DateColumn(verbose_name=_("成文日期"), format="Y-m-d", attrs=_NUM)
    jurisdiction = tables.Column(_("适用地方"))
    standing = tables.Column(_("效力"), empty_values=(), orderable=False)
    adopted = tables.DateColumn(
        verbose_name=_("采用日期"), accessor="entry__occurred_at", format="Y-m-d", attrs=_NUM
    )
    unit = tables.Column(_("采用单位"), accessor="entry__actor_unit__name", orderable=False, attrs=_WIDE)

    caption = _("放假通知")
    empty_title = _("还没有采用过放假通知")

    def __init__(self, *args: Any, words: Any, places: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.places = words, places

    def render_title(self, value: str, record: CalendarNotice) -> SafeString:
        """Link to the notice's page."""
        return link(reverse("office:calendar", args=[record.pk]), value)

    def value_title(self, value: str) -> str:
        """For exports: the title alone."""
        return value

    def render_jurisdiction(self, value: str) -> str:
        """Name the place."""
        return self.places.get(value, value)

    def render_standing(self, record: CalendarNotice) -> str:
        """Say whether it holds."""
        return str(self.words(record))


class MoveTable(Table):
    """Running clocks that a notice would move."""

    case = tables.Column(_("事项"), attrs=_KEY)
    label = tables.Column(_("期限"))
    unit = tables.Column(_("单位"), attrs=_WIDE)
    old = tables.DateColumn(verbose_name=_("原最后一日"), format="Y-m-d", attrs=_NUM)
    new = tables.DateColumn(verbose_name=_("新最后一日"), format="Y-m-d", attrs=_NUM)

    caption = _("将要变动的期限")
    empty_title = _("没有期限会变动")
