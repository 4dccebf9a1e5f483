"""The log of what administrators did: accounts, powers, keys, looks at personal data. Read-only."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.kernel.accounts.vocabulary import STREAM as ACCOUNTS
from yangguang.kernel.accounts.vocabulary import VAULT
from yangguang.kernel.ledger.queries import log_lines
from yangguang.kernel.office.faces.acting import needs
from yangguang.kernel.office.faces.listing import tabs
from yangguang.kernel.office.vocabulary import AUDIT, IMPORTS, INSTANCE
from yangguang.kernel.office.vocabulary import STREAM as OFFICE

#: lines a page shows
PAGE = 50


@needs(AUDIT)
@require_safe
def security_log(request: HttpRequest) -> HttpResponse:
    """List the entries of the registers of powers, accounts, keys and personal data, newest first."""
    entries = log_lines([ACCOUNTS, VAULT, OFFICE, IMPORTS, INSTANCE], beginning="citizen:")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": tabs(request, "desk:security_log")}
    return render(request, "desk/security_log.html", context)
