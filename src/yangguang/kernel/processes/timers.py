"""Timers of running cases: each awaited timer is a deadline of the case, in working days, by the limit it names.

A deadline begins when a token comes to wait beside or on a timer, stops when the token goes another way, and is met
when it rings. A suspended case's timers stand still with its other clocks.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import date, datetime

from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Case, Deadline
from yangguang.kernel.ledger.vocabulary import Actor, Refused
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.processes.events import TimerRang
from yangguang.kernel.processes.net import Net
from yangguang.kernel.processes.tokens import Marking, Wait, ready
from yangguang.kernel.processes.vocabulary import Trigger
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day

TIMERS = Actor.system("timers")
"""The part of the system that lets timers ring."""
PREFIX = "timer:"
"""Keys of the deadlines of timers begin with it."""

log = logging.getLogger(__name__)


def timer_limits() -> frozenset[str]:
    """Return the keys of the rulebook that a timer may name: values that a clock counts."""
    return frozenset(value.key for value in house_rulebook() if value.unit.is_term)


def timer_key(token: int, node: str) -> str:
    """Return the key of the deadline of a timer: its token, and a short mark of its node."""
    return f"{PREFIX}{token}:{hashlib.sha256(node.encode()).hexdigest()[:12]}"


def keep_timers(draft: Draft, net: Net, before: Marking, after: Marking, rung: str = "") -> None:
    """Start the deadlines of timers that are awaited now, and end those that no longer are; ``rung`` is the key met."""
    had, has = _timers(net, before), _timers(net, after)
    if rung:
        deadlines.meet_deadline(draft, rung)
    for key in had.keys() - has.keys() - {rung}:
        deadlines.stop_deadline(draft, key, reason="流程已走过")
    new = [_wanted(draft, key, wait) for key, wait in has.items() if key not in had]
    if new:
        deadlines.set_deadlines(draft, new)


def _timers(net: Net, marking: Marking) -> Mapping[str, Wait]:
    waits = (wait for wait in ready(net, marking) if wait.trigger is Trigger.TIMER)
    return {timer_key(wait.token, wait.node): wait for wait in waits}


def _wanted(draft: Draft, key: str, wait: Wait) -> deadlines.Wanted:
    assert draft.case is not None
    chain = division_chain(draft.case.division.code)
    value = house_rulebook()(wait.reference, on=beijing_day(draft.at), chain=chain)
    limit = Limit(parse_term(value.term), rolls=value.rolls in ("by_reference", "law_silent"))
    label = wait.name or value.zh
    return deadlines.Wanted(key, limit, draft.at, label, value.key, str(value.cite), soft=True)


def ring_due_timers(*, today: date, at: datetime, by: Actor = TIMERS) -> int:
    """Let every timer ring whose last day has passed, each case in a writing of its own; return how many rang.

    A case whose next condition cannot be answered yet is left, and told in the log; it is tried again.
    """
    from yangguang.kernel.processes.commands import marking_of, net_of, ring_timer  # noqa: PLC0415 - it keeps timers

    due = Deadline.objects.filter(key__startswith=PREFIX, state="running", due_on__lt=today).order_by("pk")
    rang = 0
    for case_id, key in list(due.values_list("case_id", "key")):
        case = Case.objects.get(pk=case_id)
        try:
            with writing(case, by=by, at=at) as draft:
                wait = _timers(net_of(case), marking_of(case)).get(key)
                if wait is None or not due.filter(case=case, key=key).exists():
                    raise Refused("此时限已不再等待。")
                draft.record(TimerRang(node=wait.node, label=wait.name or wait.node))
                ring_timer(draft, wait.node, token=wait.token)
            rang += 1
        except Refused as refused:
            log.warning("timer %s of %s did not ring: %s", key, case.number, refused)
    return rang
