"""Operations on notices and duties. What is seen is decided by the queries that the pages use."""

from __future__ import annotations

import json
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands.handling import Progress, report_progress
from yangguang.domains.directives.commands.intake import receive_notice
from yangguang.domains.directives.faces.shown import filtered
from yangguang.domains.directives.reader import read_bytes
from yangguang.domains.directives.vocabulary import AlreadyKnown, DutyState, Lamp, NoticeState
from yangguang.faces.api import answers, shapes
from yangguang.faces.api.inputs import Cursor, Day, Limit, LongText, Number, Text, given_notice, page_of
from yangguang.faces.api.once import once
from yangguang.faces.api.problems import Problem
from yangguang.faces.api.signing_in import ERRORS, OFFICER
from yangguang.kernel.ledger.queries import is_inside, trail
from yangguang.kernel.ledger.vocabulary import NotFound
from yangguang.platform.now import now, today

router = Router(tags=["directives"])
_NOTICE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string"}, "name": {"type": "string", "default": "notice.txt"}},
                }
            },
        },
    }
}
TOO_LARGE = {413: Problem}


class ProgressIn(Schema):
    """A unit's report on a duty (反馈进展)."""

    text: LongText
    percent: int = Field(0, ge=0, le=100)
    problems: LongText = ""
    next_steps: LongText = ""
    final: bool = Field(False, description="All is done; asks for the conclusion.")
    revision: int | None = Field(None, ge=0, le=2**31 - 1, description="The `revision` read; a 409 if it has moved on.")


@router.post(
    "/directives/read",
    auth=OFFICER,
    response={200: dict[str, Any], **ERRORS, **TOO_LARGE},
    openapi_extra=_NOTICE_BODY,
    summary="Read a notice into duties; nothing is kept",
)
def read(request: HttpRequest) -> Any:
    """Return the JSON of `yangguang directive read`: duties with units, deadlines, targets, and every doubt."""
    data, name = given_notice(request)
    return Status(200, read_bytes(data, name).as_json())


@router.get("/notices", auth=None, response={200: answers.Notices, **ERRORS}, summary="Notices in your sight")
def notices(
    request: HttpRequest, q: Text = "", state: NoticeState | None = None, limit: Limit = 50, cursor: Cursor = ""
) -> Any:
    """List notices by number: the public ones, and for officers those of their units."""
    listed = queries.notices(_actor(request), on=today())
    if q:
        listed = listed.filter(case__title__icontains=q)
    if state:
        listed = listed.filter(case__state=state.value)
    rows, following = page_of(listed, "case__number", cursor, limit)
    return Status(200, {"items": [shapes.notice(row) for row in rows], "next": following})


@router.post(
    "/notices",
    auth=OFFICER,
    response={201: answers.Notice, 200: answers.Notice, **ERRORS, **TOO_LARGE},
    openapi_extra=_NOTICE_BODY,
    summary="Register a notice",
)
def register_notice(request: HttpRequest) -> Any:
    """Take a notice in as a draft to confirm on the page.

    The content is the idempotency key: the same file or text, or the same number of the same issuer, answers 200 with
    the notice that is here.
    """
    data, name = given_notice(request)
    try:
        taken = receive_notice(data, name, by=_officer(request), at=now())
    except AlreadyKnown as known:
        return Status(200, shapes.notice(queries.notice(known.facts["number"], _actor(request), on=today())))
    return Status(201, shapes.notice(taken))


@router.get("/notices/{number}", auth=None, response={200: answers.Notice, **ERRORS}, summary="One notice")
def notice(request: HttpRequest, number: Number) -> Any:
    """Return a notice in your sight."""
    return Status(200, shapes.notice(queries.notice(number, _actor(request), on=today())))


@router.get("/duties", auth=None, response={200: answers.Duties, **ERRORS}, summary="Duties in your sight")
def duties(
    request: HttpRequest,
    q: Text = "",
    lamp: Lamp | None = None,
    state: DutyState | None = None,
    unit: Text = "",
    due_before: Day | None = None,
    notice: Number = "",
    view: Literal["", "all", "month"] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Any:
    """List duties by number, narrowed as on the page; `view=all` also gives the parts of collective duties."""
    shown, _form = filtered(request, queries.duties(_actor(request), on=today()))
    rows, following = page_of(shown, "case__number", cursor, limit)
    return Status(200, {"items": [shapes.duty(row) for row in rows], "next": following})


@router.get("/duties/{number}", auth=None, response={200: answers.Duty, **ERRORS}, summary="One duty")
def duty(request: HttpRequest, number: Number) -> Any:
    """Return a duty in your sight."""
    found = queries.duties(_actor(request), on=today()).filter(case__number=number).first()
    if found is None:
        raise NotFound(number=number)
    return Status(200, shapes.duty(found))


@router.get(
    "/duties/{number}/events", auth=None, response={200: list[answers.Event], **ERRORS}, summary="The trail of a duty"
)
def events(request: HttpRequest, number: Number) -> Any:
    """Return the trail, newest first; whoever sees the duty only because it is public sees its public entries."""
    found = queries.duty(number, _actor(request), on=today())
    inside = is_inside(found.case, _actor(request), on=today())
    return Status(200, [shapes.event(line) for line in trail(found.case, public_only=not inside)])


@router.get(
    "/duties/{number}/deadlines",
    auth=None,
    response={200: list[answers.Clock], **ERRORS},
    summary="The clocks of a duty",
)
def clocks(request: HttpRequest, number: Number) -> Any:
    """Return each clock with the days that counted, those that did not and why, and where it stood before."""
    found = queries.duty(number, _actor(request), on=today())
    rows = found.case.deadlines.select_related("unit").prefetch_related("reckonings")
    inside = is_inside(found.case, _actor(request), on=today())
    shown = [row for row in rows if inside or row.key.split(":")[0] not in shapes.INTERNAL_CLOCKS]
    return Status(200, [shapes.clock(row) for row in shown])


@router.post(
    "/duties/{number}/reports", auth=OFFICER, response={201: answers.ProgressGiven, **ERRORS}, summary="Report progress"
)
def report(request: HttpRequest, number: Number, given: ProgressIn) -> Any:
    """Report on a duty of your unit. With an `Idempotency-Key` the same report is taken once."""

    def run() -> dict[str, Any]:
        found = queries.duty(number, _actor(request), on=today())
        progress = Progress(given.text, given.percent, given.problems, given.next_steps, final=given.final)
        taken = report_progress(found, progress, by=_officer(request), at=now(), revision=given.revision)
        state = shapes.coded(DutyState(found.case.state))
        return {
            "report": taken.pk,
            "duty": number,
            "percent": taken.percent,
            "state": state,
            "revision": found.case.revision,
        }

    return Status(201, once(request, json.dumps(given.model_dump(), sort_keys=True), run))


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _officer(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
