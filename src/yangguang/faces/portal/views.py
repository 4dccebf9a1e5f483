"""Public pages about all kinds of case: home, search, lights of the units, method, manual, map of the site."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yangguang.domains.directives import queries as directives
from yangguang.domains.directives.vocabulary import Lamp
from yangguang.faces.portal import promises
from yangguang.faces.portal.manual import neighbours, page_of, topics
from yangguang.faces.portal.searching import searched
from yangguang.faces.portal.values import divisions_of, is_english
from yangguang.kernel.documents.official import guarded
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import today
from yangguang.platform.web.states import WORDS, State

#: a share is shown only from this many reports on; it is a matter of statistics, not of law
SMALL = 10
#: keys of the rulebook that decide lights, cards and reports
SHOWN_ON_METHOD = ("duty.light", "duty.watch", "duty.report", "duty.extension")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what government promised and how it stands today."""
    duties = reverse("directives:public_duties")
    board = promises.board(today())
    return render(
        request,
        "portal/home.html",
        {"board": board, "lamp_urls": {lamp.value: f"{duties}?lamp={lamp.value}" for lamp in Lamp}},
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search what is public."""
    return searched(request, "portal/search.html", units=None)


@require_safe
def lights(request: HttpRequest) -> HttpResponse:
    """Show each unit's public duties by light and its reports on time; small numbers give no share."""
    context = {"rows": _tallies(), "small": SMALL, "lamps": [state.value for state in State], "on": today()}
    return render(request, "portal/lights.html", context)


def _tallies() -> list[dict[str, Any]]:
    """Return a row for each unit: its cells by light, reports due, late and the share on time (None when few)."""
    rows = []
    for tally in directives.tallies(None, on=today()):
        on_time = tally.reports_due - tally.reports_late
        share = round(on_time * 100 / tally.reports_due) if tally.reports_due >= SMALL else None
        cells = [(state.value, tally.by_lamp.get(state.value, 0)) for state in State]
        rows.append({"tally": tally, "share": share, "cells": cells})
    return rows


@require_safe
def lights_csv(request: HttpRequest) -> HttpResponse:
    """Give the table of lights as CSV with a byte order mark, as spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            _("单位"),
            _("任务合计"),
            *(str(WORDS[state]) for state in State),
            _("应报次数"),
            _("逾期次数"),
            _("按时率（%）"),
        ]
    )
    for row in _tallies():
        tally, share = row["tally"], row["share"]
        figures = [number for _lamp, number in row["cells"]]
        writer.writerow(
            [
                guarded(tally.name),
                tally.total,
                *figures,
                tally.reports_due,
                tally.reports_late,
                "" if share is None else share,
            ]
        )
    name = f"lights-{today():%Y-%m-%d}.csv"
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Show how lights and clocks are computed, with the values in force and their sources."""
    book, day = house_rulebook(), today()
    shown = [value for value in book if value.key.startswith(SHOWN_ON_METHOD) and value.holds_on(day)]
    context = {
        "values": shown,
        "divisions": divisions_of(shown),
        "late": book("duty.light.report_late", on=day),
        "behind": book("duty.light.behind", on=day),
        "hash": book.hash,
        "small": SMALL,
    }
    return render(request, "portal/method.html", context)


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Show the manual's contents."""
    return render(
        request, "portal/help.html", {"topics": topics(_language()), "topic": None, "shell": shell_of(request)}
    )


@require_safe
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one page of the manual."""
    found = page_of(topic, _language())
    if found is None:
        raise Http404
    before, after = neighbours(topic, _language())
    context = {
        "topics": topics(_language()),
        "topic": found,
        "before": before,
        "after": after,
        "shell": shell_of(request),
    }
    return render(request, "portal/help.html", context)


def _language() -> str:
    return "en" if is_english() else "zh"


def shell_of(request: HttpRequest) -> str:
    """Return the shell for a page that officers and the public share."""
    return "design/desk.html" if getattr(request, "actor", None) else "design/portal.html"


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """List the public pages in words."""
    return render(request, "portal/site_map.html", {"topics": topics(_language())})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public addresses for search engines: standing pages, manual, public cases."""
    names = ("home", "lights", "method", "help", "site_map")
    paths = [reverse(f"portal:{name}") for name in names]
    paths += [reverse("directives:public_duties"), reverse("desk:rulebook"), reverse("desk:calendar")]
    paths += [reverse("proofs:days"), reverse("proofs:check")]
    paths += [reverse("portal:help_topic", args=[topic.slug]) for topic in topics("zh")]
    pages = [(request.build_absolute_uri(path), None) for path in paths]
    for number, kind, changed in promises.public_cases(today()):
        pages.append((request.build_absolute_uri(reverse(KINDS[kind].public_page, args=[number])), changed))
    return render(request, "portal/sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the web process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
