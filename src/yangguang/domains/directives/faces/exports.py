"""The duty ledger as files: an official task table in XLSX, DOCX, PDF and CSV, and deadlines as iCalendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yangguang.domains.directives.faces.tables import names_in, words
from yangguang.domains.directives.vocabulary import Lamp, Role
from yangguang.kernel.documents.official import (
    Cell,
    Column,
    Group,
    OfficialTable,
    Tone,
    to_csv,
    to_docx,
    to_pdf,
    to_xlsx,
)
from yangguang.kernel.ledger.models import Deadline
from yangguang.platform.ical import Entry

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty

TONES = {
    Lamp.NORMAL: Tone.GO,
    Lamp.BEHIND: Tone.WARN,
    Lamp.OVERDUE: Tone.STOP,
    Lamp.SUSPENDED: Tone.HOLD,
    Lamp.DONE: Tone.DONE,
    Lamp.STRUCK_OFF: Tone.DONE,
}
WRITERS: dict[str, tuple[Callable[[OfficialTable], bytes], str]] = {
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
    "csv": (to_csv, "text/csv; charset=utf-8"),
}


def task_table(duties: Iterable[Duty], *, title: str, on: date, number: str = "", signature: str = "") -> OfficialTable:
    """Return duties as an official task table (任务分解表): grouped by the heading they stand under."""
    groups = []
    serial = 0
    for heading, listed in groupby(duties, key=heading_of):
        rows = []
        for duty in listed:
            serial += 1
            lamp = Lamp(duty.lamp)
            rows.append(
                [
                    serial,
                    duty.text,
                    names_in(duty, Role.LEAD, Role.RESPONSIBLE),
                    names_in(duty, Role.SUPPORT),
                    due_words(duty),
                    f"{duty.percent}%",
                    Cell(words(lamp), TONES[lamp]),
                ]
            )
        groups.append(Group(heading, rows))
    columns: Sequence[Column] = (
        Column(_("序号"), 6, centred=True),
        Column(_("主要任务"), 44),
        Column(_("牵头部门"), 18),
        Column(_("协办部门"), 18),
        Column(_("完成时限"), 14, centred=True),
        Column(_("进度"), 8, centred=True),
        Column(_("灯"), 8, centred=True),
    )
    return OfficialTable(title=title, number=number, columns=columns, groups=groups, signature=signature, signed_on=on)


def heading_of(duty: Duty) -> str:
    """Return the outermost heading of the notice under which a duty stands."""
    return duty.path[0] if duty.path else ""


def due_words(duty: Duty) -> str:
    """Return the next day by which something of the duty is due, as tables print it."""
    due = getattr(duty, "next_due_on", None)
    return due.isoformat() if due else "—"


def feed_entries(clocks: Iterable[Deadline], address: Callable[[str], str]) -> list[Entry]:
    """Return running deadlines as calendar entries, one a clock; ``address`` gives the page of a case number."""
    return [
        Entry(
            key=f"deadline:{clock.pk}",
            title=f"{clock.label}：{clock.case.title}"[:120],
            day=clock.due_on,
            changed_at=clock.case.state_since,
            description=f"{clock.case.number} {clock.cite}",
            url=address(clock.case.number),
            sequence=clock.moves,
            remind_days=1,
        )
        for clock in clocks
        if clock.due_on
    ]


def file_name(title: str, at: datetime, kind: str) -> str:
    """Return the name under which an export is saved."""
    return f"{title}-{at:%Y%m%d}.{kind}"
