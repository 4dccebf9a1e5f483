"""Pages about personal data: what is kept of oneself and who has seen it; opening a citizen's data for a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yangguang.kernel.accounts.commands import erase_citizen, reveal_citizen
from yangguang.kernel.accounts.faces.guarding import confirmed
from yangguang.kernel.accounts.forms import Reveal
from yangguang.kernel.accounts.models import Citizen
from yangguang.kernel.accounts.queries import citizens_by_phone, looks_at, masked_name, masked_phone
from yangguang.kernel.accounts.vocabulary import REVEAL
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, NotAllowed, Refused
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only


@login_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show a citizen what is kept, masked, and who has seen it; staff have no such data."""
    citizen = _own(request)
    if citizen is None:
        return redirect("mfa_index")
    context = {
        "name": masked_name(citizen),
        "phone": masked_phone(citizen),
        "looks": [(look, _items(look.columns)) for look in looks_at(citizen.account)],
    }
    return render(request, "accounts/mine.html", context)


@login_required
@never_cache
@confirmed
def erase_mine(request: HttpRequest) -> HttpResponse:
    """Erase one's own personal data and close the account, after being asked."""
    citizen = _own(request)
    if citizen is None:
        return redirect("mfa_index")
    if request.method == "POST" and request.POST.get("sure") == "yes":
        erase_citizen(citizen, by=Actor(ActorKind.CITIZEN, str(citizen.account_id)), at=now())
        logout(request)
        messages.success(request, _("您的个人信息已删除，账号已停用。"))
        return redirect("account_login")
    return render(request, "accounts/erase.html", {})


@officers_only
@never_cache
@sensitive_post_parameters("phone")
def citizens(request: HttpRequest) -> HttpResponse:
    """Find a citizen by his whole phone number; what is opened is opened for a case, and the citizen is told."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    if not is_allowed(by, REVEAL, on=today()):
        raise NotAllowed(capability=REVEAL)
    form = Reveal(request.POST or None)
    found: list[dict[str, Any]] | None = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        found = []
        for citizen in citizens_by_phone(asked["phone"]):
            row = {"name": masked_name(citizen), "phone": masked_phone(citizen)}
            if asked["columns"]:
                try:
                    opened = reveal_citizen(
                        citizen, asked["columns"], purpose=asked["purpose"], case=asked["case"], by=by, at=now()
                    )
                except NotAllowed:
                    raise
                except Refused as refused:
                    form.add_error(None, "；".join(told(refused).errors.values()) or told(refused).says)
                else:
                    row |= {"name": opened.get("real_name", row["name"]), "phone": opened.get("phone", row["phone"])}
            found.append(row)
    context = {"form": form, "found": found}
    return render(request, "accounts/citizens.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> Citizen | None:
    return Citizen.objects.select_related("account").filter(account=request.user.pk).first()


def _items(columns: tuple[str, ...]) -> str:
    words = {"real_name": _("姓名"), "phone": _("手机号码")}
    return "、".join(words.get(column, column) for column in columns)
