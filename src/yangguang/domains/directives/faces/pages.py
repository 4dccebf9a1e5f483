"""Officers' pages of the directives room: notices, the confirm page, the ledger, a duty, a unit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.db.models import Count, F, Q, QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import intake, issuing, supervising
from yangguang.domains.directives.faces import acts, confirming, exports, forms, letters
from yangguang.domains.directives.faces.tables import DutyPicking, DutyTable, NoticeTable, clock_words, words
from yangguang.domains.directives.reader import Unreadable
from yangguang.domains.directives.vocabulary import AlreadyKnown, DutyState, Lamp, NoticeState, Role
from yangguang.kernel.documents.queries import open_document
from yangguang.kernel.documents.vocabulary import Unfit
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.queries import is_inside, trail
from yangguang.kernel.ledger.vocabulary import Conflict, Malformed, NotAllowed, NotFound, Refused
from yangguang.kernel.office.commands.units import learn_alias
from yangguang.kernel.office.vocabulary import NAMES
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.processes.queries import diagram
from yangguang.platform import ical
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.lists import paged

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty, Notice

FEED_SALT = "directives.feed"


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
    may_add = _may(request, "directives.intake")
    return render(request, "directives/notices.html", {"table": table, "chips": chips, "q": q, "may_add": may_add})


@officers_only
def new_notice(request: HttpRequest) -> HttpResponse:
    """Take notices in: files dropped or text pasted; a known one leads to the notice that is here."""
    form = forms.NoticeForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        taken: list[str] = []
        for name, data in given(request, form):
            try:
                new = intake.receive_notice(
                    data, name, by=request.actor, at=now(), back_entered=form.cleaned_data["back_entered"]
                )
                taken.append(new.case.number)
            except AlreadyKnown as known:
                messages.info(request, known.says)
                taken.append(str(known.facts["number"]))
            except Unreadable as unreadable:
                problems.append(f"{name}：{unreadable.message} {unreadable.remedy}")
            except Unfit as unfit:
                problems.append(f"{name}：{unfit}")
        if len(taken) == 1 and not problems:
            return redirect("directives:notice", taken[0])
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
    if found.case.state == NoticeState.DRAFT and _may(request, "directives.intake", found.case.owner_id):
        return _confirm_page(request, found)
    listed = queries.duties(request.actor, on=today()).filter(notice=found, case__parent=None)
    table = paged(request, DutyTable(listed), per_page=100)
    context = {
        "notice": found,
        "table": table,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed).items()},
        "state": words(NoticeState(found.case.state)),
        "replaced_by": queries.replacement_of(found),
        "may_correct": _may(request, "directives.intake", found.case.owner_id),
        "trail": trail_entries(found.case),
        "warnings": found.reading.get("warnings", []),
        "rows": confirming.show_rows(found) if found.case.state == NoticeState.CONFIRMED else [],
        "may_approve": _may(request, "directives.approve", found.case.owner_id),
        "export_items": _export_items(reverse("directives:export", args=["KIND"]) + f"?notice={number}"),
        "approve_form": forms.BasisForm(prefix="approve"),
    }
    return render(request, "directives/notice.html", context)


def _confirm_page(
    request: HttpRequest, found: Notice, errors: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    rows = confirming.show_rows(found, errors)
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
        "typed": request.POST if errors else None,
        "may_learn": is_allowed(request.actor, NAMES, on=today()),
    }
    return render(request, "directives/confirm.html", context, status=status)


@officers_only
@require_POST
def save_proposals(request: HttpRequest, number: str) -> HttpResponse:
    """Save the confirm page; with ``then=confirm`` also send it for approval. Nothing typed is lost on an error."""
    found = queries.notice(number, request.actor, on=today())
    submitted = confirming.read_rows(request.POST.dict(), found, today())
    at = now()
    if submitted.changes:
        intake.change_proposals(found, submitted.changes, by=request.actor, at=at, revision=_revision(request))
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
                request, found, {"": refused.says, **getattr(refused, "errors", {})}, status=refused.status
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
            messages.warning(request, refused.says)


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


@officers_only
def duties(request: HttpRequest) -> HttpResponse:
    """Show the duty ledger: lights, saved views, search, filter, paging, export, acts on many."""
    listed = queries.duties(request.actor, on=today())
    shown, form = filtered(request, listed)
    may_urge = _may(request, "directives.supervise")
    table = paged(request, (DutyPicking if may_urge else DutyTable)(shown))
    counts = queries.lamps(listed.filter(case__parent=None))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "table": table,
        "form": form,
        "chips": _chips(request, counts),
        "lamps": {lamp.value: n for lamp, n in counts.items()},
        "lamp_urls": {lamp.value: f"?lamp={lamp.value}" for lamp in Lamp},
        "reports": _reports_due(listed),
        "collective": listed.filter(children_total__gt=0).count(),
        "may_urge": may_urge,
        "export_items": _export_items(reverse("directives:export", args=["KIND"]) + f"?{query.urlencode()}"),
        "feed_url": request.build_absolute_uri(reverse("directives:feed", args=[feed_token(request.actor.unit)])),
    }
    return render(request, "directives/duties.html", context)


def filtered(request: HttpRequest, listed: QuerySet[Duty]) -> tuple[QuerySet[Duty], forms.DutyFilter]:
    """Return the duties that the address asks for, and the form that shows what it asked."""
    form = forms.DutyFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    words_, number = asked.get("q", "").strip(), request.GET.get("notice", "")
    if number:
        listed = listed.filter(notice__case__number=number)
    if words_:
        listed = listed.filter(
            Q(text__icontains=words_) | Q(case__title__icontains=words_) | Q(case__number__icontains=words_)
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


def _chips(request: HttpRequest, counts: dict[Lamp, int]) -> list[dict[str, Any]]:
    lamp, view = request.GET.get("lamp", ""), request.GET.get("view", "")
    total = sum(counts.values())
    return [
        {"label": _("全部"), "url": "?", "count": total, "current": not lamp and not view},
        *(
            {
                "label": words(m),
                "url": f"?lamp={m.value}",
                "count": counts[m],
                "current": lamp == m.value,
                "state": m.value,
            }
            for m in (Lamp.OVERDUE, Lamp.BEHIND)
        ),
        {"label": _("本月到期"), "url": "?view=month", "current": view == "month"},
        {"label": _("含下级分项"), "url": "?view=all", "current": view == "all"},
    ]


def _reports_due(listed: QuerySet[Duty]) -> str:
    clocks = Deadline.objects.filter(case__in=listed.values("case"), key__startswith="report:", due_on__lte=today())
    counted = clocks.aggregate(due=Count("pk"), given=Count("pk", filter=Q(state="met")))
    return f"{counted['due']} / {counted['given']}"


@officers_only
@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """Urge the units of the picked duties (批量催办)."""
    picked = queries.duties(request.actor, on=today()).filter(
        pk__in=[p for p in request.POST.getlist("selected") if p.isdigit()]
    )
    if not picked:
        messages.error(request, _("请先勾选要催办的事项。"))
        return redirect("directives:duties")
    urged = supervising.urge_duties(list(picked), message=request.POST.get("message", ""), by=request.actor, at=now())
    messages.success(request, _("已催办 %(n)s 件。") % {"n": len(urged)})
    return redirect("directives:duties")


@officers_only
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the ledger as the address filters it, as an official task table."""
    if kind not in exports.WRITERS:
        raise Http404
    shown, _form = filtered(request, queries.duties(request.actor, on=today()))
    return table_file(shown, kind, _("督查台账"))


def table_file(shown: QuerySet[Duty], kind: str, title: str) -> HttpResponse:
    """Return duties as a file of one of the kinds we write."""
    write, media = exports.WRITERS[kind]
    content = write(exports.task_table(shown, title=title, on=today()))
    name = exports.file_name(title, now(), kind)
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": _attachment(name)})


def _attachment(name: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - one use

    return f"attachment; filename=\"export\"; filename*=UTF-8''{quote(name)}"


@officers_only
def duty(request: HttpRequest, number: str) -> HttpResponse:
    """Show a duty: light, clocks that explain themselves, reports, process, trail, and what may be done now."""
    found = queries.duty(number, request.actor, on=today())
    if not is_inside(found.case, request.actor, on=today()):
        return redirect("directives:public_duty", number)
    context = {
        **duty_context(found),
        "acts": acts.offered(found, request.actor, now()),
        "revision": found.case.revision,
        "letters": letters.offered(found),
    }
    return render(request, "directives/duty.html", context)


def duty_context(found: Duty, *, public: bool = False) -> dict[str, Any]:
    """Return what a duty's page shows, for officers and for the public."""
    clocks = list(found.case.deadlines.prefetch_related("reckonings").all())
    light = queries.light_of(found, today(), [c for c in clocks if c.state in ("running", "suspended")])
    return {
        "duty": found,
        "light": light,
        "parts": [(words(role), parts) for role, parts in queries.parts_of(found).items() if parts],
        "state": words(DutyState(found.case.state)),
        "clocks": [clock_view(c) for c in clocks if not public or c.key.split(":")[0] not in ("sign", "review")],
        "children": queries.children_of(found),
        "child_lamps": {lamp.value: n for lamp, n in queries.lamps(queries.children_of(found)).items()},
        "diagram": diagram(found.case),
        "trail": trail_entries(found.case, public=public),
        "reports": found.reports.select_related("unit").prefetch_related("evidence") if not public else [],
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
            "links": [],
        }
        for k, line in enumerate(trail(case, public_only=public))
    ]


@officers_only
def act(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Show an act's form and do it: one page for every act on a duty."""
    found = queries.duty(number, request.actor, on=today())
    chosen = acts.ACTS.get(code)
    if chosen is None:
        raise Http404
    if request.method != "POST" and chosen not in acts.offered(found, request.actor, now()):
        raise NotAllowed("这一步现在不由您办理。", remedy="流程图上标出了现在由谁办理；请刷新事项页面后再看。")
    form = chosen.make_form(found, request.POST or None, request.FILES or None)
    sent = request.method == "POST"
    if sent and form.is_valid() and _is_done(chosen, found, form, request):
        messages.success(request, _("已完成：%(act)s。") % {"act": chosen.label})
        return redirect("directives:duty", number)
    context = {"duty": found, "act": chosen, "form": form, "light": queries.light_of(found, today())}
    return render(request, "directives/act.html", context, status=422 if sent else 200)


def _is_done(chosen: acts.Act, found: Duty, form: Form, request: HttpRequest) -> bool:
    """Do an act; a refusal for what was typed is written into the form instead."""
    try:
        chosen.run(found, form.cleaned_data, request.actor, now())
    except Malformed as malformed:
        for name, says in (malformed.errors or {"": malformed.says}).items():
            form.add_error(name if name in form.fields else None, says)
    except Unfit as unfit:
        form.add_error("evidence", str(unfit))
    except Conflict:
        raise
    except Refused as refused:
        form.add_error(None, " ".join(filter(None, (refused.says, refused.cite, refused.remedy))))
    else:
        return True
    return False


@officers_only
def my_unit(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the officer's own unit."""
    return redirect("directives:unit", Unit.objects.get(pk=request.actor.unit).code)


@officers_only
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: what it has to sign, its duties by light, reports due."""
    found = Unit.objects.filter(code=code).select_related("division").first()
    if found is None:
        raise NotFound
    listed = queries.duties_of_unit(found.pk, request.actor, on=today())
    shown, form = filtered(request, listed) if request.GET else (listed, forms.DutyFilter())
    table = paged(request, DutyTable(shown.order_by(F("next_due_on").asc(nulls_last=True)), grouped=False))
    own = found.pk == request.actor.unit
    context = {
        "unit": found,
        "own": own,
        "form": form,
        "table": table,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(listed).items()},
        "to_sign": queries.to_sign(found.pk) if own else [],
        "due_soon": _due_soon(listed),
        "export_items": _export_items(reverse("directives:unit_export", args=[code, "KIND"])),
        "feed_url": request.build_absolute_uri(reverse("directives:feed", args=[feed_token(found.pk)])) if own else "",
    }
    return render(request, "directives/unit.html", context)


@officers_only
def unit_export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Give a unit's duties as an official task table."""
    found = Unit.objects.filter(code=code).first()
    if found is None or kind not in exports.WRITERS:
        raise Http404
    return table_file(queries.duties_of_unit(found.pk, request.actor, on=today()), kind, found.name)


def _due_soon(listed: QuerySet[Duty]) -> QuerySet[Deadline]:
    clocks = deadlines.open_clocks(list(listed.values_list("case", flat=True)))
    return clocks.select_related("case").order_by("due_on")[:8]


@officers_only
def desk(request: HttpRequest) -> HttpResponse:
    """Show today: what waits for this officer's unit, what falls due, what was told."""
    listed = queries.duties_of_unit(request.actor.unit, request.actor, on=today())
    supervising_ = _may(request, "directives.supervise")
    seen = queries.duties(request.actor, on=today()) if supervising_ else listed
    work = _work(request)
    context = {
        "to_sign": queries.to_sign(request.actor.unit),
        "work": work,
        "lamps": {lamp.value: n for lamp, n in queries.lamps(seen).items()},
        "lamp_urls": {lamp.value: f"{reverse('directives:duties')}?lamp={lamp.value}" for lamp in Lamp},
        "due_soon": _due_soon(seen),
        "nominations": queries.open_nominations(request.actor, on=today()) if supervising_ else [],
        "drafts": queries.notices(request.actor, on=today()).filter(
            case__state__in=(NoticeState.DRAFT, NoticeState.CONFIRMED)
        ),
    }
    return render(request, "directives/desk.html", context)


def _work(request: HttpRequest) -> list[dict[str, Any]]:
    listed = queries.duties(request.actor, on=today()).filter(
        Q(case__owner=request.actor.unit)
        | Q(case__participations__unit=request.actor.unit, case__participations__role=Role.SUPERVISING)
    )
    waiting = []
    for found in listed.filter(case__closed_at=None).distinct().order_by(F("next_due_on").asc(nulls_last=True))[:60]:
        steps = [a for a in acts.offered(found, request.actor, now()) if a.tone == "primary" and a.code != "report"]
        if steps:
            waiting.append({"duty": found, "acts": steps})
    return waiting[:20]


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a unit's running deadlines as a calendar, to whoever holds the address that a unit was given."""
    try:
        unit_id = signing.loads(token, salt=FEED_SALT)
    except signing.BadSignature:
        raise Http404 from None
    cases = queries.handling_cases(unit_id)
    clocks = (
        Deadline.objects.filter(case__in=cases, state="running")
        .select_related("case")
        .annotate(moves=Count("reckonings"))
    )
    entries = exports.feed_entries(clocks, lambda n: request.build_absolute_uri(reverse("directives:duty", args=[n])))
    name = Unit.objects.get(pk=unit_id).name
    content = ical.calendar(_("%(unit)s 督查期限") % {"unit": name}, entries)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})


def feed_token(unit_id: int) -> str:
    """Return the part of a feed's address that only the unit knows."""
    return signing.dumps(unit_id, salt=FEED_SALT)


def evidence(request: HttpRequest, number: str, document: str) -> HttpResponse:
    """Give a file handed in with a report, to officers who see the duty by their own powers."""
    found = queries.duty(number, request.actor, on=today())
    if not is_inside(found.case, request.actor, on=today()):
        raise NotFound
    report = found.reports.filter(evidence=document).first()
    if report is None:
        raise NotFound
    held = report.evidence.select_related("blob").get(pk=document)
    return FileResponse(
        open_document(held), as_attachment=True, filename=held.name, content_type=held.blob.media_type
    )


def _export_items(address: str) -> list[dict[str, str]]:
    labels = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV"}
    return [{"label": label, "url": address.replace("KIND", kind)} for kind, label in labels.items()]


def _may(request: HttpRequest, capability: str, unit: int | None = None) -> bool:
    return is_allowed(request.actor, capability, on=today(), unit=unit or request.actor.unit, kind="duty")


