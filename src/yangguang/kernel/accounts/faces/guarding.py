"""Around every page: sessions end, staff enrol a second factor before anything else, dangerous acts ask again."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.queries import second_factor_due
from yangguang.platform.now import today

GetResponse = Callable[[HttpRequest], HttpResponse]

#: session keys: when it began and when it was last used, in seconds; the demonstration's clock does not move them
BEGAN, USED = "began", "used"
#: the time of the last use is written down so often, in seconds
GRAIN = 60


class SessionLimits:
    """End a session that is too old, or was left alone too long."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out what has run out; then answer."""
        if request.user.is_authenticated:
            self._watch(request, int(time.time()))
        response = self.get_response(request)
        if request.user.is_authenticated and BEGAN not in request.session:
            request.session[BEGAN] = request.session[USED] = int(time.time())
        return response

    def _watch(self, request: HttpRequest, moment: int) -> None:
        session = request.session
        began, used = session.get(BEGAN), session.get(USED, moment)
        if began is None:
            session[BEGAN] = session[USED] = moment
        elif moment - began > settings.SESSION_COOKIE_AGE or moment - used > settings.SESSION_IDLE_SECONDS:
            logout(request)
            messages.info(request, _("登录已超时，请重新登录。"))
        elif moment - used >= GRAIN:
            session[USED] = moment


class SecondFactorFirst:
    """Let no member of staff act who must have a second factor and has none: he sees what the public sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the acting officer off the request, and lead from the desk to the enrolment."""
        officer, account = getattr(request, "officer", None), request.user
        if officer is not None and isinstance(account, Account) and lacks_second_factor(account):
            request.officer = request.actor = None  # type: ignore[attr-defined]
            if "/desk/" in request.path:
                messages.info(request, _("您的账号须先设置两步验证，才能进入工作台。"))
                return redirect("mfa_index")
        return self.get_response(request)


def lacks_second_factor(account: Account) -> bool:
    """Say whether the account must have a second factor by today and has none."""
    return second_factor_due(account, today()) and not is_mfa_enabled(account)


def _asks_again(request: HttpRequest) -> bool:
    return bool(settings.ASK_AGAIN)


#: ask for password or second factor again where the last time was minutes ago; not in a demonstration
confirmed = reauthentication_required(enabled=_asks_again)
