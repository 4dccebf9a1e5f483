"""Pages of the demonstration: its clock."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yangguang.demo.clock import chosen_day
from yangguang.demo.moving import live_on
from yangguang.platform.now import now
from yangguang.platform.unusable import Unusable


@never_cache
@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """Show the day the demonstration lives on; a form moves it, lights and supervision follow."""
    problem = ""
    if request.method == "POST":
        try:
            live_on(chosen_day(request.POST.get("day", "").strip()))
        except Unusable as unusable:
            problem = str(unusable)
        else:
            return redirect(_back(request))
    context = {"now": now(), "problem": problem, "typed": request.POST.get("day", "")}
    return render(request, "demo/clock.html", context, status=422 if problem else 200)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return (
        wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/demo/clock/"
    )
