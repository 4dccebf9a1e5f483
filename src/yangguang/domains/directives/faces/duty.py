"""The page of a duty, its acts and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.faces import acts, forms, letters
from yangguang.domains.directives.faces.shown import (
    duty_context,
)
from yangguang.kernel.documents.queries import open_document
from yangguang.kernel.documents.vocabulary import Unfit
from yangguang.kernel.ledger.meanwhile import others_since, stamp
from yangguang.kernel.ledger.queries import TrailLine, is_inside
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Actor, Conflict, Malformed, NotAllowed, NotFound, Refused
from yangguang.kernel.outbox.requests import once
from yangguang.kernel.proofs.queries import latest_entry_by
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.sent import Version, new_token, sent_once, typed

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty


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


class _NotDone(Exception):
    """An act was not done: nothing is kept, and the page says why with all that was typed."""

    def __init__(self, form: Form | None, meanwhile: Sequence[TrailLine] = ()) -> None:
        super().__init__()
        self.form, self.meanwhile = form, meanwhile


@officers_only
def act(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Show an act's form and do it: one page for every act on a duty."""
    found = queries.duty(number, request.actor, on=today())
    chosen = acts.ACTS.get(code)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        try:
            _once(request, chosen, found)
        except _NotDone as refused:
            return _act_page(request, chosen, found, refused.form, refused.meanwhile)
        messages.success(request, _done(found, chosen, request.actor))
        return redirect("directives:duty", number)
    if chosen not in acts.offered(found, request.actor, now()):
        raise NotAllowed("这一步现在不由您办理。", remedy="流程图上标出了现在由谁办理；请刷新事项页面后再看。")
    return _act_page(request, chosen, found, chosen.make_form(found, None, None))


def _once(request: HttpRequest, chosen: acts.Act, found: Duty) -> None:
    """Do what a form asks, once for each page that was opened, however often it is sent."""
    key, asked = sent_once(request)
    if key:
        once(key, asked, lambda: _take(request, chosen, found), at=now(), wait=True)
    else:
        with transaction.atomic():
            _take(request, chosen, found)


def _take(request: HttpRequest, chosen: acts.Act, found: Duty) -> dict[str, Any]:
    seen = request.POST.get("seen", "")
    meanwhile = others_since(found.case, int(seen), by=request.actor) if seen.isdecimal() else []
    if meanwhile:
        found = queries.duty(found.case.number, request.actor, on=today())
    try:
        form = chosen.make_form(found, request.POST, request.FILES or None)
    except NotFound:
        if not meanwhile:
            raise
        raise _NotDone(None, meanwhile) from None
    done = form.is_valid() and not meanwhile and _do(chosen, found, form, request.actor)
    if not done:
        raise _NotDone(form, meanwhile)
    return {}


def _act_page(
    request: HttpRequest, chosen: acts.Act, found: Duty, form: Form | None, meanwhile: Sequence[TrailLine] = ()
) -> HttpResponse:
    if meanwhile:
        found = queries.duty(found.case.number, request.actor, on=today())
    context = {
        "duty": found, "act": chosen, "form": form, "light": queries.light_of(found, today()),
        "seen": stamp(found.case), "once": new_token(), "meanwhile": meanwhile,
        "versions": _versions(request, chosen, found, form) if meanwhile else [],
    }  # fmt: skip
    status = 409 if meanwhile else 422 if request.method == "POST" else 200
    return render(request, "directives/act.html", context, status=status)


def _versions(request: HttpRequest, chosen: acts.Act, found: Duty, form: Form | None) -> list[Version]:
    """Return what the reader typed beside what stands now in the same fields."""
    latest = found.reports.order_by("-pk").first() if chosen.code in ("report", "review", "contribute") else None
    labels = {name: field.label for name, field in form.fields.items()} if form else {}
    shown = forms.ProgressForm.base_fields if chosen.code in ("report", "contribute") else {}
    listed = []
    for name, mine in typed(request):
        theirs = str(getattr(latest, name, "") or "") if latest else ""
        if len(mine) > 1 or theirs:
            label = labels.get(name) or (shown[name].label if name in shown else _("您填写的内容"))
            listed.append(Version(str(label), theirs, mine))
    return listed


def _done(found: Duty, chosen: acts.Act, by: Actor) -> SafeString:
    """Say what was done, with the way to the receipt of the entry that it left."""
    said = _("已完成：%(act)s。") % {"act": chosen.label}
    entry = latest_entry_by(found.case, by)
    if entry is None:
        return format_html("{}", said)
    address = reverse("proofs:receipt", args=[found.case.number, entry.seq])
    return format_html('{} <a href="{}">{}</a>', said, address, _("领取回执"))


def _do(chosen: acts.Act, found: Duty, form: Form, by: Actor) -> bool:
    """Do an act; where it is refused the form says why, with all that was typed. A conflict has a page of its own."""
    try:
        chosen.run(found, form.cleaned_data, by, now())
    except Malformed as malformed:
        for name, says in told(malformed).errors.items():
            form.add_error(name if name in form.fields else None, says)
        if not malformed.errors:
            form.add_error(None, told(malformed).says)
    except Unfit as unfit:
        form.add_error("evidence", " ".join(unfit.sentences(_)))
    except Conflict:
        raise
    except Refused as refused:
        form.add_error(None, str(told(refused)))
    else:
        return True
    return False


def evidence(request: HttpRequest, number: str, document: str) -> HttpResponse:
    """Give a file handed in with a report, to officers who see the duty by their own powers."""
    found = queries.duty(number, request.actor, on=today())
    if not is_inside(found.case, request.actor, on=today()):
        raise NotFound
    report = found.reports.filter(evidence=document).first()
    if report is None:
        raise NotFound
    held = report.evidence.select_related("blob").get(pk=document)
    return FileResponse(open_document(held), as_attachment=True, filename=held.name, content_type=held.blob.media_type)
