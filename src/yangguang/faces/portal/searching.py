"""One search for the public side and the desk: the same page, another sight."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.queries import visible_cases
from yangguang.kernel.search.queries import find
from yangguang.platform.now import today

PAGE = 20


def searched(request: HttpRequest, template: str, *, units: Collection[int] | None) -> HttpResponse:
    """Return the page of what was found within a sight; an exact case number leads to its page at once."""
    q = request.GET.get("q", "").strip()
    actor = getattr(request, "actor", None) if units is not None else None
    exact = visible_cases(actor, on=today()).filter(number=q).first() if q else None
    if exact is not None:
        kind = KINDS[exact.kind]
        return redirect(kind.page if units is not None else kind.public_page, exact.number)
    given = request.GET.get("page", "1")
    page = max(1, int(given)) if given.isdigit() else 1
    results = find(q, units=units, limit=PAGE, offset=(page - 1) * PAGE) if q else None
    hits = [
        {"hit": hit, "url": reverse(_page_of(hit.kind, units is not None) or hit.url_name, args=hit.url_args)}
        for hit in (results.hits if results else ())
    ]
    context = {"q": q, "results": results, "hits": hits, "number": page,
               "more": bool(results and results.total > page * PAGE), "kinds": KINDS}
    return render(request, template, context)


def _page_of(kind: str, inside: bool) -> str:
    known = KINDS.get(kind)
    return "" if known is None else known.page if inside else known.public_page
