"""A unit's duties, the officer's own day, and the calendar of deadlines."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.faces import acts, exports, forms
from yangguang.domains.directives.faces.shown import (
    due_soon,
    export_items,
    filtered,
    may,
    table_file,
)
from yangguang.domains.directives.faces.tables import DutyTable
from yangguang.domains.directives.vocabulary import Lamp, NoticeState, Role
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.vocabulary import NotFound
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.processes.queries import commands_of
from yangguang.platform import ical
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.lists import paged

if TYPE_CHECKING:
    pass


FEED_SALT = "directives.feed"


@officers_only
def my_unit(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the officer's own unit."""
    return redirect("directives:unit", Unit.objects.get(pk=request.actor.unit).code)


@officers_only
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: what it has to sign, its duties by light, reports due."""
    found = Unit.objects.filter(code=code).select_related("division").first()
    if found is None:
        raise NotFound
    listed = queries.duties_of_unit(found.pk, request.actor, on=today())
    shown, form = filtered(request, listed) if request.GET else (listed, forms.DutyFilter())
    table = paged(request, DutyTable(shown.order_by(F("next_due_on").asc(nulls_last=True)), grouped=False))
    own = found.pk == request.actor.unit
    context = {
        "unit": found,
        "own": own,
        "form": form,
        "table": table,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed).items()},
        "to_sign": queries.to_sign(found.pk) if own else [],
        "due_soon": due_soon(listed),
        "export_items": export_items(reverse("directives:unit_export", args=[code, "KIND"])),
        "feed_url": request.build_absolute_uri(reverse("directives:feed", args=[feed_token(found.pk)])) if own else "",
    }
    return render(request, "directives/unit.html", context)


@officers_only
def unit_export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Give a unit's duties as an official task table."""
    found = Unit.objects.filter(code=code).first()
    if found is None or kind not in exports.WRITERS:
        raise Http404
    return table_file(queries.duties_of_unit(found.pk, request.actor, on=today()), kind, found.name)


@officers_only
def desk(request: HttpRequest) -> HttpResponse:
    """Show today: what waits for this officer's unit, what falls due, what was told."""
    listed = queries.duties_of_unit(request.actor.unit, request.actor, on=today())
    supervising_ = may(request, "directives.supervise")
    seen = queries.duties(request.actor, on=today()) if supervising_ else listed
    work = _work(request)
    context = {
        "to_sign": queries.to_sign(request.actor.unit),
        "work": work,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(seen).items()},
        "lamp_urls": {lamp.value: f"{reverse('directives:duties')}?lamp={lamp.value}" for lamp in Lamp},
        "due_soon": due_soon(seen),
        "nominations": queries.open_nominations(request.actor, on=today()) if supervising_ else [],
        "drafts": queries.notices(request.actor, on=today()).filter(
            case__state__in=(NoticeState.DRAFT, NoticeState.CONFIRMED)
        ),
    }
    return render(request, "directives/desk.html", context)


def _work(request: HttpRequest) -> list[dict[str, Any]]:
    listed = queries.duties(request.actor, on=today()).filter(
        Q(case__owner=request.actor.unit)
        | Q(case__participations__unit=request.actor.unit, case__participations__role=Role.SUPERVISING)
    )
    listed = listed.filter(case__closed_at=None).distinct().order_by(F("next_due_on").asc(nulls_last=True))
    waiting, first = [], list(listed.prefetch_related(*queries.ACTED_ON)[:60])
    commands = commands_of([found.case for found in first])
    for found in first:
        can = acts.offered(found, request.actor, now(), commands.get(found.case_id, frozenset()))
        steps = [a for a in can if a.tone == "primary" and a.code != "report"]
        if steps:
            waiting.append({"duty": found, "acts": steps})
    return waiting[:20]


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a unit's running deadlines as a calendar, to whoever holds the address that a unit was given."""
    try:
        unit_id = signing.loads(token, salt=FEED_SALT)
    except signing.BadSignature:
        raise Http404 from None
    cases = queries.handling_cases(unit_id)
    clocks = (
        Deadline.objects.filter(case__in=cases, state="running")
        .select_related("case")
        .annotate(moves=Count("reckonings"))
    )
    entries = exports.feed_entries(clocks, lambda n: request.build_absolute_uri(reverse("directives:duty", args=[n])))
    name = Unit.objects.get(pk=unit_id).name
    content = ical.calendar(_("%(unit)s 督查期限") % {"unit": name}, entries)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})


def feed_token(unit_id: int) -> str:
    """Return the part of a feed's address that only the unit knows."""
    return signing.dumps(unit_id, salt=FEED_SALT)
