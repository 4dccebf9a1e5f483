"""Operations on the daily roots of the ledger: open to all, but for receipts, which follow the sight of the entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import Field

from yangguang.faces.api import answers
from yangguang.faces.api.inputs import Day, Limit, Number
from yangguang.faces.api.signing_in import ERRORS
from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.proofs import queries
from yangguang.platform.now import today

router = Router()
TAGS = ["ledger"]
Seq = Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/ledger/days", auth=None, response={200: answers.ClosedDays, **ERRORS}, tags=TAGS, summary="Daily roots")
def ledger_days(request: HttpRequest, since: Day | None = None, limit: Limit = 50) -> Any:
    """Return the closed days, oldest first, each with root, seal and the proof from the day before."""
    listed = queries.closed_days().order_by("day")
    rows = list((listed.filter(day__gte=since) if since else listed)[:limit])
    more = rows and listed.filter(day__gt=rows[-1].day).exists()
    following = rows[-1].day + timedelta(days=1) if more else None
    return {"items": [queries.day_file(row) for row in rows], "next": following}


@router.get(
    "/ledger/days/{day}", auth=None, response={200: answers.ClosedDay, **ERRORS}, tags=TAGS, summary="A day's root"
)
def ledger_day(request: HttpRequest, day: Path[Day]) -> Any:
    """Return one closed day."""
    return queries.day_file(queries.closed_day(day))


@router.get(
    "/ledger/consistency",
    auth=None,
    response={200: answers.Consistency, **ERRORS},
    tags=TAGS,
    summary="Whether a day continues another",
)
def consistency(request: HttpRequest, earlier: Day, later: Day) -> Any:
    """Return the proof that the ledger of the later day begins with the whole ledger of the earlier one."""
    if later < earlier:
        raise Malformed(errors={"query/later": "后一个日期不能早于前一个。"})
    old, new = queries.closed_day(earlier), queries.closed_day(later)
    return {
        "earlier": queries.day_file(old),
        "later": queries.day_file(new),
        "path": queries.consistency(old, new),
    }


@router.get(
    "/ledger/receipts/{number}/{seq}",
    auth=None,
    response={200: answers.Receipt, **ERRORS},
    tags=TAGS,
    summary="Receipt of an entry",
)
def receipt(request: HttpRequest, number: Path[Number], seq: Path[Seq]) -> Any:
    """Return the receipt of an entry in your sight, with its proof once the day is closed."""
    actor = request.actor  # type: ignore[attr-defined]
    return queries.receipt(queries.entry_in_sight(number, seq, actor, on=today()))
