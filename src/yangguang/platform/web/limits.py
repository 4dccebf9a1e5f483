"""How often one address or account may ask, counted in each web process: a brake, not a wall."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

#: seconds of a window
WINDOW = 60
#: counters that are kept at most; then all windows begin anew
KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a window, for addresses that match; `sends` counts only what sends something."""

    name: str
    pattern: re.Pattern[str]
    amount: int
    sends: bool = False


#: every limit that matches counts
LIMITS = (
    Limit("setup", re.compile(r"^(/en)?/setup/"), 10, sends=True),
    Limit("invitation", re.compile(r"^(/en)?/accounts/invitation/"), 20),
    Limit("search", re.compile(r"^(/en)?/(desk/)?search/"), 60),
    Limit("api", re.compile(r"^/api/"), 600),
    Limit("api writes", re.compile(r"^/api/"), 60, sends=True),
    Limit("writes", re.compile(r""), 240, sends=True),
)
#: uploads by one address or account in a window, wherever they go
UPLOADS = Limit("uploads", re.compile(r""), 30, sends=True)


@dataclass
class Counter:
    """Counts by key in windows of a minute."""

    window: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def over(self, limit: Limit, who: str, moment: float) -> bool:
        """Count one request and say whether it is one too many."""
        window = int(moment // WINDOW)
        with self.lock:
            if window != self.window or len(self.counts) > KEPT:
                self.window = window
                self.counts.clear()
            key = (limit.name, who)
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key] > limit.amount


COUNTER = Counter()


class RateLimits:
    """Answer 429 to who asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count, and go on where there is room."""
        if settings.RATE_LIMITS and self._is_over(request):
            return _too_many(request)
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        sends = request.method not in ("GET", "HEAD", "OPTIONS")
        limits = [one for one in LIMITS if (sends or not one.sends) and one.pattern.match(request.path)]
        if sends and request.content_type == "multipart/form-data":
            limits.append(UPLOADS)
        if not limits:
            return False
        user, moment = request.user, time.time()
        who = f"account {user.pk}" if user.is_authenticated else f"address {get_adapter().get_client_ip(request)}"
        return any([COUNTER.over(limit, who, moment) for limit in limits])


def _too_many(request: HttpRequest) -> HttpResponse:
    says = _("操作过于频繁，请一分钟后再试。")
    if request.path.startswith("/api/"):
        body = {"type": "urn:yangguang:problem:too_many", "title": "Too Many Requests", "status": 429, "detail": says}
        body |= {"code": "too_many", "cite": "", "remedy": "", "errors": []}
        response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/problem+json")
    else:
        response = HttpResponse(says, content_type="text/plain; charset=utf-8")
    response.status_code = 429
    response["Retry-After"] = str(WINDOW)
    return response
