"""The duty ledger: lights, saved views, files, acts on many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import supervising
from yangguang.domains.directives.faces import exports
from yangguang.domains.directives.faces.shown import (
    export_items,
    filtered,
    may,
    table_file,
)
from yangguang.domains.directives.faces.tables import DutyPicking, DutyTable, words
from yangguang.domains.directives.faces.units import feed_token
from yangguang.domains.directives.vocabulary import Lamp
from yangguang.kernel.ledger.models import Deadline
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.lists import paged

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty


@officers_only
def duties(request: HttpRequest) -> HttpResponse:
    """Show the duty ledger: lights, saved views, search, filter, paging, export, acts on many."""
    listed = queries.duties(request.actor, on=today())
    shown, form = filtered(request, listed)
    may_urge = may(request, "directives.supervise")
    table = paged(request, (DutyPicking if may_urge else DutyTable)(shown))
    counts = queries.lamps(listed.filter(case__parent=None))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "table": table,
        "form": form,
        "chips": _chips(request, counts),
        "lamps": {lamp.value: n for lamp, n in counts.items()},
        "lamp_urls": {lamp.value: f"?lamp={lamp.value}" for lamp in Lamp},
        "reports": _reports_due(listed),
        "collective": listed.filter(children_total__gt=0).count(),
        "may_urge": may_urge,
        "export_items": export_items(reverse("directives:export", args=["KIND"]) + f"?{query.urlencode()}"),
        "feed_url": request.build_absolute_uri(reverse("directives:feed", args=[feed_token(request.actor.unit)])),
    }
    return render(request, "directives/duties.html", context)


def _chips(request: HttpRequest, counts: dict[Lamp, int]) -> list[dict[str, Any]]:
    lamp, view = request.GET.get("lamp", ""), request.GET.get("view", "")
    total = sum(counts.values())
    return [
        {"label": _("全部"), "url": "?", "count": total, "current": not lamp and not view},
        *(
            {
                "label": words(m),
                "url": f"?lamp={m.value}",
                "count": counts[m],
                "current": lamp == m.value,
                "state": m.value,
            }
            for m in (Lamp.OVERDUE, Lamp.BEHIND)
        ),
        {"label": _("本月到期"), "url": "?view=month", "current": view == "month"},
        {"label": _("含下级分项"), "url": "?view=all", "current": view == "all"},
    ]


def _reports_due(listed: QuerySet[Duty]) -> str:
    clocks = Deadline.objects.filter(case__in=listed.values("case"), key__startswith="report:", due_on__lte=today())
    counted = clocks.aggregate(due=Count("pk"), given=Count("pk", filter=Q(state="met")))
    return f"{counted['due']} / {counted['given']}"


@officers_only
@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """Urge the units of the picked duties (批量催办)."""
    picked = queries.duties(request.actor, on=today()).filter(
        pk__in=[p for p in request.POST.getlist("selected") if p.isdigit()]
    )
    if not picked:
        messages.error(request, _("请先勾选要催办的事项。"))
        return redirect("directives:duties")
    urged = supervising.urge_duties(list(picked), message=request.POST.get("message", ""), by=request.actor, at=now())
    messages.success(request, _("已催办 %(n)s 件。") % {"n": len(urged)})
    return redirect("directives:duties")


@officers_only
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the ledger as the address filters it, as an official task table."""
    if kind not in exports.WRITERS:
        raise Http404
    shown, _form = filtered(request, queries.duties(request.actor, on=today()))
    return table_file(shown, kind, _("督查台账"))
