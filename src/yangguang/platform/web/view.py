"""The elder view: the same pages with larger letters, remembered in a cookie."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

COOKIE = "view"
ELDER = "elder"
STANDARD = "standard"
A_YEAR = 365 * 24 * 3600


class ViewMiddleware:
    """Sets ``request.elder``; ``?view=elder`` switches it on and ``?view=standard`` off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("view")  # lists use the same parameter for saved views: other values are theirs
        shown = asked if asked in (ELDER, STANDARD) else request.COOKIES.get(COOKIE)
        request.elder = shown == ELDER  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked == ELDER:
            response.set_cookie(COOKIE, ELDER, max_age=A_YEAR, samesite="Lax", httponly=True)
        elif asked == STANDARD:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
