"""Lists of the directives room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yangguang.domains.directives.vocabulary import DutyState, Lamp, NoticeState, Role
from yangguang.platform.web.lists import LampColumn, ProgressColumn, SelectColumn, Table

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty, Notice
    from yangguang.kernel.ledger.models import Deadline


def words(member: Any) -> str:
    """Return a labelled code in the reader's language."""
    return member.en if (get_language() or "").startswith("en") else member.zh


#: first part of a clock's key -> what the clock is for, where the house itself named it
CLOCKS = {
    "sign": "Sign receipt",
    "report": "Progress report %(period)s",
    "review": "Review of a report",
    "nomination": "Nomination of the units meant",
    "objection": "Ruling on an objection",
    "again": "Correction after a second look",
}


def clock_words(clock: Deadline) -> str:
    """Return what a clock is for, in the reader's language; what a notice prints stays as printed."""
    named = CLOCKS.get(clock.key.split(":")[0])
    if named is None or not (get_language() or "").startswith("en"):
        return clock.label
    return named % {"period": clock.key.partition(":")[2]}


def names_in(duty: Duty, *roles: Role) -> str:
    """Return the units that have these parts in a duty, in the order printed; a collective as it was printed."""
    wanted = {role.value for role in roles}
    named = [p.unit.name for p in duty.case.participations.all() if p.role in wanted]
    printed = [name for role in roles for name in duty.printed.get(role.value, ())] if not named else []
    return "、".join(named or printed) or "—"


def _label(duty: Duty) -> str:
    return (duty.notice.document_number or duty.notice.case.title) if duty.notice else ""


class DutyTable(Table):
    """The duty ledger (督查台账)."""

    number = tables.Column(
        _("条"), accessor="position", order_by=("notice", "position"), attrs={"td": {"class": "yg-mono"}}
    )
    text = tables.Column(_("任务"), accessor="case__title", attrs={"td": {"class": "yg-key"}})
    lead = tables.Column(_("牵头单位"), empty_values=(), order_by="case__owner__sort_key")
    support = tables.Column(_("协办"), empty_values=(), orderable=False, attrs={"td": {"class": "yg-hide-m"}})
    due = tables.DateColumn(
        accessor="next_due_on", verbose_name=_("时限"), format="Y-m-d", attrs={"td": {"class": "yg-num"}}
    )
    percent = ProgressColumn(accessor="percent")
    lamp = LampColumn(accessor="lamp")
    state = tables.Column(_("状态"), accessor="case__state", order_by="case__state")
    report = tables.DateColumn(
        accessor="last_report_on", verbose_name=_("最近报告"), format="m-d", attrs={"td": {"class": "yg-num yg-hide-m"}}
    )

    caption = _("督查台账")
    empty_title = _("还没有分解的来文")

    class Meta:
        order_by = ()

    def __init__(self, *args: Any, grouped: bool = True, page_of: str = "directives:duty", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grouped, self.page_of = grouped, page_of

    def group_of(self, record: Duty) -> str:
        """Return the heading of the notice under which a row stands."""
        if not self.grouped:
            return ""
        return " · ".join(filter(None, (_label(record), record.path[0] if record.path else "")))

    def render_text(self, value: str, record: Duty) -> SafeString:
        """Link the words to the duty's page, with its number beneath."""
        address = reverse(self.page_of, args=[record.case.number])
        counted = f" · {record.children_done}/{record.children_total}" if record.children_total else ""
        back = f" · {_('补录')}" if record.back_entered else ""
        return format_html(
            '<a href="{}">{}</a><br><span class="yg-small yg-muted yg-mono">{}{}{}</span>',
            address,
            value,
            record.case.number,
            counted,
            back,
        )

    def value_text(self, value: str, record: Duty) -> str:
        """For exports: the whole words."""
        return record.text

    def render_lead(self, record: Duty) -> str:
        """Print the handling units, the convenor first."""
        return names_in(record, Role.LEAD, Role.RESPONSIBLE)

    def render_support(self, record: Duty) -> str:
        """Print the supporting units."""
        return names_in(record, Role.SUPPORT)

    def render_state(self, value: str) -> str:
        """Print the state in words."""
        return words(DutyState(value))

    def render_lamp(self, value: str, record: Duty) -> SafeString:
        """Print the light with its word."""
        return LampColumn().render((value, words(Lamp(value))))


class DutyPicking(DutyTable):
    """The ledger with boxes to pick rows for an act on many."""

    pick = SelectColumn(label_accessor="case__number")

    class Meta:
        sequence = ("pick", "...")


class NoticeTable(Table):
    """Notices taken in (来文)."""

    title = tables.Column(_("来文"), accessor="case__title", attrs={"td": {"class": "yg-key"}})
    document_number = tables.Column(_("文号"))
    issuer = tables.Column(_("发文机关"), attrs={"td": {"class": "yg-hide-m"}})
    signed_on = tables.DateColumn(verbose_name=_("成文日期"), format="Y-m-d", attrs={"td": {"class": "yg-num"}})
    duty_count = tables.Column(_("任务"), attrs={"td": {"class": "yg-num"}})
    state = tables.Column(_("状态"), accessor="case__state")
    opened = tables.DateColumn(
        accessor="case__opened_at", verbose_name=_("收文日期"), format="Y-m-d", attrs={"td": {"class": "yg-num"}}
    )

    caption = _("来文")
    empty_title = _("还没有来文")

    def render_title(self, value: str, record: Notice) -> SafeString:
        """Link to the notice's page."""
        return format_html(
            '<a href="{}">{}</a><br><span class="yg-small yg-muted yg-mono">{}</span>',
            reverse("directives:notice", args=[record.case.number]),
            value,
            record.case.number,
        )

    def render_state(self, value: str) -> str:
        """Print the state in words."""
        return words(NoticeState(value))
