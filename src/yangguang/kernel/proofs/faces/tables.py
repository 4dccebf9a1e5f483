"""The list of closed days, and its official form for export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yangguang.kernel.documents.official import Column, Group, OfficialTable
from yangguang.kernel.documents.official.description import Row
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.platform.web.lists import Table


class DayTable(Table):
    """Closed days, newest first."""

    caption = gettext_lazy("已封存的日子")
    empty_title = gettext_lazy("没有符合条件的日子")

    day = tables.Column(gettext_lazy("日期"), attrs={"td": {"class": "yg-key yg-num"}})
    entries = tables.Column(gettext_lazy("当日新增"), attrs={"td": {"class": "yg-num"}})
    size = tables.Column(gettext_lazy("累计条数"), attrs={"td": {"class": "yg-num"}})
    root = tables.Column(gettext_lazy("根"), orderable=False, attrs={"td": {"class": "yg-mono"}})
    seal = tables.Column(gettext_lazy("封印"), orderable=False, attrs={"td": {"class": "yg-mono yg-hide-m"}})
    witnesses = tables.Column(gettext_lazy("见证"), attrs={"td": {"class": "yg-num"}})

    def render_day(self, value: Any) -> SafeString:
        """Lead to the day's page."""
        return format_html('<a href="{}">{}</a>', reverse("proofs:day", args=[value.isoformat()]), value.isoformat())

    def render_root(self, value: str) -> str:
        """Print the beginning: the whole stands on the day's page and in the files."""
        return f"{value[:8]}…"

    def render_seal(self, record: ClosedDay) -> str:
        """Print the short form, as the gazette does."""
        return record.published.short


def days_as_official(days: Iterable[ClosedDay], site: str) -> OfficialTable:
    """Return days as the table that is exported, with whole roots and seals."""
    columns = [
        Column(_("日期"), 24, centred=True), Column(_("累计条数"), 24), Column(_("根"), 86), Column(_("封印"), 86),
        Column(_("短封印"), 40),
    ]  # fmt: skip
    rows: list[Row] = [[day.day, day.size, day.root, day.seal, day.published.short] for day in days]
    return OfficialTable(title=_("%(site)s：台账每日根") % {"site": site}, columns=columns, groups=[Group("", rows)])
