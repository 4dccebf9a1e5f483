"""Processes of cases: tokens are rows of work items, so that "my tasks" is plain SQL.

Every act here is part of a room's command: it takes the open ``Draft`` and
changes rows only. The state of the case is what the file says of the step the
token lies on (``yg:state``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, Refused
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.processes import tokens
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.events import ProcessPublished
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Net, compile_net
from yangguang.kernel.processes.soundness import Severity, check_soundness
from yangguang.kernel.processes.vocabulary import Kind, StepRefused

#: kind of case -> which unit a lane's role means for a case; filled by rooms in ``apps.py``
LANES: dict[str, Callable[[Case, str], int | None]] = {}


class NotNow(Refused):
    """The process does not offer this step now."""

    code = "processes.not_now"
    says = "流程目前不在这一步。"
    remedy = "请刷新页面，按流程图上标出的当前步骤办理。"


def publish_process(xml: bytes, *, by: Actor, at: datetime) -> ProcessVersion:
    """Check a process file and publish it as the next version; the same file again gives the version it has.

    Raises ``Malformed`` with the findings where the process is not sound.
    """
    definition = read_bpmn(xml)
    net = compile_net(definition)
    latest = ProcessVersion.objects.filter(key=definition.key).order_by("-version").first()
    if latest and latest.sha256 == definition.sha256:
        return latest
    faults = [finding for finding in check_soundness(definition) if finding.severity is Severity.ERROR]
    if faults:
        raise Malformed("流程不健全，不能发布。", errors={f"{f.code} {f.node}": f.says for f in faults})
    with writing(f"process:{definition.key}", by=by, at=at) as draft:
        version = ProcessVersion.objects.create(
            key=definition.key, version=latest.version + 1 if latest else 1, xml=xml,
            sha256=definition.sha256, net=net.as_json(), published_at=at,
        )
        draft.record(ProcessPublished(key=version.key, version=version.version, sha256=version.sha256))
    return version


@lru_cache(maxsize=128)
def net_of(key: str, version: int) -> Net:
    """Return the compiled table of a version; versions never change, so it is kept."""
    return Net.from_json(ProcessVersion.objects.get(key=key, version=version).net)


def begin_process(draft: Draft, key: str, facts: Mapping[str, Any] | None = None) -> None:
    """Put the first token of the latest version of a process on a new case."""
    case = _case(draft)
    latest = ProcessVersion.objects.filter(key=key).order_by("-version").values_list("version", flat=True).first()
    if latest is None:
        raise LookupError(f"no process {key} has been published")
    case.process_key, case.process_version = key, latest
    net = net_of(key, latest)
    _store(draft, net, tokens.Marking(), tokens.start(net, facts or {}))


def take_step(draft: Draft, command: str, *, outcome: str = "", facts: Mapping[str, Any] | None = None) -> None:
    """Do the step that a command stands for: its token moves on, the case enters the state of the next step.

    ``NotNow`` where no token lies on such a step. Waits for a message are
    taken by the message's name as command.
    """
    case = _case(draft)
    net = net_of(case.process_key, case.process_version)
    marking = marking_of(case)
    for wait in tokens.ready(net, marking):
        names = {wait.marks.command, *(choice.command for choice in wait.choices)}
        if wait.kind.is_task and command in names:
            moved = _complete(net, marking, wait.token, facts or {}, outcome)
            _store(draft, net, marking, moved, outcome)
            return
        if wait.kind is Kind.CATCH and wait.reference == command:
            _store(draft, net, marking, tokens.fire(net, marking, wait.token, wait.node, facts or {}), command)
            return
    raise NotNow(step=command, case=case.number)


def _complete(net: Net, marking: tokens.Marking, token: int, facts: Mapping[str, Any], outcome: str) -> tokens.Marking:
    try:
        return tokens.complete(net, marking, token, facts, outcome)
    except StepRefused as refused:
        raise NotNow(refused.says, remedy=refused.remedy) from refused


def end_process(draft: Draft) -> None:
    """Take every token away: the case ends by an act that the law allows at any time."""
    _open_rows(_case(draft)).update(state="cancelled", closed_at=draft.at)


def restart_process(draft: Draft, command: str) -> None:
    """Put a token on the step of a command: a closed case is taken up again."""
    case = _case(draft)
    net = net_of(case.process_key, case.process_version)
    node = next(place.id for place in net.places.values() if place.marks.command == command)
    marking = marking_of(case)
    _store(draft, net, marking, tokens.enter(net, node, {}, marking))


def marking_of(case: Case) -> tokens.Marking:
    """Return where the tokens of a case lie, as its rows say."""
    rows = _open_rows(case).order_by("token").values_list("token", "node", "scope", "instance")
    last = WorkItem.objects.filter(case=case).order_by("-token").values_list("token", flat=True).first() or 0
    return tokens.Marking(tuple(tokens.Token(*row) for row in rows), last + 1)


def current_state(case: Case) -> str:
    """Return the state the file gives to the step a case is on."""
    net = net_of(case.process_key, case.process_version)
    marks = (net.places[t.place].marks.state for t in marking_of(case).tokens if t.place in net.places)
    return next((state for state in marks if state), case.state)


def hand_over_work(draft: Draft) -> None:
    """Give the open steps to the units that hold their lanes now: the owner of the case has changed."""
    case = _case(draft)
    for item in _open_rows(case):
        item.unit_id = _unit(case, item.role)
        item.save(update_fields=["unit"])


def _store(draft: Draft, net: Net, before: tokens.Marking, after: tokens.Marking, outcome: str = "") -> None:
    case = _case(draft)
    old = {token.id: token for token in before.tokens}
    new = {token.id: token for token in after.tokens}
    gone = [token for token in old if new.get(token) != old[token]]
    _open_rows(case).filter(token__in=gone).update(state="done", closed_at=draft.at, outcome=outcome)
    rows = [_row(case, net, token, draft.at) for token in new.values() if old.get(token.id) != token]
    WorkItem.objects.bulk_create(rows)
    state = next((net.places[t.place].marks.state for t in after.tokens if t.place in net.places), "")
    if state:
        draft.enter(state)


def _row(case: Case, net: Net, token: tokens.Token, at: datetime) -> WorkItem:
    place = net.places.get(token.place)
    role = place.role if place else ""
    kind = "join" if place is None else "task" if place.kind.is_task else "wait"
    return WorkItem(
        case=case, token=token.id, node=token.place, scope=token.scope, instance=token.index, kind=kind, role=role,
        unit_id=_unit(case, role) if kind == "task" else None, opened_at=at,
    )


def _unit(case: Case, role: str) -> int | None:
    lanes = LANES.get(case.kind)
    return lanes(case, role) if lanes else case.owner_id


def _open_rows(case: Case) -> Any:
    return WorkItem.objects.filter(case=case, state="open")


def _case(draft: Draft) -> Case:
    if draft.case is None:
        raise TypeError("only cases run through processes")
    return draft.case
