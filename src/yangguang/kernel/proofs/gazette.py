"""The month's seals as a sheet for the printed gazette (公报): what is printed cannot be rewritten."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yangguang.kernel.documents.official import Column, Group, OfficialTable
from yangguang.kernel.proofs.vocabulary import Published


def month_sheet(days: Sequence[Published], *, month: str, site: str) -> OfficialTable:
    """Return a month's sheet: each day, how many entries the ledger then held, and the short seal to type back."""
    return OfficialTable(
        title=_("%(site)s：台账每日封印（%(month)s）") % {"site": site, "month": month},
        columns=[
            Column(_("日期"), 50, centred=True),
            Column(_("累计条数"), 50, centred=True),
            Column(_("封印"), 120, centred=True),
        ],
        groups=[Group("", [[day.day.isoformat(), str(day.size), day.short] for day in days])],
        notes=[_("封印是当日及以前全部条目的指纹。与网站公布的不一致，说明有条目事后被改。字母不含 I、L、O、U。")],
    )
