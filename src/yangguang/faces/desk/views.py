"""Officers' pages about all kinds of case: search, messages, the rulebook, the working calendar."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yangguang.faces.portal.searching import searched
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.organisation.models import Division, Officer
from yangguang.kernel.organisation.queries import units_within
from yangguang.kernel.outbox.commands import mark_read
from yangguang.kernel.outbox.queries import notices_of
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only


@officers_only
def search(request: HttpRequest) -> HttpResponse:
    """Search everything in the officer's sight; a case number leads straight to its page."""
    officer = Officer.objects.select_related("post__unit").get(pk=int(request.actor.key))
    units = {request.actor.unit}
    for kind in KINDS.values():
        units.update(units_within(officer, kind.read, kind.code, on=today()).values_list("pk", flat=True))
    return searched(request, "desk/search.html", units=units)


@officers_only
def messages(request: HttpRequest) -> HttpResponse:
    """List what the officer's unit was told, newest first."""
    page = Paginator(notices_of(unit=request.actor.unit), 30).get_page(request.GET.get("page"))
    pages = {m.case: KINDS[c].page for m in page for c in KINDS if m.case and f"-{c[0].upper()}" in m.case}
    return render(request, "desk/messages.html", {"page": page, "pages": pages})


@officers_only
@require_POST
def read_messages(request: HttpRequest) -> HttpResponse:
    """Mark messages of the officer's unit as read: the picked ones, or all."""
    picked = [int(p) for p in request.POST.getlist("selected") if p.isdigit()]
    if not picked:
        picked = list(notices_of(unit=request.actor.unit).filter(read_at=None).values_list("pk", flat=True))
    mark_read(picked, at=now(), unit=request.actor.unit)
    return redirect("desk:messages")


def rulebook(request: HttpRequest) -> HttpResponse:
    """Show every limit and threshold with the article it rests on: law, article, value, where it differs."""
    book = house_rulebook()
    q = request.GET.get("q", "").strip()
    laws = [page for page in book.values_by_law() if page.articles]
    if q:
        laws = [p for p in laws if q in p.source.title or any(q in v.zh or q in v.key for a in p.articles for v in a.values)]
    shell = "design/desk.html" if getattr(request, "actor", None) else "design/portal.html"
    return render(request, "desk/rulebook.html", {"laws": laws, "hash": book.hash, "q": q, "shell": shell, "on": today()})


def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year's working calendar of a place: every special day with its notice."""
    given = request.GET.get("year", "")
    year = int(given) if given.isdigit() and 2004 <= int(given) <= 2050 else today().year
    code = request.GET.get("place", "")
    place = Division.objects.filter(code=code).first()
    used = calendar_in(place.code) if place else calendar_for(None)
    shell = "design/desk.html" if getattr(request, "actor", None) else "design/portal.html"
    months = [[date(year, month, 1), _weeks(used, year, month)] for month in range(1, 13)]
    context = {
        "year": year, "place": place, "special": used.special_days(year), "months": months, "version": used.version,
        "provisional": year in used.provisional_years, "shell": shell,
        "places": Division.objects.filter(level__in=("province", "prefecture")).order_by("code"),
        "worked": used.between(date(year - 1, 12, 31), date(year, 12, 31)) if year > used.first.year else None,
    }
    return render(request, "desk/calendar.html", context)


def _weeks(used: object, year: int, month: int) -> list[list[object]]:
    import calendar as months  # noqa: PLC0415 - the standard module shares this page's name

    weeks = months.Calendar().monthdatescalendar(year, month)
    return [[used.fact(day) if day.month == month else None for day in week] for week in weeks]  # type: ignore[attr-defined]
