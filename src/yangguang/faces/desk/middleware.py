"""Who acts in a request, and how a refusal becomes a page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yangguang.kernel.accounts.faces.pages import officer_of_request
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Actor, Refused
from yangguang.platform.looking import one_look

GetResponse = Callable[[HttpRequest], HttpResponse]

#: typed fields that are never shown back
_NOT_SHOWN = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2"})


class ActingOfficer:
    """Put the acting officer on the request: ``request.officer`` and ``request.actor``, None for the public.

    A request that only reads is one look: what an officer may do is asked once for the whole page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve the officer of the signed-in account for today."""
        with one_look() if request.method in ("GET", "HEAD") else nullcontext():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        officer = officer_of_request(request)
        request.officer = officer  # type: ignore[attr-defined]
        request.actor = Actor.officer(officer.pk, officer.post.unit_id) if officer else None  # type: ignore[attr-defined]
        return self.get_response(request)


class Refusals:
    """Turn a refusal that a view did not handle into a page that says what, by which rule, and what next."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a ``Refused`` with its status and page; anything else is a bug and goes on."""
        if not isinstance(exception, Refused):
            return None
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _NOT_SHOWN
            for value in values
            if value.strip()
        ]
        words = told(exception)
        context = {
            "refusal": words,
            "typed": typed,
            "errors": words.errors,
            "back_url": request.headers.get("Referer", ""),
        }
        return render(request, "design/refused.html", context, status=exception.status)
