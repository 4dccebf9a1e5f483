"""How allauth works here: login names without e-mail, citizens may register, staff are invited, second factors."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from yangguang.kernel.accounts.commands import register_citizen
from yangguang.kernel.accounts.faces.guarding import lacks_second_factor
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.rotation import open_factor, seal_factor
from yangguang.kernel.accounts.vocabulary import AccountKind
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Refused
from yangguang.platform.now import now

#: sign-ins and failed ones; the operator keeps these lines for six months at least
SECURITY = logging.getLogger("yangguang.security")


class Accounts(DefaultAccountAdapter):
    """Sign-in by login name; whoever signs up by himself is a citizen, never staff."""

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Register a citizen with name and phone, through the ledger."""
        fields = form.cleaned_data
        user.username = fields["username"]
        user.set_password(fields["password1"])
        try:
            register_citizen(user, real_name=fields["real_name"], phone=fields["phone"], at=now())
        except Refused as refusal:
            form.add_error("username", told(refusal).says)
            raise ImmediateHttpResponse(redirect(request.path)) from refusal
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send who must have a second factor and has none to set it up first."""
        account = request.user
        if isinstance(account, Account) and lacks_second_factor(account):
            return "/accounts/2fa/"
        if isinstance(account, Account) and account.kind == AccountKind.CITIZEN:
            return "/"
        url: str = super().get_login_redirect_url(request)
        return url

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Go on in the language of the account, and in no post chosen by an earlier session."""
        request.session.pop("officer", None)
        SECURITY.info("signed in: account %s from %s", user.pk, self.get_client_ip(request))
        translation.activate(user.language)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a failed sign-in down; the name that was tried may be a password typed into the wrong field."""
        SECURITY.warning("sign-in failed from %s", self.get_client_ip(request))
        super().authentication_failed(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: accounts have no address; a forgotten password is renewed by a new invitation."""


class SecondFactors(DefaultMFAAdapter):
    """Names shown by authenticator apps and security keys."""

    def get_totp_label(self, user: Account) -> str:
        """Return the login name."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Keep secrets of second factors sealed."""
        return seal_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret of a second factor."""
        return open_factor(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site as the browser asks about it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity
