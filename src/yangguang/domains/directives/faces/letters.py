"""Letters of a duty (督查通知单、催办通知): official layout, made anew from the trail when asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import yaml
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.vocabulary import DutyDispatched, DutyUrged, Role
from yangguang.kernel.documents.official import OfficialLetter, to_docx, to_pdf
from yangguang.kernel.documents.official.description import written_day
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.queries import body_of, is_inside
from yangguang.platform.now import beijing_day, today
from yangguang.platform.web.access import officers_only

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty

FOLDER = Path(__file__).parents[1] / "content" / "letters"
#: code of a letter -> its name, and the event by which it was made
LETTERS = {
    "supervision_notice": (_("督查通知单"), DutyDispatched.name),
    "urging_notice": (_("催办通知"), DutyUrged.name),
}
WRITERS: dict[str, tuple[Callable[[OfficialLetter], bytes], str]] = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}


@officers_only
def letter(request: HttpRequest, number: str, code: str, form: str) -> HttpResponse:
    """Give a letter of a duty as a file."""
    found = queries.duty(number, request.actor, on=today())
    if not is_inside(found.case, request.actor, on=today()):
        raise Http404
    made = _made_by(found, code)
    if made is None or form not in WRITERS:
        raise Http404
    write, media = WRITERS[form]
    name = quote(f"{LETTERS[code][0]}-{number}.{form}")
    headers = {"Content-Disposition": f"attachment; filename=\"letter\"; filename*=UTF-8''{name}"}
    return HttpResponse(write(letter_of(found, code, made)), content_type=media, headers=headers)


def offered(duty: Duty) -> list[dict[str, Any]]:
    """Return the letters that the duty has given rise to so far, for its page."""
    return [{"code": code, "label": words} for code, (words, _event) in LETTERS.items() if _made_by(duty, code)]


def _made_by(duty: Duty, code: str) -> Entry | None:
    if code not in LETTERS:
        return None
    return Entry.objects.filter(stream=duty.case.stream_id, name=LETTERS[code][1]).order_by("-seq").first()


def letter_of(duty: Duty, code: str, made: Entry) -> OfficialLetter:
    """Return a letter, dated as the entry that gave rise to it."""
    template, words = _template(code), _words(duty, made)
    filled = {name: template[name].format_map(words) for name in ("masthead", "title", "number", "to")}
    return OfficialLetter(
        **filled,
        body=[line.format_map(words) for line in template["body"]],
        facts=[(label, fact.format_map(words)) for label, fact in template["facts"]],
        signature=words["office"],
        signed_on=beijing_day(made.occurred_at),
    )


@cache
def _template(code: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))


def _words(duty: Duty, made: Entry) -> dict[str, str]:
    day = beijing_day(made.occurred_at)
    parts = {role: "、".join(part.unit.name for part in held) for role, held in queries.parts_of(duty).items()}
    lead = "、".join(filter(None, (parts[Role.LEAD], parts[Role.RESPONSIBLE]))) or duty.case.owner.name
    printed = [d for d in duty.printed_deadlines if d["kind"] != "recurring"]
    reports = duty.case.deadlines.filter(key__startswith="report:").order_by("due_on").values_list("due_on", flat=True)
    body = body_of(made)
    message = str(body.get("message", ""))
    return {
        "office": parts[Role.SUPERVISING],
        "number": duty.case.number,
        "units": "、".join(filter(None, (lead, parts[Role.SUPPORT]))),
        "lead": lead,
        "with_support": f"，{parts[Role.SUPPORT]}协办" if parts[Role.SUPPORT] else "",
        "source": f"《{duty.notice.case.title}》" if duty.notice else "督查立项",
        "text": duty.text,
        "due": "；".join(str(d["expr"]) for d in printed) or "按要求",
        "reports": _days(list(reports)),
        "nth": str(body.get("nth", "")),
        "message": message if not message or message.endswith("。") else f"{message}。",
        "today": written_day(day),
        "percent": str(duty.percent),
        "light": queries.light_of(duty, day).because,
        "last_report": written_day(duty.last_report_on) if duty.last_report_on else "尚未反馈",
    }


def _days(days: list[date]) -> str:
    return "、".join(map(written_day, days)) or "按要求"
