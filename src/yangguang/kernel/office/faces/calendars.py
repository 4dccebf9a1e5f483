"""Holiday notices: pasted, read back, weighed against what runs, adopted; and all that were ever adopted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yangguang.kernel.clock.notice_text import ReadNotice
from yangguang.kernel.clock.notices import NATION, Notice, unpack_notice
from yangguang.kernel.clock.vocabulary import ClockError
from yangguang.kernel.ledger import adopting
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.calendar_vocabulary import ADOPT, ClockMoved
from yangguang.kernel.ledger.models import CalendarNotice, Entry
from yangguang.kernel.ledger.queries import visible_cases
from yangguang.kernel.ledger.replaying import pending
from yangguang.kernel.ledger.vocabulary import NotFound, Refused
from yangguang.kernel.office.faces import forms
from yangguang.kernel.office.faces.acting import Asking, Cleaned, act, needs
from yangguang.kernel.office.faces.listing import asked, exports, file_asked, show
from yangguang.kernel.office.faces.sections import tabs
from yangguang.kernel.office.faces.tables import MoveTable, NoticeTable
from yangguang.kernel.organisation.models import Division
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only
from yangguang.platform.web.lists import paged

#: how long pasted words wait to be adopted, in seconds
WAITS = 3600


@officers_only
def calendars(request: HttpRequest) -> HttpResponse:
    """List every notice that was adopted, with its standing."""
    form = forms.ListFilter(request.GET)
    rows = list(adopting.notices())
    q = asked(form).get("q", "")
    listed = adopting.notices().filter(title__icontains=q) | adopting.notices().filter(number__icontains=q)
    may = is_allowed(request.actor, ADOPT, on=today())  # type: ignore[attr-defined]
    return show(
        request,
        NoticeTable(listed, words=lambda row: _standing(row, rows), places=_places(rows)),
        title=gettext_lazy("放假通知"),
        section="office:calendars",
        form=form,
        lead=gettext_lazy("本系统采用的放假通知；随程序发布的各年通知见工作日历"),
        actions=[(gettext_lazy("录入放假通知"), reverse("office:new_calendar"))] if may else [],
    )


@needs(ADOPT)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Take the words of a notice and read them; they wait, named by their hash, until they are adopted."""
    form = forms.CalendarWords(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = _given(form.cleaned_data)
        try:
            _read(given)
        except (ClockError, Refused) as refused:
            form.add_error("text", _sentence(refused))
        else:
            digest = sha256(repr(sorted(given.items())).encode()).hexdigest()
            cache.set(_key(request, digest), given, WAITS)
            return redirect("office:calendar_plan", digest)
    asking = Asking(
        _("录入放假通知"),
        _("逐句读出放假和上班的日子，核对星期和天数，再列出会变动的期限，由您决定是否采用。"),
        reverse("office:calendars"),
    )
    return render(request, "office/act.html", {"form": form, "asking": asking}, status=422 if form.errors else 200)


@needs(ADOPT)
def plan(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what was read and every clock that would move; posting adopts it."""
    given = cache.get(_key(request, digest))
    if given is None:
        messages.error(request, _("粘贴的通知已过期，请重新录入。"))
        return redirect("office:new_calendar")
    read = _read(given)
    moves = list(adopting.moves_of(read.notice, adopting.place_of(given["division"])))
    says = ""
    if request.method == "POST":
        try:
            row = adopting.adopt_notice(
                read, jurisdiction=given["division"], text=given["text"], moves=len(moves),
                by=request.actor, at=now(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            says = _sentence(refused)
        else:
            cache.delete(_key(request, digest))
            messages.success(request, _("已采用：%(notice)s。") % {"notice": row})
            return redirect("office:calendar", row.pk)
    form = forms.MoveFilter(request.GET)
    seen = _seen(request, moves)
    listed = [_row(move, seen) for move in moves]
    table = MoveTable(_narrowed(listed, asked(form)))
    file = file_asked(request, table, _("将要变动的期限"))
    if file is not None:
        return file
    context = {
        "tabs": tabs(request, "office:calendars"),
        "facts": _facts(read.notice, adopting.place_of(given["division"])),
        "arranged": arranged(read.notice),
        "unread": read.unread,
        "moves_total": len(moves),
        "table": paged(request, table),
        "form": form,
        "exports": exports(request),
        "says": says,
    }
    return render(request, "office/calendar_plan.html", context, status=409 if says else 200)


@officers_only
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an adopted notice: what it orders, who adopted it, what it moved."""
    row = _found(pk)
    notice = unpack_notice(row.page)
    acts = [(row.entry, gettext_lazy("采用")), (row.withdrawn, gettext_lazy("撤回"))]
    history = [
        (entry.occurred_at, words, entry.actor_unit.name if entry.actor_unit else "") for entry, words in acts if entry
    ]
    context = {
        "notice": row,
        "tabs": tabs(request, "office:calendars"),
        "facts": [*_facts(notice, row.jurisdiction), (_("效力"), _standing(row, list(adopting.notices())))],
        "arranged": arranged(notice),
        "history": history,
        "moved": Entry.objects.filter(name=ClockMoved.name, body__notice__contains=str(row)).count(),
        "pending": pending(),
        "may_withdraw": row.withdrawn_id is None and is_allowed(request.actor, ADOPT, on=today()),  # type: ignore[attr-defined]
    }
    return render(request, "office/calendar.html", context)


@needs(ADOPT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a notice that was adopted by mistake."""
    row = _found(pk)

    def run(_data: Cleaned) -> None:
        adopting.withdraw_notice(row, by=request.actor, at=now())  # type: ignore[attr-defined]

    asking = Asking(
        _("撤回放假通知"),
        _("只用于误采用。国务院办公厅更正的通知，请直接录入更正后的全文，原安排自动失效。"),
        reverse("office:calendar", args=[row.pk]),
        [(_("通知"), str(row))],
    )
    return act(request, django_forms.Form(request.POST if request.method == "POST" else None), run, asking)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What a notice orders for one festival, as a page shows it."""

    name: str
    off: tuple[tuple[date, date, int], ...]
    work: tuple[date, ...]


def arranged(notice: Notice) -> list[Arranged]:
    """Return the festivals of a notice in the order of their days, days off in spans: first, last, how many."""
    ordered = sorted(notice.festivals, key=lambda festival: (*festival.off, *festival.work))
    return [Arranged(festival.name, tuple(_spans(festival.off)), festival.work) for festival in ordered]


def _spans(days: Iterable[date]) -> Iterable[tuple[date, date, int]]:
    first = last = None
    for day in [*sorted(days), None]:
        if first is not None and last is not None and (day is None or day - last > timedelta(days=1)):
            yield first, last, (last - first).days + 1
            first = None
        first, last = first or day, day


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    division = data["division"]
    return {
        "text": data["text"],
        "division": division.code if division else "",
        "number": data["number"].strip(),
        "published": data["published"],
    }


def _read(given: Mapping[str, Any]) -> ReadNotice:
    return adopting.read_words(
        given["text"], jurisdiction=given["division"], number=given["number"], published=given["published"]
    )


def _sentence(refused: ClockError | Refused) -> str:
    says = str(refused) if isinstance(refused, ClockError) else refused.says
    return " ".join(filter(None, (says, refused.remedy)))


def _facts(notice: Notice, place: str) -> list[tuple[Any, Any]]:
    year = notice.covers
    settles = _("定下 %(year)s 年全年，该年不再是暂定") % {"year": year} if year else _("只改通知里写到的日子")
    return [
        (_("通知"), notice.source.title),
        (_("文号"), notice.source.number or "—"),
        (_("成文日期"), notice.published.isoformat() if notice.published else "—"),
        (_("适用地方"), _place(place)),
        (_("作用"), settles),
    ]


def _place(code: str) -> str:
    if code == NATION:
        return _("全国")
    found = Division.objects.filter(code__in=(code, code.ljust(6, "0"))).order_by("code").first()
    return f"{found.name}（{code}）" if found else code


def _places(rows: Iterable[CalendarNotice]) -> dict[str, str]:
    return {code: _place(code) for code in {row.jurisdiction for row in rows}}


def _standing(row: CalendarNotice, rows: list[CalendarNotice]) -> str:
    if row.withdrawn_id is not None:
        return _("已撤回")
    later = adopting.replaced_by(row, rows)
    return _("已由%(later)s更正") % {"later": later.number or later.title} if later else _("有效")


def _found(pk: int) -> CalendarNotice:
    row = adopting.notices().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _seen(request: HttpRequest, moves: list[adopting.Move]) -> set[int]:
    """Return the cases whose titles the officer may read; of the others he learns the number only."""
    cases = visible_cases(request.actor, on=today())  # type: ignore[attr-defined]
    return set(cases.filter(pk__in={move.deadline.case_id for move in moves}).values_list("pk", flat=True))


def _row(move: adopting.Move, seen: set[int]) -> dict[str, Any]:
    case = move.deadline.case
    return {
        "case": f"{case.number} {case.title}" if case.pk in seen else case.number,
        "label": move.deadline.label,
        "unit": move.deadline.unit.name if move.deadline.unit else "",
        "old": move.deadline.due_on,
        "new": move.due_on,
    }


def _narrowed(rows: list[dict[str, Any]], wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    q, way = wanted.get("q", ""), wanted.get("way", "")
    if q:
        rows = [row for row in rows if q in f"{row['case']} {row['label']} {row['unit']}"]
    if way:
        rows = [row for row in rows if row["old"] and row["new"] and (row["new"] > row["old"]) == (way == "later")]
    return rows


def _key(request: HttpRequest, digest: str) -> str:
    return f"office.calendar:{request.actor.key}:{digest}"  # type: ignore[attr-defined]
