"""Pages: accept an invitation, choose the post to act in, and the demonstration's login chooser."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from yangguang.kernel.accounts.commands import accept_invitation
from yangguang.kernel.accounts.forms import AcceptInvitation
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.queries import demo_accounts, officer_of, officers_of, open_invitation
from yangguang.kernel.ledger.vocabulary import Malformed, NotFound
from yangguang.kernel.organisation.models import Officer
from yangguang.platform.now import now, today

#: session key of the chosen post
CHOSEN = "officer"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def officer_of_request(request: HttpRequest) -> Officer | None:
    """Return the officer the signed-in account acts as today, by the post chosen in this session."""
    account = request.user
    if not isinstance(account, Account):
        return None
    return officer_of(account, today(), request.session.get(CHOSEN))


@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited member of staff set a password, once, and sign in with it."""
    found = open_invitation(token, now())
    form = AcceptInvitation(request.POST or None)
    if found and request.method == "POST" and form.is_valid():
        try:
            accept_invitation(token, form.cleaned_data["password"], at=now())
        except Malformed as refusal:
            form.add_error("password", refusal.errors["password"])
        else:
            return redirect("account_login")
    context: dict[str, Any] = {"form": form, "invitation": found}
    response = render(request, "accounts/invitation.html", context, status=200 if found else 410)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make the form's origin null, and CSRF refuse it
    return response


@login_required
@require_POST
def choose_post(request: HttpRequest) -> HttpResponseRedirect:
    """Act in another of one's posts from now on."""
    account = request.user
    chosen = request.POST.get("officer", "")
    held = officers_of(account, today()) if isinstance(account, Account) else Officer.objects.none()
    if not chosen.isdecimal() or not held.filter(pk=int(chosen)).exists():
        raise NotFound
    request.session[CHOSEN] = int(chosen)
    return HttpResponseRedirect(_next(request))


@require_GET
@never_cache
def demo_logins(request: HttpRequest) -> HttpResponse:
    """Show the logins of the demonstration with their posts; there is no such page on a real instance."""
    accounts = list(demo_accounts())
    if not accounts:
        raise Http404
    posts = [(account, officer_of(account, today())) for account in accounts]
    return render(request, "accounts/demo_logins.html", {"posts": posts})


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponseRedirect:
    """Sign in as one of the demonstration's accounts without a password."""
    account = demo_accounts().filter(username=request.POST.get("username", "")).first()
    if account is None:
        raise Http404
    login(request, account, backend=_BACKEND)
    request.session.pop(CHOSEN, None)
    record_authentication(request, account, method="demo")
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    secure = request.is_secure()
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=secure) else "/desk/"
