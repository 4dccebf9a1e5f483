"""The marking of a case as rows: reading it from work items, and writing what a step changed in two statements.

A row is a token. Closed rows stay, so that the rows are also the history of the case's steps. Events attached to
running work have a row of their own, ``TOKEN@EVENT``, because somebody or some clock may be waiting for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Case as When
from django.db.models import F, Value
from django.db.models import When as Then

from yangguang.kernel.ledger.models import Case, Participation, WorkItem
from yangguang.kernel.ledger.writing import Draft
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Net
from yangguang.kernel.processes.tokens import Marking, Token, Wait, ready
from yangguang.kernel.processes.vocabulary import Kind, StepRefused


@dataclass(frozen=True, slots=True)
class Done:
    """The row that an act has done, and with which answer."""

    row: str
    outcome: str = ""


def net_of(case: Case) -> Net:
    """The compiled process a case runs on; StepRefused where it runs on none."""
    found = ProcessVersion.objects.filter(key=case.process_key, version=case.process_version)
    sha256 = found.values_list("sha256", flat=True).first()
    if sha256 is None:
        raise StepRefused("此件没有流程", cite=case.number)
    return _net(case.process_key, sha256)


@lru_cache(maxsize=256)
def _net(key: str, sha256: str) -> Net:
    row = ProcessVersion.objects.filter(key=key, sha256=sha256).values_list("net", flat=True)[:1]
    return Net.from_json(row[0])


def marking_of(case: Case) -> Marking:
    """The present marking, from the rows of the case."""
    rows = WorkItem.objects.filter(case=case).exclude(kind="event").values_list("token", "node", "scope", "state")
    tokens, highest = [], 0
    for token, node, scope, state in rows:
        highest = max(highest, int(token))
        if state == "open":
            inside, _, index = scope.partition("#")
            tokens.append(Token(int(token), node, int(inside or 0), int(index) if index else -1))
    return Marking(tuple(sorted(tokens, key=lambda one: one.id)), highest + 1)


def save_marking(draft: Draft, net: Net, before: Marking, after: Marking, done: Done | None = None) -> None:
    """Write the difference of two markings: rows of vanished tokens close, rows of new tokens open.

    What was done is ``done``; joins, scopes and waits are done when they vanish; other work was taken away.
    """
    case = draft.case
    if case is None:
        raise TypeError("only cases have processes")
    kept = {token.id for token in after.tokens}
    known = {token.id for token in before.tokens}
    names = [name for token in before.tokens if token.id not in kept for name in _names(net, token)]
    names += [done.row] if done else []
    if names:
        WorkItem.objects.filter(case=case, token__in=names, state="open").update(
            closed_at=draft.at,
            state=When(
                Then(token=done.row if done else "", then=Value("done")),
                Then(kind__in=("join", "scope", "wait"), then=Value("done")),
                Then(kind="event", node__in=after.passed, then=Value("done")),
                default=Value("cancelled"),
            ),
            outcome=When(
                Then(token=done.row if done else "", then=Value(done.outcome if done else "")), default=F("outcome")
            ),
        )
    fresh = [token for token in after.tokens if token.id not in known]
    if fresh:
        WorkItem.objects.bulk_create(_rows(draft, case, net, after, fresh))


def _names(net: Net, token: Token) -> list[str]:
    """Rows of a token: its own, and one for each event attached to it."""
    place = net.places.get(token.place)
    attached = place.boundary if place is not None and token.index < 0 else ()
    return [str(token.id), *(f"{token.id}@{event}" for event in attached)]


def _rows(draft: Draft, case: Case, net: Net, after: Marking, fresh: Iterable[Token]) -> list[WorkItem]:
    waits: dict[int, list[Wait]] = {}
    for wait in ready(net, after):
        waits.setdefault(wait.token, []).append(wait)
    parties = _parties(case)
    rows = []
    for token in fresh:
        scope = (str(token.scope) if token.scope else "") + (f"#{token.index}" if token.index >= 0 else "")
        own = next((wait for wait in waits.get(token.id, ()) if wait.kind is not Kind.BOUNDARY), None)
        kind = _kind(net, token, own)
        common = {"case": case, "scope": scope, "opened_at": draft.at}
        party = {"role": own.role, "unit_id": parties.get(own.party)} if own else {}
        rows.append(WorkItem(token=str(token.id), node=token.place, kind=kind, **party, **common))
        for wait in waits.get(token.id, ()):
            if wait.kind is Kind.BOUNDARY:
                rows.append(WorkItem(token=f"{token.id}@{wait.node}", node=wait.node, kind="event", **common))
    return rows


def _kind(net: Net, token: Token, wait: Wait | None) -> str:
    """``task`` for work, ``wait`` for a caught event, ``scope`` for what holds others, ``join`` on an arrow."""
    if wait is not None:
        return "task" if wait.kind.is_task else "wait"
    return "scope" if token.place in net.places else "join"


def _parties(case: Case) -> Mapping[str, int]:
    """Unit of each party: the owner, and for each part in the case the unit named first."""
    parts = Participation.objects.filter(case=case).order_by("-position").values_list("role", "unit_id")
    return {**dict(parts), "owner": case.owner_id}
