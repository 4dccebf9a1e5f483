"""Import of an organisation: the empty workbook, a dry run with every wrong row, then all of it or nothing."""

from __future__ import annotations

from hashlib import sha256

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yangguang.journeys.taking_in import take_in
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed
from yangguang.kernel.office.commands import Import, plan_import, workbook
from yangguang.kernel.office.faces.acting import needs
from yangguang.kernel.office.faces.sections import tabs
from yangguang.kernel.office.sheets import SHEETS
from yangguang.kernel.office.vocabulary import DIVISIONS
from yangguang.platform.now import now

#: largest workbook taken, in bytes, and how long it waits to be applied, in seconds
LARGEST, WAITS = 10 * 1024 * 1024, 3600
#: rows and errors a page shows; the rest is told as a number
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLES = {sheet.key: sheet.title for sheet in SHEETS}


class Upload(forms.Form):
    """The filled-in workbook."""

    workbook = forms.FileField(
        label=gettext_lazy("填好的工作簿"), help_text=gettext_lazy("XLSX，不超过 10 MB。先试导，不写入任何内容。")
    )

    def clean_workbook(self) -> bytes:
        """Return the bytes, or refuse a file that is too large."""
        given = self.cleaned_data["workbook"]
        if given.size > LARGEST:
            raise forms.ValidationError(gettext_lazy("文件超过 10 MB，请分批导入。"), code="large")
        content: bytes = given.read()
        return content


@needs(DIVISIONS)
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty workbook."""
    headers = {"Content-Disposition": 'attachment; filename="organisation.xlsx"'}
    return HttpResponse(workbook(), content_type=XLSX, headers=headers)


@needs(DIVISIONS)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a workbook and say what it would change; it waits, named by its hash, until it is applied."""
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["workbook"]
        digest = sha256(content).hexdigest()
        cache.set(_key(request, digest), content, WAITS)
        return redirect("desk:import_plan", digest)
    context = {"form": form, "tabs": tabs(request, "desk:import")}
    return render(request, "desk/setup_import.html", context, status=422 if form.errors else 200)


@needs(DIVISIONS)
def plan(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the dry run of a workbook that waits; posting applies it, whole or not at all."""
    content = cache.get(_key(request, digest))
    if content is None:
        messages.error(request, _("试导的工作簿已过期，请重新上传。"))
        return redirect("desk:import")
    if request.method == "POST":
        return _apply(request, digest, content)
    return _plan_page(request, digest, plan_import(content))


def _apply(request: HttpRequest, digest: str, content: bytes) -> HttpResponse:
    try:
        taken = take_in(content, by=request.actor, at=now())  # type: ignore[attr-defined]
    except Malformed:
        return _plan_page(request, digest, plan_import(content), status=422)
    except NotAllowed:
        says = _(
            "有的岗位设在您管辖范围以外的单位，没有导入任何内容。没有上级单位的单位不在任何人的管辖之内：请填上级单位。"
        )
        return _plan_page(request, digest, plan_import(content), says=says, status=403)
    cache.delete(_key(request, digest))
    messages.success(request, _("已导入：新增 %(n)s 行。") % {"n": taken.imported.created})
    if not taken.invited:
        return redirect("office:units")
    links = [
        (
            one.username,
            one.name,
            request.build_absolute_uri(reverse("accounts:invitation", args=[one.token])) if one.token else "",
            one.refused,
        )
        for one in taken.invited
    ]
    response = render(request, "desk/setup_links.html", {"links": links})
    response["Cache-Control"] = "no-store"
    return response


def _plan_page(
    request: HttpRequest, digest: str, planned: Import, *, says: str = "", status: int = 200
) -> HttpResponse:
    new = [change for change in planned.changes if change.is_new]
    counts = [
        (
            title,
            sum(c.row.sheet == key for c in new),
            sum(c.row.sheet == key for c in planned.changes) - sum(c.row.sheet == key for c in new),
        )
        for key, title in _TITLES.items()
    ]
    context = {
        "tabs": tabs(request, "desk:import"),
        "digest": digest,
        "errors": planned.errors[:SHOWN],
        "errors_total": len(planned.errors),
        "counts": counts,
        "says": says,
        "rows_total": len(new),
        "may_apply": not planned.errors and bool(new),
        "rows": [
            (_TITLES[c.row.sheet], c.row.number, " · ".join(v for v in c.row.cells.values() if v)) for c in new[:SHOWN]
        ],
    }
    return render(request, "desk/setup_plan.html", context, status=status)


def _key(request: HttpRequest, digest: str) -> str:
    return f"office.import:{request.actor.key}:{digest}"  # type: ignore[attr-defined]
