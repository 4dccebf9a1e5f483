"""What every command of the room checks before it writes: who may, whether the case stands where it must."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.vocabulary import DutyState, Role, WrongState
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft
from yangguang.kernel.processes.commands import take_step
from yangguang.platform.now import beijing_day


def office_of(case: Case) -> int:
    """Return the supervision office of a duty."""
    return Participation.objects.get(case=case, role=Role.SUPERVISING).unit_id


def require_office(duty: Duty, by: Actor, at: datetime, capability: str = "directives.supervise") -> None:
    """Refuse whoever lacks a capability over the duty's supervision office."""
    require(by, capability, on=beijing_day(at), unit=office_of(duty.case), kind="duty")


def require_typed(**fields: str) -> None:
    """Refuse empty fields, each by its name."""
    errors = {name: "必填。" for name, value in fields.items() if not value.strip()}
    if errors:
        raise Malformed(errors=errors)


def require_state(case: Case, *states: DutyState) -> None:
    """Refuse unless the case is in one of these states."""
    if case.state not in states:
        raise WrongState(state=DutyState(case.state))


def advance(draft: Draft, command: str, *, outcome: str = "", facts: dict[str, Any] | None = None) -> None:
    """Take a step of the process; a suspended duty takes none, wherever its token lies."""
    case = draft.case
    if case is None:
        raise TypeError("only cases run through processes")
    if case.state == DutyState.SUSPENDED:
        raise WrongState(state=DutyState.SUSPENDED)
    take_step(draft, command, outcome=outcome, facts=facts)
