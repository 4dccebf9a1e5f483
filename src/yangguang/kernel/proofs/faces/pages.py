"""Pages of the proofs: the days, one day, the gazette's sheet, receipts, and the check of a receipt."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.kernel.documents.official import to_csv, to_pdf, to_xlsx
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.queries import is_inside
from yangguang.kernel.ledger.vocabulary import EVENTS, Event
from yangguang.kernel.proofs import queries
from yangguang.kernel.proofs.checking import check_receipt
from yangguang.kernel.proofs.faces.forms import Checking, DayFilter
from yangguang.kernel.proofs.faces.tables import DayTable, days_as_official
from yangguang.kernel.proofs.gazette import month_sheet
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.kernel.proofs.vocabulary import leaf_of
from yangguang.platform.now import beijing_day, today
from yangguang.platform.web.lists import paged

VERIFIER = Path(__file__).parents[1] / "content" / "verify_ledger.py"
FILES = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """List the closed days: search, filter, order, pages, files."""
    form = DayFilter(request.GET)
    found = queries.closed_days(**form.cleaned_data) if form.is_valid() else queries.closed_days()
    kind = request.GET.get("format", "")
    if kind in FILES:
        write, mime = FILES[kind]
        return _file(write(days_as_official(found, settings.SITE_NAME)), mime, f"roots-{today()}.{kind}")
    context = {
        "form": form,
        "table": paged(request, DayTable(found)),
        "newest": ClosedDay.objects.first(),
        "month": f"{today():%Y-%m}",
        "exports": [*_exports(request), {"label": "JSON", "url": reverse("proofs:roots")}],
    }
    return render(request, "proofs/days.html", context)


def _exports(request: HttpRequest) -> list[dict[str, str]]:
    query, found = request.GET.copy(), []
    for kind in FILES:
        query["format"] = kind
        found.append({"label": kind.upper(), "url": f"?{query.urlencode()}"})
    return found


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Show a day: its figures in plain words, the proof from the day before, who outside holds it."""
    found = queries.closed_day(_day(day))
    context = {
        "day": found,
        "published": found.published,
        "before": queries.day_before(found.day),
        "after": queries.day_after(found.day),
        "deposits": found.deposits.all(),
        "names": {"folder": _("存档文件夹"), "site": _("另一个网站"), "tsa": _("可信时间戳（RFC 3161）")},
    }
    return render(request, "proofs/day.html", context)


@require_safe
def day_json(request: HttpRequest, day: str) -> HttpResponse:
    """Give a day as its file."""
    return _json(queries.day_file(queries.closed_day(_day(day))), f"root-{day}.json")


@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    """Give all days as the file that the stand-alone verifier reads."""
    return _json(queries.roots_file(), "roots.json")


@require_safe
def gazette(request: HttpRequest, month: str) -> HttpResponse:
    """Show a month's seals as they are printed, with the months around."""
    listed = _month(month)
    first = date.fromisoformat(f"{month}-01")
    around = {"before": first - timedelta(days=1), "after": first + timedelta(days=31)}
    return render(request, "proofs/gazette.html", {"days": listed, "month": month, **around})


@require_safe
def gazette_pdf(request: HttpRequest, month: str) -> HttpResponse:
    """Give a month's seals as a sheet to print."""
    listed = [day.published for day in _month(month)]
    if not listed:
        raise Http404
    sheet = month_sheet(listed, month=month, site=settings.SITE_NAME)
    return _file(to_pdf(sheet), "application/pdf", f"seals-{month}.pdf")


@require_safe
def receipt(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Show the receipt of an entry to who may see the entry: its proof, or when the proof will be there."""
    entry = _entry(request, number, seq)
    made = queries.receipt(entry)
    event = EVENTS.get(entry.name, Event)
    recorded_on = beijing_day(entry.recorded_at)
    actor = getattr(request, "actor", None)
    case = Case.objects.get(number=number)
    inside = is_inside(case, actor, on=today())
    kind = KINDS[case.kind]
    page = kind.page if inside else kind.public_page
    context = {
        "entry": entry,
        "number": number,
        "title": case.title,
        "what": (event.en if _english() else event.zh) or entry.name,
        "receipt": made,
        "leaf": leaf_of(entry.hash).hex(),
        "text": json.dumps(made, indent=1),
        "ready_on": recorded_on + timedelta(days=1),
        "case_url": reverse(page, args=[number]) if page else "",
        "shell": "design/desk.html" if actor else "design/portal.html",
    }
    return render(request, "proofs/receipt.html", context)


@require_safe
def receipt_json(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Give the receipt as the file that the stand-alone verifier reads."""
    return _json(queries.receipt(_entry(request, number, seq)), f"receipt-{number}-{seq}.json")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a pasted or uploaded receipt, and tell how to check without us."""
    form = Checking(request.POST or None, request.FILES or None)
    checked = check_receipt(form.cleaned_data["receipt"]) if request.method == "POST" and form.is_valid() else None
    context = {
        "form": form,
        "checked": checked,
        "completed": json.dumps(checked.receipt, indent=1) if checked and checked.outcome == "completed" else "",
        "newest": ClosedDay.objects.first(),
        "month": f"{today():%Y-%m}",
        "lines": VERIFIER.read_text(encoding="utf-8").count("\n"),
    }
    refused = request.method == "POST" and checked is None
    return render(request, "proofs/check.html", context, status=422 if refused else 200)


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Give the stand-alone verifier: one file, to be read as well as run."""
    return _file(VERIFIER.read_bytes(), "text/x-python; charset=utf-8", VERIFIER.name)


def _entry(request: HttpRequest, number: str, seq: int) -> Entry:
    return queries.entry_in_sight(number, seq, getattr(request, "actor", None), on=today())


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _month(text: str) -> list[ClosedDay]:
    if not 2000 <= _day(f"{text}-01").year < 3000:
        raise Http404
    return list(queries.closed_days(month=text).order_by("day"))


def _json(content: Any, name: str) -> HttpResponse:
    return _file(json.dumps(content, indent=1).encode() + b"\n", "application/json", name)


def _file(content: bytes, mime: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=mime, headers=headers)
