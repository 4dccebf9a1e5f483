"""Officers' pages about all kinds of case: search, messages, the rulebook, the working calendar."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yangguang.faces.desk import days, jurists
from yangguang.faces.portal.searching import page_name, searched
from yangguang.faces.portal.values import CONFIDENCE_MEANS, divisions_of
from yangguang.faces.portal.views import shell_of
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.queries import visible_cases
from yangguang.kernel.organisation.models import Division, Officer
from yangguang.kernel.organisation.queries import units_within
from yangguang.kernel.outbox.commands import mark_read
from yangguang.kernel.outbox.queries import notices_of, unread_of
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only

#: messages a page shows
PAGE = 30


@officers_only
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search everything in the officer's sight; a case number leads straight to its page."""
    officer = Officer.objects.select_related("post__unit").get(pk=int(request.actor.key))
    units = {request.actor.unit}
    for kind in KINDS.values():
        units.update(units_within(officer, kind.read, kind.code, on=today()).values_list("pk", flat=True))
    return searched(request, "desk/search.html", units=units)


@officers_only
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List what the officer's unit was told, newest first."""
    listed = notices_of(unit=request.actor.unit)
    unread = unread_of(unit=request.actor.unit)
    only = request.GET.get("view") == "unread"
    waiting = unread.count()
    page = Paginator(unread if only else listed, PAGE).get_page(request.GET.get("page"))
    numbers = [message.case for message in page if message.case]
    cases = visible_cases(request.actor, on=today()).filter(number__in=numbers)
    context = {
        "page": page,
        "cases": {case.number: case for case in cases},
        "waiting": waiting,
        "newest": max((message.pk for message in listed[:1]), default=0),
        "chips": [
            {"label": _("全部"), "url": "?", "count": listed.count(), "current": not only},
            {"label": _("未读"), "url": "?view=unread", "count": waiting, "current": only},
        ],
    }
    return render(request, "desk/messages.html", context)


@officers_only
@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Mark one message as read and go to the case it is about."""
    message = get_object_or_404(notices_of(unit=request.actor.unit), pk=pk)
    mark_read([message.pk], at=now(), unit=request.actor.unit)
    case = visible_cases(request.actor, on=today()).filter(number=message.case).first() if message.case else None
    if case is None:
        return redirect("desk:messages")
    return redirect(page_name(KINDS[case.kind], inside=True), case.number)


@officers_only
@require_POST
def read_messages(request: HttpRequest) -> HttpResponseRedirect:
    """Mark messages of the officer's unit as read: the picked ones, or all that were there when the page was made."""
    picked = [int(p) for p in request.POST.getlist("selected") if p.isdecimal() and len(p) < 19]
    until = request.POST.get("until", "")
    if not picked and until.isdecimal() and len(until) < 19:
        picked = list(_told_until(request.actor.unit, int(until)))
    mark_read(picked, at=now(), unit=request.actor.unit)
    return redirect("desk:messages")


def _told_until(unit: int | None, newest: int) -> list[int]:
    """Return the unread messages of a unit up to the newest one it has been shown."""
    return list(unread_of(unit=unit).filter(pk__lte=newest).values_list("pk", flat=True))


@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """Show every limit and threshold with the article it rests on: law, article, value, where it differs."""
    book = house_rulebook()
    q = request.GET.get("q", "").strip()
    laws = jurists.laws(book, q, on=today())
    values = [shown.value for law in laws for article in law.articles for shown in article.values]
    context = {
        "laws": laws,
        "divisions": divisions_of(values),
        "total": len(values),
        "means": [(confidence, words) for confidence, words in CONFIDENCE_MEANS.items()],
        "hash": book.hash,
        "q": q,
        "shell": shell_of(request),
    }
    return render(request, "desk/rulebook.html", context)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year's working calendar of a place: every special day with its notice."""
    place = Division.objects.filter(code=request.GET.get("place", "")).first()
    used = days.calendar_of_place(place)
    year = days.year_asked(used, request.GET.get("year", ""), today())
    context = {
        "year": year,
        "years": range(used.first.year, used.last.year + 1),
        "place": place,
        "places": days.places(),
        "months": days.months(used, year),
        "festivals": days.festivals(used, year),
        "worked": days.worked_days(used, year),
        "provisional": year in used.provisional_years,
        "version": used.version,
        "shell": shell_of(request),
    }
    return render(request, "desk/calendar.html", context)
