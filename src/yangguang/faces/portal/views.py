"""Public pages about all kinds of case: home, search, lights of the units, method, help."""

from __future__ import annotations

import csv
import io

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries as directives
from yangguang.domains.directives.vocabulary import Lamp
from yangguang.faces.portal.manual import page_of, topics
from yangguang.faces.portal.searching import searched
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.queries import visible_cases
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import today

#: a share is shown only from this many reports on; it is a matter of statistics, not of law
SMALL = 10


def home(request: HttpRequest) -> HttpResponse:
    """Show what government promised and how it stands today."""
    listed = directives.duties(None, on=today())
    top = listed.filter(case__parent=None)
    lamps = directives.lamps(top)
    context = {
        "lamps": {lamp.value: n for lamp, n in lamps.items()},
        "total": sum(lamps.values()),
        "notices": directives.notices(None, on=today())[:6],
        "late": listed.filter(lamp=Lamp.OVERDUE)[:5],
        "next_due": Deadline.objects.filter(
            case__in=visible_cases(None, on=today(), kinds=("duty",)), state="running", key__startswith="by:", due_on__gte=today()
        ).select_related("case__owner").order_by("due_on")[:6],
        "done": listed.filter(lamp__in=(Lamp.DONE, Lamp.STRUCK_OFF)).order_by("-case__closed_at")[:5],
    }
    return render(request, "portal/home.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """Search what is public."""
    return searched(request, "portal/search.html", units=None)


def lights(request: HttpRequest) -> HttpResponse:
    """Show each unit's public duties by light and its reports on time; small numbers give no share."""
    return render(request, "portal/lights.html", {"tallies": _tallies(), "small": SMALL, "lamps": list(Lamp)})


def _tallies() -> list[dict[str, object]]:
    rows = []
    for tally in directives.tallies(None, on=today()):
        share = None
        if tally.reports_due >= SMALL:
            share = round((tally.reports_due - tally.reports_late) * 100 / tally.reports_due)
        rows.append({"tally": tally, "share": share, "cells": [tally.by_lamp.get(lamp.value, 0) for lamp in Lamp]})
    return rows


def lights_csv(request: HttpRequest) -> HttpResponse:
    """Give the table of lights as CSV with a byte order mark, as spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("单位"), _("合计"), *(lamp.zh for lamp in Lamp), _("应报"), _("逾期未报")])
    for row in _tallies():
        tally = row["tally"]
        writer.writerow([tally.name, tally.total, *row["cells"], tally.reports_due, tally.reports_late])
    content = "\ufeff" + out.getvalue()
    return HttpResponse(content, content_type="text/csv; charset=utf-8",
                        headers={"Content-Disposition": 'attachment; filename="lights.csv"'})


def method(request: HttpRequest) -> HttpResponse:
    """Show how lights and clocks are computed, with the values in force and their sources."""
    book = house_rulebook()
    shown = [value for value in book if value.key.startswith(("duty.light", "duty.watch", "duty.report", "duty.extension"))]
    return render(request, "portal/method.html", {"values": shown, "hash": book.hash})


def help_index(request: HttpRequest) -> HttpResponse:
    """Show the manual's contents, or the page for an address given as ``from``."""
    return render(request, "portal/help.html", {"topics": topics(_language()), "topic": None})


def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one page of the manual."""
    found = page_of(topic, _language())
    if found is None:
        raise Http404
    return render(request, "portal/help.html", {"topics": topics(_language()), "topic": found})


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the web process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


