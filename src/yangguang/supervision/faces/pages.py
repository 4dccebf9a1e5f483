"""Pages of supervision for officers: overview, lists, a card with what can be done to it, rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from yangguang.kernel.documents.official import OfficialTable, to_csv, to_xlsx
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.models import Case, Deadline
from yangguang.kernel.ledger.queries import TrailLine
from yangguang.kernel.ledger.vocabulary import Conflict, Malformed
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.sent import Version, typed
from yangguang.supervision import commands, queries
from yangguang.supervision.faces import shown
from yangguang.supervision.faces.forms import (
    CardFilter,
    CaseFilter,
    Closing,
    Explanation,
    Judgement,
    Withdrawal,
    spoken,
)
from yangguang.supervision.faces.tables import CardTable, CaseTable, cards_as_official, cases_as_official
from yangguang.supervision.models import Card
from yangguang.supervision.vocabulary import ANSWER, CARD, JUDGE, CardState, Excuse, Verdict, WrongState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 30

#: step on a card -> its form; each is a command of the same name
STEPS: dict[str, type[Form]] = {
    "acknowledge": Form, "explain": Explanation, "judge": Judgement, "withdraw": Withdrawal, "close": Closing,
}
_UNIT_MAY = {
    "acknowledge": (CardState.ISSUED, CardState.NOTIFIED),
    "explain": (CardState.ISSUED, CardState.NOTIFIED, CardState.ACKNOWLEDGED, CardState.EXPLAINED),
}
_OFFICE_MAY = {
    "judge": (CardState.ISSUED, CardState.NOTIFIED, CardState.ACKNOWLEDGED, CardState.EXPLAINED),
    "close": (CardState.UPHELD,),
    "withdraw": tuple(state for state in CardState if state is not CardState.WITHDRAWN),
}


@require_GET
@officers_only
def overview(request: HttpRequest) -> HttpResponse:
    """Figures that each open their list, units by standing cards, the latest cards."""
    found = queries.overview(request.actor, on=today())
    return render(request, "supervision/overview.html", shown.overview(found))


@require_GET
@officers_only
def cases(request: HttpRequest) -> HttpResponse:
    """The watched cases behind a figure of the overview."""
    view = request.GET.get("list", "open")
    view = view if view in queries.VIEWS else "open"
    listed = queries.watched_cases(request.actor, on=today(), view=view)
    form = CaseFilter(request.GET)
    if form.is_valid() and form.cleaned_data["q"]:
        listed = queries.find_cases(listed, form.cleaned_data["q"])
    if kind := export_kind(request):
        return exported(cases_as_official(listed, today()), kind, "watched-cases")
    table = CaseTable(listed)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    counts = {name: queries.watched_cases(request.actor, on=today(), view=name).count() for name in queries.VIEWS}
    chips = [
        {"label": spoken(words), "url": f"?list={name}", "count": counts[name], "current": name == view}
        for name, words in queries.VIEWS.items()
    ]
    context = {"table": table, "form": form, "chips": chips, "exports": exports(request)}
    return render(request, "supervision/cases.html", context)


@require_GET
@officers_only
def cards(request: HttpRequest) -> HttpResponse:
    """The cards in sight: search, filters, order, pages, export."""
    form = CardFilter(request.GET)
    listed = narrowed(queries.cards(request.actor, on=today()), form)
    if request.GET.get("late"):
        listed = queries.unanswered(listed, today())
    if request.GET.get("open"):
        listed = listed.filter(case__closed_at__isnull=True)
    if request.GET.get("today"):
        listed = listed.filter(signal__raised_on=today())
    if kind := export_kind(request):
        return exported(cards_as_official(listed, today()), kind, "cards")
    table = CardTable(listed)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "supervision/cards.html", {"table": table, "form": form, "exports": exports(request)})


def narrowed(listed: QuerySet[Card], form: CardFilter) -> QuerySet[Card]:
    """Return the cards a filter form leaves; a filter that cannot be meant leaves all."""
    if not form.is_valid():
        return listed
    wanted = form.cleaned_data
    fields = {"signal__level": wanted["level"], "case__state": wanted["state"], "signal__rule": wanted["rule"]}
    return queries.find_cards(listed.filter(**{k: v for k, v in fields.items() if v}), wanted["q"])


@require_GET
@officers_only
def card(request: HttpRequest, number: str) -> HttpResponse:
    """A card: what the rule saw, by which values, day by day, and what can be done now."""
    return _card_page(request, queries.card(number, request.actor, on=today()))


@require_POST
@officers_only
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step on a card; what was typed stays where the step is refused for a field."""
    found = queries.card(number, request.actor, on=today())
    form = STEPS[name](request.POST, auto_id=f"{name}_%s")
    command = getattr(commands, f"{name}_card")
    if form.is_valid():
        seen = request.POST.get("revision", "")
        revision = int(seen) if seen.isdigit() else None
        try:
            command(found, **form.cleaned_data, by=request.actor, at=now(), revision=revision)
        except Malformed as wrong:
            for field, says in wrong.errors.items():
                form.add_error(field if field in form.fields else None, says)
        except (Conflict, WrongState):
            if revision is None or not _moved_on(found, revision):
                raise
            return _overtaken(request, number, name, form)
        else:
            messages.success(request, _("已办理。"))
            return redirect("supervision:card", number=number)
    return _card_page(request, found, {name: form}, status=422)


def _moved_on(found: Card, revision: int) -> bool:
    return bool(Case.objects.filter(pk=found.case_id).exclude(revision=revision).exists())


def _overtaken(request: HttpRequest, number: str, name: str, form: Form) -> HttpResponse:
    """Show the card as it stands now, what others wrote in the same fields, and what was typed, still in its form."""
    found = queries.card(number, request.actor, on=today())
    current = queries.card_detail(found)
    versions = [
        Version(str(form.fields[field].label if field in form.fields else field), _stands(found, field), mine)
        for field, mine in typed(request)
    ]
    return _card_page(request, found, {name: form}, status=409, versions=versions, lines=current.trail[:3])


def _stands(found: Card, field: str) -> str:
    """Return what the card says now in a field of a step's form."""
    values = {"verdict": (Verdict, found.verdict), "excuse": (Excuse, found.excuse)}
    if field in values:
        words, value = values[field]
        return spoken(words(value)) if value else ""
    return str(getattr(found, {"reason": "closing"}.get(field, field), "") or "")


def _card_page(
    request: HttpRequest,
    found: Card,
    bound: dict[str, Form] | None = None,
    *,
    status: int = 200,
    versions: Sequence[Version] = (),
    lines: Sequence[TrailLine] = (),
) -> HttpResponse:
    detail = queries.card_detail(found)
    names = _steps_open(request, found)
    heard_until = _heard_until(found, detail.answer)
    if heard_until and "judge" in names:
        names.remove("judge")
    else:
        heard_until = None
    forms = {name: (bound or {}).get(name) or STEPS[name](auto_id=f"{name}_%s") for name in names}
    context = {
        **shown.card(found, detail), "forms": forms, "revision": found.case.revision, "heard_until": heard_until,
        "overtaken": status == 409, "versions": versions, "lines": lines,
    }
    return render(request, "supervision/card.html", context, status=status)


def _heard_until(found: Card, answer: Deadline | None) -> date | None:
    """Return the day through which the unit may still be heard, None where it was or where the day has passed."""
    if found.case.state == CardState.EXPLAINED or answer is None or answer.due_on is None:
        return None
    return answer.due_on if today() <= answer.due_on else None


def _steps_open(request: HttpRequest, found: Card) -> list[str]:
    """Return the steps the actor may take on the card in its present state."""
    unit, state = found.case.owner_id, found.case.state
    names = []
    if is_allowed(request.actor, ANSWER, on=today(), unit=unit, kind=CARD):
        names += [name for name, states in _UNIT_MAY.items() if state in states]
    if request.actor.unit != unit and is_allowed(request.actor, JUDGE, on=today(), unit=unit, kind=CARD):
        names += [name for name, states in _OFFICE_MAY.items() if state in states]
    return names


@require_GET
@officers_only
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force: what each says, how often it fired and how often it was wrong."""
    return render(request, "supervision/rules.html", {"records": shown.rules(queries.rule_records(on=today()))})


@require_GET
@officers_only
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: sentence, SQL, values with their citations, record."""
    record = queries.rule_record(code, on=today())
    grounds = queries.rule_grounds(record.rule, on=today())
    return render(request, "supervision/rule.html", shown.rule(record, grounds))


# --- export ----------------------------------------------------------------------------------------------


def export_kind(request: HttpRequest) -> str:
    """Return the file format asked for, empty for a page."""
    kind = request.GET.get("format", "")
    return kind if kind in ("csv", "xlsx") else ""


def exports(request: HttpRequest) -> list[dict[str, str]]:
    """Return the addresses of the same list as files."""
    query = request.GET.copy()
    found = []
    for kind in ("csv", "xlsx"):
        query["format"] = kind
        found.append({"label": kind.upper(), "url": f"?{query.urlencode()}"})
    return found


def exported(table: OfficialTable, kind: str, name: str) -> HttpResponse:
    """Return a list as a file to keep."""
    content, mime = (to_csv(table), "text/csv; charset=utf-8") if kind == "csv" else (to_xlsx(table), XLSX)
    return HttpResponse(
        content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}-{today()}.{kind}"'}
    )
