"""Public pages of supervision: what is watched and how well, and the cards of public cases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from yangguang.platform.now import today
from yangguang.supervision import queries
from yangguang.supervision.faces import shown
from yangguang.supervision.faces.forms import CardFilter
from yangguang.supervision.faces.pages import PER_PAGE, export_kind, exported, exports, narrowed
from yangguang.supervision.faces.tables import PublicCardTable, cards_as_official


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """What is watched, by which sentence, how often it fired, how often it was wrong."""
    return render(request, "supervision/public_rules.html", {"records": shown.rules(queries.rule_records(on=today()))})


@require_GET
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule with its SQL and values: anyone may check it."""
    record = queries.rule_record(code, on=today())
    return render(
        request, "supervision/public_rule.html", shown.rule(record, queries.rule_grounds(record.rule, on=today()))
    )


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """The published cards; they are those of public cases, once judged or after the time to answer."""
    form = CardFilter(request.GET)
    listed = narrowed(queries.cards(None, on=today()), form)
    if kind := export_kind(request):
        return exported(cards_as_official(listed, today()), kind, "cards")
    table = PublicCardTable(listed)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "supervision/public_cards.html", {"table": table, "form": form, "exports": exports(request)})


@require_GET
def card(request: HttpRequest, number: str) -> HttpResponse:
    """A published card. The unit's own words are left out: free text may hold personal data."""
    found = queries.card(number, None, on=today())
    return render(
        request, "supervision/public_card.html", shown.card(found, queries.card_detail(found, public=True), public=True)
    )
