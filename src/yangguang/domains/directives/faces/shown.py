"""What several pages of the room show: a duty with its clocks, trails, lists as the address filters them, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.faces import exports, forms
from yangguang.domains.directives.faces.tables import clock_words, words
from yangguang.domains.directives.vocabulary import DutyState
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.queries import trail
from yangguang.kernel.processes.queries import diagram
from yangguang.platform.now import now, today

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty


def filtered(request: HttpRequest, listed: QuerySet[Duty]) -> tuple[QuerySet[Duty], forms.DutyFilter]:
    """Return the duties that the address asks for, and the form that shows what it asked."""
    form = forms.DutyFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    words_, number = asked.get("q", "").strip(), request.GET.get("notice", "")
    if number:
        listed = listed.filter(notice__case__number=number)
    if words_:
        listed = listed.filter(
            Q(text__icontains=words_)
            | Q(case__title__icontains=words_)
            | Q(case__number__icontains=words_)
            | Q(case__participations__unit__name__icontains=words_)
        ).distinct()
    if asked.get("lamp"):
        listed = listed.filter(lamp=asked["lamp"])
    if asked.get("state"):
        listed = listed.filter(case__state=asked["state"])
    if asked.get("unit"):
        listed = listed.filter(case__participations__unit__name__icontains=asked["unit"]).distinct()
    if asked.get("due_before"):
        listed = listed.filter(next_due_on__lt=asked["due_before"])
    view = request.GET.get("view", "")
    if view == "month":
        day = today()
        listed = listed.filter(next_due_on__year=day.year, next_due_on__month=day.month)
    if view != "all" and not (words_ or number or asked.get("unit")):
        listed = listed.filter(case__parent=None)
    return listed, form


def table_file(shown: QuerySet[Duty], kind: str, title: str) -> HttpResponse:
    """Return duties as a file of one of the kinds we write."""
    write, media = exports.WRITERS[kind]
    content = write(exports.task_table(shown, title=title, on=today()))
    name = exports.file_name(title, now(), kind)
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": attachment(name)})


def attachment(name: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - one use

    return f"attachment; filename=\"export\"; filename*=UTF-8''{quote(name)}"


def export_items(address: str) -> list[dict[str, str]]:
    labels = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV"}
    return [{"label": label, "url": address.replace("KIND", kind)} for kind, label in labels.items()]


def duty_context(found: Duty, *, public: bool = False) -> dict[str, Any]:
    """Return what a duty's page shows, for officers and for the public."""
    clocks = list(found.case.deadlines.prefetch_related("reckonings").all())
    light = queries.light_of(found, today(), [c for c in clocks if c.state in ("running", "suspended")])
    return {
        "duty": found,
        "light": light,
        "note": queries.light_note(found, today()),
        "plan_proposals": [] if public else found.plan_proposals.select_related("unit"),
        "parts": [(words(role), parts) for role, parts in queries.parts_of(found).items() if parts],
        "state": words(DutyState(found.case.state)),
        "clocks": [clock_view(c) for c in clocks if not public or c.key.split(":")[0] not in ("sign", "review")],
        "children": queries.children_of(found),
        "child_lamps": {lamp.value: n for lamp, n in queries.lamps(queries.children_of(found)).items()},
        "diagram": diagram(found.case),
        "trail": trail_entries(found.case, public=public),
        "reports": [] if public else found.reports.select_related("unit").prefetch_related("evidence", "merges__unit"),
    }


def clock_view(deadline: Deadline) -> dict[str, Any]:
    """Return a deadline with its account, day by day, and the answers it gave before."""
    account = deadlines.account(deadline)
    day = today()
    used = account.used
    return {
        "deadline": deadline,
        "label": clock_words(deadline),
        "account": account,
        "explanation": {
            "due_on": deadline.due_on,
            "provisional": deadline.provisional,
            "counted": account.counted,
            "skipped": [{"day": s.day, "why": s.name or s.why, "source": s.source} for s in account.skipped],
        },
        "moved": list(deadline.reckonings.all()),
        "percent": min(
            100,
            max(
                0, (day - deadline.starts_on).days * 100 // max(((deadline.due_on or day) - deadline.starts_on).days, 1)
            ),
        ),
        "left": (
            deadlines.calendar_in(deadline.jurisdiction).between(day, deadline.due_on)
            if deadline.due_on and deadline.due_on > day
            else 0
        ),
        "late": (
            deadlines.calendar_in(deadline.jurisdiction).between(deadline.due_on, day)
            if deadline.due_on and deadline.due_on < day and deadline.state == "running"
            else 0
        ),
        "used": used,
        "state": _clock_state(deadline),
    }


def _clock_state(deadline: Deadline) -> str:
    if deadline.state == "met":
        return "done"
    if deadline.state in ("suspended", "stopped"):
        return "suspended"
    return "overdue" if deadline.due_on and deadline.due_on < today() else "normal"


def trail_entries(case: Any, *, public: bool = False) -> list[dict[str, Any]]:
    """Return a case's trail as the page's component wants it, in the reader's language."""
    from django.utils.translation import get_language  # noqa: PLC0415 - needs the request's language

    english = (get_language() or "").startswith("en")
    return [
        {
            "when": line.occurred_at,
            "title": line.label_en if english else line.label,
            "who": line.unit,
            "text": line.sentence_en if english else line.sentence,
            "state": "now" if k == 0 else "done",
            "links": [(_("回执"), reverse("proofs:receipt", args=[case.number, line.seq]))],
        }
        for k, line in enumerate(trail(case, public_only=public))
    ]


def due_soon(listed: QuerySet[Duty]) -> QuerySet[Deadline]:
    clocks = deadlines.open_clocks(list(listed.values_list("case", flat=True)))
    return clocks.select_related("case").order_by("due_on")[:8]


def may(request: HttpRequest, capability: str, unit: int | None = None) -> bool:
    return is_allowed(request.actor, capability, on=today(), unit=unit or request.actor.unit, kind="duty")
