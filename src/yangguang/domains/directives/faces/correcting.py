"""The page of a correction: a corrected paper comes in, the difference is shown, the leader applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import correcting
from yangguang.domains.directives.faces import forms
from yangguang.domains.directives.faces.notices import given
from yangguang.domains.directives.reader import Unreadable
from yangguang.domains.directives.vocabulary import NoticeState
from yangguang.kernel.documents.vocabulary import Unfit
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed, Refused
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Notice


@officers_only
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Register a correction of an issued notice, or show and apply the one that waits.

    The address takes either number: that of the notice, or that of its correction.
    """
    found = queries.notice(number, request.actor, on=today())
    over = {"on": today(), "unit": found.case.owner_id, "kind": "notice"}
    if not any(is_allowed(request.actor, f"directives.{word}", **over) for word in ("intake", "approve")):
        raise NotAllowed
    new = found if found.replaces_id else queries.correction_of(found)
    if new is None:
        return _register(request, found)
    if request.method == "POST":
        return _apply(request, new)
    return _compared(request, new)


def _register(request: HttpRequest, old: Notice) -> HttpResponse:
    form = forms.NoticeForm(request.POST or None, request.FILES or None)
    del form.fields["back_entered"]
    if request.method == "POST" and form.is_valid():
        try:
            (name, data), *more = given(request, form)
            if more:
                raise Malformed("请一次登记一份更正文件。")
            new = correcting.receive_correction(old, data, name, by=request.actor, at=now())
        except Unreadable as unreadable:
            form.add_error(None, f"{unreadable.message} {unreadable.remedy}")
        except Unfit as unfit:
            form.add_error(None, " ".join(unfit.sentences(_)))
        except Refused as refused:
            form.add_error(None, str(told(refused)))
        else:
            messages.success(request, _("已收到更正稿，请逐项核对后送审定。"))
            return redirect("directives:notice", new.case.number)
    status = 422 if form.errors else 200
    return render(request, "directives/correct_new.html", {"form": form, "notice": old}, status=status)


def _apply(request: HttpRequest, new: Notice) -> HttpResponse:
    left_out = {c.duty.pk for c in correcting.changes_of(new) if c.kind == "removed" and c.duty}
    cancelled = {int(pk) for pk in request.POST.getlist("cancel") if pk.isdigit()}
    reason = request.POST.get("reason", "")
    try:
        done = correcting.apply_correction(new, reason=reason, keep=left_out - cancelled, by=request.actor, at=now())
    except Malformed as malformed:
        return _compared(request, new, dict(told(malformed).errors), status=422)
    except Refused as refused:
        return _compared(request, new, {"": str(told(refused))}, status=refused.status)
    changed = sum(change.kind != "same" for change in done)
    messages.success(request, _("更正已生效：%(n)s 项有变动，已告知各单位。") % {"n": changed})
    return redirect("directives:notice", new.case.number)


def _compared(
    request: HttpRequest, new: Notice, errors: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    changes = correcting.changes_of(new) if new.case.state in (NoticeState.DRAFT, NoticeState.CONFIRMED) else []
    by_kind: dict[str, list[Any]] = {"changed": [], "added": [], "removed": [], "same": []}
    for change in changes:
        by_kind[change.kind].append(change)
    confirmed = new.case.state == NoticeState.CONFIRMED
    may = is_allowed(request.actor, "directives.approve", on=today(), unit=new.case.owner_id, kind="notice")
    context = {
        "notice": new,
        "old": new.replaces,
        **by_kind,
        "compared": bool(changes),
        "confirmed": confirmed,
        "may_apply": confirmed and may,
        "errors": errors or {},
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "directives/correct.html", context, status=status)
