"""Public pages of the directives room: what was promised, by whom, by when, and how it stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.faces import exports
from yangguang.domains.directives.faces.shown import duty_context, filtered, table_file, trail_entries
from yangguang.domains.directives.faces.tables import DutyTable
from yangguang.domains.directives.vocabulary import Lamp
from yangguang.platform.now import today
from yangguang.platform.web.lists import paged


def duties(request: HttpRequest) -> HttpResponse:
    """List the duties that are public, with lights, search, filter and files."""
    listed = queries.duties(None, on=today())
    shown, form = filtered(request, listed)
    query = request.GET.copy()
    query.pop("page", None)
    base = reverse("directives:public_export", args=["KIND"]) + f"?{query.urlencode()}"
    context = {
        "table": paged(request, DutyTable(shown, page_of="directives:public_duty")),
        "form": form,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed.filter(case__parent=None)).items()},
        "lamp_urls": {lamp.value: f"?lamp={lamp.value}" for lamp in Lamp},
        "notices": queries.notices(None, on=today())[:10],
        "tallies": queries.tallies(None, on=today()),
        "export_items": [
            {"label": label, "url": base.replace("KIND", kind)}
            for kind, label in {"xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV"}.items()
        ],
    }
    return render(request, "directives/public_duties.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the public duties as a file."""
    if kind not in exports.WRITERS:
        raise Http404
    shown, _form = filtered(request, queries.duties(None, on=today()))
    return table_file(shown, kind, _("任务落实情况"))


def duty(request: HttpRequest, number: str) -> HttpResponse:
    """Show the public face of a duty."""
    found = queries.duty(number, None, on=today())
    return render(request, "directives/public_duty.html", duty_context(found, public=True))


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show the public face of a notice: its duties and their lights."""
    found = queries.notice(number, None, on=today())
    listed = queries.duties(None, on=today()).filter(notice=found, case__parent=None)
    context = {
        "notice": found,
        "table": paged(request, DutyTable(listed, page_of="directives:public_duty"), per_page=100),
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed).items()},
        "trail": trail_entries(found.case, public=True),
    }
    return render(request, "directives/public_notice.html", context)
