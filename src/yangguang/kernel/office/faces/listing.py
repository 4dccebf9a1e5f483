"""What every list of the setup pages does: filter by the address, page, and give itself away as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yangguang.kernel.documents.official import Column, Group, OfficialTable, to_csv, to_xlsx
from yangguang.kernel.office.faces.sections import tabs
from yangguang.platform.now import today
from yangguang.platform.web.lists import Table, paged

_WRITERS: dict[str, tuple[Callable[[OfficialTable], bytes], str, str]] = {
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
    "csv": (to_csv, "text/csv; charset=utf-8", "CSV"),
}


def show(
    request: HttpRequest,
    table: Table,
    *,
    title: Any,
    section: str,
    form: forms.Form,
    lead: Any = "",
    actions: list[tuple[Any, str]] | None = None,
) -> HttpResponse:
    """Return the list as a page, or as the file that ``?file=xlsx`` or ``?file=csv`` asks for."""
    file = file_asked(request, table, str(title))
    if file is not None:
        return file
    context = {
        "title": title,
        "lead": lead,
        "tabs": tabs(request, section),
        "table": paged(request, table),
        "form": form,
        "actions": actions or [],
        "exports": exports(request),
        "count": table.paginator.count,
    }
    return render(request, "office/list.html", context, status=200 if form.is_valid() or not request.GET else 422)


def exports(request: HttpRequest) -> list[dict[str, str]]:
    """Return the files a list gives itself away as, with the filters of its page."""
    query = request.GET.copy()
    query.pop("page", None)
    return [
        {"label": label, "url": f"?{query.urlencode()}{'&' if query else ''}file={code}"}
        for code, (_write, _media, label) in _WRITERS.items()
    ]


def file_asked(request: HttpRequest, table: Table, title: str) -> HttpResponse | None:
    """Return the list as the file the address asks for; None where it asks for the page."""
    kind = request.GET.get("file", "")
    return _file(table, kind, title) if kind in _WRITERS else None


def asked(form: forms.Form) -> dict[str, Any]:
    """Return what the address asks for; what it asks wrongly stands on the form and narrows nothing."""
    form.is_valid()
    return getattr(form, "cleaned_data", {})


def _file(table: Table, kind: str, title: str) -> HttpResponse:
    write, media, _label = _WRITERS[kind]
    rows = list(table.as_values(exclude_columns=("change",)))
    columns = [Column(str(head), 20) for head in rows[0]]
    body = [["" if cell is None else str(cell) for cell in row] for row in rows[1:]]
    content = write(OfficialTable(title=title, columns=columns, groups=[Group("", body)], signed_on=today()))
    name = quote(f"{title}-{today():%Y%m%d}.{kind}")
    disposition = f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{name}"
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": disposition})
