"""The health board: what `yangguang doctor` finds, for the administrator of the system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.journeys.operation.findings import Health, worst
from yangguang.journeys.operation.health import look_over
from yangguang.kernel.office.faces.acting import needs
from yangguang.kernel.office.vocabulary import ROLES
from yangguang.platform.now import real_now
from yangguang.platform.web import components

TONES = {Health.OK: "act", Health.WARN: "", Health.FAIL: "seal"}


@never_cache
@needs(ROLES)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Look the instance over now and show each part, what is wrong first."""
    words = {Health.OK: _("正常"), Health.WARN: _("注意"), Health.FAIL: _("故障")}
    found = look_over()
    order = list(Health)
    found.sort(key=lambda finding: -order.index(finding.state))
    rows = [(components.tag(words[one.state], TONES[one.state]), one) for one in found]
    stats = [(words[state], sum(one.state is state for one in found)) for state in reversed(order)]
    heading = {
        Health.OK: _("各部分都正常"),
        Health.WARN: _("能办件，有几处要看一看"),
        Health.FAIL: _("有故障，请先处理标红的部分"),
    }[worst(found)]
    context = {"rows": rows, "stats": stats, "heading": heading, "looked_at": real_now()}
    return render(request, "desk/health.html", context)
