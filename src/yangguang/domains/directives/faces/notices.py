"""Officers' pages of notices: the list, taking in, the confirm page, the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import intake, issuing
from yangguang.domains.directives.faces import confirming, forms
from yangguang.domains.directives.faces.shown import (
    export_items,
    may,
    trail_entries,
)
from yangguang.domains.directives.faces.tables import DutyTable, NoticeTable, words
from yangguang.domains.directives.reader import Unreadable
from yangguang.domains.directives.vocabulary import ROW_FIELDS, AlreadyKnown, NoticeState
from yangguang.kernel.documents.vocabulary import Unfit
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.queries import is_inside
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Refused
from yangguang.kernel.office.commands.units import learn_alias
from yangguang.kernel.office.vocabulary import NAMES
from yangguang.kernel.organisation.models import Unit
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.lists import paged
from yangguang.platform.web.sent import Version

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Notice


@officers_only
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices in sight, with search."""
    listed = queries.notices(request.actor, on=today())
    q = request.GET.get("q", "").strip()
    if q:
        listed = listed.filter(
            Q(case__title__icontains=q)
            | Q(document_number__icontains=q)
            | Q(issuer__icontains=q)
            | Q(case__number__icontains=q)
        )
    state = request.GET.get("state", "")
    if state in [s.value for s in NoticeState]:
        listed = listed.filter(case__state=state)
    table = paged(request, NoticeTable(listed))
    chips = [
        {"label": _("全部"), "url": "?", "current": not state},
        *({"label": words(s), "url": f"?state={s.value}", "current": state == s.value} for s in NoticeState),
    ]
    may_add = may(request, "directives.intake")
    return render(request, "directives/notices.html", {"table": table, "chips": chips, "q": q, "may_add": may_add})


@officers_only
def new_notice(request: HttpRequest) -> HttpResponse:
    """Take notices in: files dropped or text pasted; a known one leads to the notice that is here."""
    form = forms.NoticeForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        taken: list[Notice] = []
        for name, data in given(request, form):
            try:
                taken.append(
                    intake.receive_notice(
                        data, name, by=request.actor, at=now(), back_entered=form.cleaned_data["back_entered"]
                    )
                )
            except AlreadyKnown as known:
                messages.info(request, told(known).says)
                taken.append(queries.notice(known.facts["number"], request.actor, on=today()))
            except Unreadable as unreadable:
                problems.append(f"{name}：{unreadable.message} {unreadable.remedy}")
            except Unfit as unfit:
                problems.append(f"{name}：{' '.join(unfit.sentences(_))}")
        if len(taken) == 1 and not problems:
            return redirect("directives:notice", taken[0].case.number)
        if taken and not problems:
            return redirect("directives:notices")
        for problem in problems:
            form.add_error(None, problem)
    return render(request, "directives/new_notice.html", {"form": form}, status=422 if form.errors else 200)


def given(request: HttpRequest, form: forms.NoticeForm) -> list[tuple[str, bytes]]:
    """Return the files and the pasted text of a form as named bytes."""
    given = [(upload.name, upload.read()) for upload in request.FILES.getlist("files")]
    pasted = form.cleaned_data["text"]
    if pasted.strip():
        name = form.cleaned_data["name"] or _("粘贴的来文")
        given.append((f"{name}.txt", pasted.encode()))
    return given


@officers_only
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show a notice: its confirm page while it is a draft, else its duties."""
    found = queries.notice(number, request.actor, on=today())
    if not is_inside(found.case, request.actor, on=today()):
        return redirect("directives:public_notice", number)
    if found.case.state == NoticeState.DRAFT and may(request, "directives.intake", found.case.owner_id):
        return _confirm_page(request, found)
    listed = queries.duties(request.actor, on=today()).filter(notice=found, case__parent=None)
    table = paged(request, DutyTable(listed), per_page=100)
    context = {
        "notice": found,
        "table": table,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed).items()},
        "state": words(NoticeState(found.case.state)),
        "replaced_by": queries.correction_of(found),
        "may_correct": may(request, "directives.intake", found.case.owner_id),
        "trail": trail_entries(found.case),
        "warnings": found.reading.get("warnings", []),
        "rows": confirming.show_rows(found) if found.case.state == NoticeState.CONFIRMED else [],
        "may_approve": may(request, "directives.approve", found.case.owner_id),
        "export_items": export_items(reverse("directives:export", args=["KIND"]) + f"?notice={number}"),
        "approve_form": forms.BasisForm(prefix="approve"),
    }
    return render(request, "directives/notice.html", context)


def _confirm_page(
    request: HttpRequest,
    found: Notice,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
    unsaved: Mapping[int, Mapping[str, Any]] | None = None,
    versions: Sequence[Version] = (),
) -> HttpResponse:
    rows = confirming.show_rows(found, errors, unsaved)
    open_rows = [r.row.position for r in rows if r.is_open]
    context = {
        "notice": found,
        "rows": rows,
        "spare": max((r.row.position for r in rows), default=0) + 1,
        "spans": confirming.source_spans(found),
        "units": Unit.objects.filter(division=found.case.division, valid_to=None)
        .order_by("sort_key")
        .values_list("name", flat=True),
        "errors": errors or {},
        "open_rows": open_rows,
        "open_names": confirming.open_names(rows),
        "boxes": any("\u2500" <= c <= "\u257f" for c in found.text),
        "kept": sum(r.row.kept for r in rows),
        "warnings": found.reading.get("warnings", []),
        "kinds": [("by", _("到期")), ("recurring", _("定期")), ("relative", _("相对")), ("vague", _("不明"))],
        "roles": [(role.value, words(role)) for role in confirming.ROLES],
        "versions": versions,
        "may_learn": is_allowed(request.actor, NAMES, on=today()),
    }
    return render(request, "directives/confirm.html", context, status=status)


def _overtaken(request: HttpRequest, found: Notice, merged: confirming.Merged) -> HttpResponse:
    """Show what others saved in the fields that both touched, beside what was typed; nothing of either is lost."""
    submitted = confirming.read_rows(merged.post, found, today())
    chinese = not (get_language() or "").startswith("en")
    versions = [
        Version(f"{position} {ROW_FIELDS[name][0 if chinese else 1]}", theirs, mine)
        for position, name, theirs, mine in merged.both
    ]
    return _confirm_page(
        request, found, submitted.errors, status=409, unsaved=submitted.changes, versions=versions
    )


@officers_only
@require_POST
def save_proposals(request: HttpRequest, number: str) -> HttpResponse:
    """Save the confirm page; with ``then=confirm`` also send it for approval. Nothing typed is lost on an error."""
    found = queries.notice(number, request.actor, on=today())
    at, post, revision = now(), request.POST.dict(), _revision(request)
    if revision not in (None, found.case.revision) and any(name.endswith("-seen") for name in post):
        merged = confirming.merge(post, found)
        post, revision = merged.post, found.case.revision
        if merged.both:
            return _overtaken(request, found, merged)
    submitted = confirming.read_rows(post, found, today())
    if found.case.state == NoticeState.CONFIRMED and not submitted.changes:
        return redirect("directives:notice", number)  # the same page was sent twice
    if submitted.changes:
        intake.change_proposals(found, submitted.changes, by=request.actor, at=at, revision=revision)
        found = queries.notice(number, request.actor, on=today())
    if is_allowed(request.actor, NAMES, on=today()):
        _learn(request, submitted.learn, found)
    if submitted.errors:
        return _confirm_page(request, found, submitted.errors, status=422)
    if request.POST.get("then") == "confirm":
        try:
            intake.confirm_decomposition(found, by=request.actor, at=at)
        except Refused as refused:
            return _confirm_page(
                request, found, {"": told(refused).says, **told(refused).errors}, status=refused.status
            )
        messages.success(request, _("已送审定。"))
    else:
        messages.success(request, _("已保存。"))
    return redirect("directives:notice", number)


def _learn(request: HttpRequest, names: list[tuple[str, int]], found: Notice) -> None:
    """Remember what printed names mean; one that may not be learned is said, and the rows stay saved."""
    for text, unit in names:
        try:
            learn_alias(Unit.objects.get(pk=unit), text, context=found.case.division, by=request.actor, at=now())
        except Refused as refused:
            messages.warning(request, told(refused).says)


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdigit() else None


@officers_only
@require_POST
def decide_notice(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Approve and issue a decomposition, send it back, or publish an issued one."""
    found = queries.notice(number, request.actor, on=today())
    at, by = now(), request.actor
    if verb == "approve":
        basis = request.POST.get("basis", "").strip() if request.POST.get("public") == "1" else ""
        duties = issuing.approve_decomposition(found, by=by, at=at, public_basis=basis)
        messages.success(request, _("已审定并交办 %(n)s 项任务。") % {"n": len(duties)})
    elif verb == "return":
        intake.return_decomposition(found, reason=request.POST.get("reason", ""), by=by, at=at)
        messages.success(request, _("已退回修改。"))
    elif verb == "publish":
        issuing.publish_notice(found, basis=request.POST.get("basis", ""), by=by, at=at)
        messages.success(request, _("已公开。"))
    else:
        raise Http404
    return redirect("directives:notice", number)
