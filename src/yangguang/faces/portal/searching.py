"""One search for the public side and the desk: the same page, another sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yangguang.kernel.ledger.kinds import KINDS, Kind
from yangguang.kernel.ledger.queries import visible_cases
from yangguang.kernel.search.queries import Hit, find
from yangguang.platform.now import today

PAGE = 20
#: pages beyond are refused: whoever looks that far needs other words, and the database need not count there
LAST_PAGE = 100
#: longest question that is asked; more is cut
LONGEST = 200


def searched(request: HttpRequest, template: str, *, units: Collection[int] | None) -> HttpResponse:
    """Return the page of what was found within a sight; an exact case number leads to its page at once."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    inside = units is not None
    actor = getattr(request, "actor", None) if inside else None
    exact = visible_cases(actor, on=today()).filter(number=q).first() if q else None
    if exact is not None:
        return redirect(page_name(KINDS[exact.kind], inside=inside), exact.number)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    number = _page_number(request.GET.get("page", ""))
    results = (
        find(q, units=units, kinds=[kind] if kind else None, limit=PAGE, offset=(number - 1) * PAGE) if q else None
    )
    context = {
        "q": q,
        "results": results,
        "hits": _hits(results.hits, inside=inside) if results else [],
        "chips": _chips(q, kind),
        "number": number,
        "first": (number - 1) * PAGE + 1,
        "more": bool(results and results.total > number * PAGE and number < LAST_PAGE),
    }
    return render(request, template, context)


def page_name(kind: Kind, *, inside: bool) -> str:
    """Return the URL name of a kind's page: the officers' or the public one."""
    return kind.page if inside else kind.public_page


def kind_words(kind: Kind) -> str:
    """Return a kind's name in the reader's language."""
    return kind.en if (get_language() or "").startswith("en") else kind.zh


def _page_number(given: str) -> int:
    return min(max(1, int(given)), LAST_PAGE) if given.isdecimal() and len(given) < 6 else 1


def _hits(hits: Iterable[Hit], *, inside: bool) -> list[dict[str, Any]]:
    shown = []
    for hit in hits:
        kind = KINDS.get(hit.kind)
        name = page_name(kind, inside=inside) if kind else hit.url_name
        shown.append({"hit": hit, "kind": kind_words(kind) if kind else "", "url": reverse(name, args=hit.url_args)})
    return shown


def _chips(q: str, chosen: str) -> list[dict[str, Any]]:
    """Return the ways to narrow what is found: all, or one kind."""
    kinds = [("", _("全部")), *((code, kind_words(kind)) for code, kind in KINDS.items() if kind.public_page)]
    return [{"label": words, "url": _address(q, code), "current": code == chosen} for code, words in kinds]


def _address(q: str, kind: str) -> str:
    return "?" + urlencode({"q": q, **({"kind": kind} if kind else {})})
