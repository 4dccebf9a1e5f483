"""Learning how a place writes its units: a name matched by a person becomes an alias."""

from __future__ import annotations

from datetime import datetime

from yangguang.domains.directives.models import Notice
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office.commands import add_alias
from yangguang.kernel.organisation.models import Unit
from yangguang.platform.now import beijing_day


def learn_alias(notice: Notice, text: str, unit: int, *, by: Actor, at: datetime) -> None:
    """Keep a printed name as an alias of a unit in papers of the notice's division."""
    require(by, "directives.intake", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    add_alias(Unit.objects.get(pk=unit), text, context=notice.case.division, by=by, at=at)
