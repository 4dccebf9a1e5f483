"""One form, one command: every act of the setup pages is shown and done here, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed, Refused
from yangguang.platform.now import today
from yangguang.platform.web.access import View, officers_only

Cleaned = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """What an act's page says: its title, what it does, where it leads back to, what it is about."""

    title: Any
    question: Any
    back: str
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    #: where a done act leads; empty: back
    then: str = ""


def needs(*capabilities: str) -> Callable[[View], View]:
    """Let in officers who hold one of the capabilities somewhere; the command asks again, over the very unit."""

    def guard(view: View) -> View:
        @officers_only
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            held = (is_allowed(request.actor, one, on=today()) for one in capabilities)  # type: ignore[attr-defined]
            if not any(held):
                raise NotAllowed(capability=capabilities[0])
            return view(request, *args, **kwargs)

        return guarded

    return guard


def act(request: HttpRequest, form: forms.Form, run: Callable[[Cleaned], object], asking: Asking) -> HttpResponse:
    """Show a form; when it is posted and holds, run the command. A refusal stands on the form, all typed kept."""
    status = 200
    if request.method == "POST":
        if form.is_valid() and _run(form, run):
            messages.success(request, _("已完成：%(act)s。") % {"act": asking.title})
            return redirect(asking.then or asking.back)
        status = 422
    return render(request, "office/act.html", {"form": form, "asking": asking}, status=status)


def _run(form: forms.Form, run: Callable[[Cleaned], object]) -> bool:
    try:
        run(form.cleaned_data)
    except Malformed as malformed:
        for name, says in told(malformed).errors.items():
            form.add_error(name if name in form.fields else None, says)
        if not malformed.errors:
            form.add_error(None, told(malformed).says)
    except NotAllowed:
        raise
    except Refused as refused:
        form.add_error(None, str(told(refused)))
    return not form.errors
