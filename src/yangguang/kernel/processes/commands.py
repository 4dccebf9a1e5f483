"""Processes of cases: tokens are rows of work items, so that "my tasks" is plain SQL.

Every act here is part of a room's command: it takes the open ``Draft`` and
changes rows only. The state of the case is what the file says of the step the
token lies on (``yg:state``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import Case as Choose
from django.db.models import Max, Q, QuerySet, Value, When

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, Refused
from yangguang.kernel.ledger.writing import BATCH, Draft, writing
from yangguang.kernel.processes import tokens
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.events import ProcessPublished
from yangguang.kernel.processes.linking import called_keys, link
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Net, Place, compile_net
from yangguang.kernel.processes.soundness import Finding, Severity, check_soundness
from yangguang.kernel.processes.timers import keep_timers, timer_key, timer_limits
from yangguang.kernel.processes.tokens import Facts, Wait
from yangguang.kernel.processes.vocabulary import Definition, Kind, Trigger
from yangguang.platform.looking import once
from yangguang.platform.now import beijing_day

#: kind of case -> which unit a lane's role means for a case; filled by rooms in ``apps.py``
LANES: dict[str, Callable[[Case, str], int | None]] = {}


PUBLISH = "processes.publish"
"""The capability to publish a process file."""
INSTALLER = Actor.system("installer")
"""The part of the system that publishes the files that come with the program."""


class NotNow(Refused):
    """The process does not offer this step now."""

    code = "processes.not_now"
    says = "流程目前不在这一步。"
    remedy = "请刷新页面，按流程图上标出的当前步骤办理。"


class NotPublished(Refused):
    """There is no version of this process, or the case runs on none."""

    code = "processes.not_published"
    says = "流程“{key}”尚未发布。"
    remedy = "请先在设置中发布流程文件。"


def publish_process(xml: bytes, *, by: Actor, at: datetime, roles: Collection[str] | None = None) -> ProcessVersion:
    """Check a process file and publish it as the next version; the newest version's file again changes nothing.

    Raises ``Malformed`` with the findings where the process is not sound, or where the file carries no drawing: the
    diagram that people see is the file that runs. ``roles`` are the known role codes; None leaves them unchecked.
    """
    require(by, PUBLISH, on=beijing_day(at))
    definition = read_bpmn(xml)
    linked = link(definition, library_for(definition))
    _check_fit(definition, check_soundness(linked, roles, limits=timer_limits()))
    net = compile_net(linked)
    latest = _latest(definition.key)
    if latest and latest.sha256 == net.sha256 and latest.net.get("calls", {}) == net.calls:
        return latest
    with writing(f"process:{definition.key}", by=by, at=at) as draft:
        # read again under the register's lock: two publishers must not give one number twice
        latest = _latest(definition.key)
        version = ProcessVersion.objects.create(
            key=definition.key,
            version=latest.version + 1 if latest else 1,
            xml=xml,
            sha256=definition.sha256,
            net=net.as_json(),
            published_at=at,
        )
        draft.record(ProcessPublished(key=version.key, version=version.version, sha256=version.sha256))
    return version


def publish_house_processes(*, at: datetime) -> list[ProcessVersion]:
    """Publish every process file that comes with the program, as the installer; unchanged ones stay as they are."""
    return [publish_process(xml, by=INSTALLER, at=at) for xml in house_process_files()]


def house_process_files() -> list[bytes]:
    """Return the process files that come with the program."""
    files = sorted(Path(__file__).parents[2].glob("domains/*/content/processes/*.bpmn"))
    return [file.read_bytes() for file in files]


def library_for(definition: Definition) -> dict[str, Definition]:
    """Return the newest published versions of the processes a file calls, and of those that they call in turn."""
    library: dict[str, Definition] = {}
    waiting = list(called_keys(definition))
    while waiting:
        key = waiting.pop()
        version = _latest(key) if key not in library else None
        if version is not None:
            library[key] = read_bpmn(bytes(version.xml))
            waiting += called_keys(library[key])
    return library


def _check_fit(definition: Definition, findings: Collection[Finding]) -> None:
    faults = [finding for finding in findings if finding.severity is Severity.ERROR]
    if faults:
        raise Malformed(
            "流程不健全，不能发布。", errors={f"{fault.code} {fault.node}": _told(fault) for fault in faults}
        )
    if not definition.is_drawn:
        raise Malformed("流程文件没有图形，不能发布。", remedy="请在建模工具中画出流程图后再发布。")


def _told(fault: Finding) -> str:
    return f"{fault.says}：{' → '.join(fault.path)}" if fault.path else fault.says


def _latest(key: str) -> ProcessVersion | None:
    return ProcessVersion.objects.filter(key=key).order_by("-version").first()


def net_of(case: Case) -> Net:
    """Return the compiled table a case runs on; ``NotPublished`` where it runs on none."""
    found = ProcessVersion.objects.filter(key=case.process_key, version=case.process_version or 0)
    asked = ("process", case.process_key, case.process_version)
    sha256 = once(asked, found.values_list("sha256", flat=True).first)
    if sha256 is None:
        raise NotPublished(key=case.process_key)
    return _net(case.process_key, case.process_version or 0, sha256)


@lru_cache(maxsize=128)
def _net(key: str, version: int, sha256: str) -> Net:
    """The table of a version, kept: it never changes. One file may have several, joined to other files it calls."""
    row = ProcessVersion.objects.filter(key=key, version=version, sha256=sha256).values_list("net", flat=True)[:1]
    return Net.from_json(row[0])


@dataclass(frozen=True, slots=True)
class Taken:
    """A step taken in the same breath as the process begins: its command, answer and facts."""

    command: str
    outcome: str = ""
    facts: Facts | None = None


def begin_process(draft: Draft, key: str, facts: Facts | None = None, steps: Iterable[Taken] = ()) -> None:
    """Put the first token of the latest version of a process on a new case, and take its first steps at once."""
    begin_processes([draft], key, facts, steps)


def begin_processes(
    drafts: Sequence[Draft],
    key: str,
    facts: Facts | None = None,
    steps: Iterable[Taken] = (),
    *,
    lanes: Callable[[Case, str], int | None] | None = None,
) -> None:
    """Begin the same process on many new cases with one write; ``lanes`` tells the units of roles, if not the kind."""
    found = ProcessVersion.objects.filter(key=key).order_by("-version").values_list("version", "sha256").first()
    if found is None:
        raise NotPublished(key=key)
    begun = WorkItem.objects.filter(case__in=[_case(draft) for draft in drafts]).select_related("case").first()
    if begun is not None:
        raise NotNow("此件的流程已经开始。", case=begun.case.number)
    net, taken = _net(key, *found), tuple(steps)
    rows: list[WorkItem] = []
    for draft in drafts:
        case = _case(draft)
        case.process_key, case.process_version = key, found[0]
        rows += _begun(draft, case, net, facts, taken, lanes or _unit)
    WorkItem.objects.bulk_create(rows, BATCH)


def _begun(
    draft: Draft, case: Case, net: Net, facts: Facts | None, steps: Iterable[Taken],
    lanes: Callable[[Case, str], int | None],
) -> Iterable[WorkItem]:  # fmt: skip
    """Return the rows of a case that has begun and taken its first steps, and enter the state of the next."""
    marking = tokens.start(net, facts or {})
    rows: dict[int, WorkItem] = {}
    _open(rows, case, net, marking, draft.at)
    for step in steps:
        after, done = _taken(case, net, marking, step, None)
        _close(rows, marking, after, done, draft.at)
        _open(rows, case, net, after, draft.at)
        marking = after
    holders: dict[str, int | None] = {}
    for row in rows.values():
        if row.kind == "task":
            if row.role not in holders:
                holders[row.role] = lanes(case, row.role)
            row.unit_id = holders[row.role]
    state = _state(net, marking)
    keep_timers(draft, net, tokens.Marking(), marking)
    if state:
        draft.enter(state)
    return rows.values()


def _open(rows: dict[int, WorkItem], case: Case, net: Net, marking: tokens.Marking, at: datetime) -> None:
    for token in marking.tokens:
        if token.id not in rows:
            rows[token.id] = _row(case, net, token, at, marking)


def _close(rows: dict[int, WorkItem], before: tokens.Marking, after: tokens.Marking, done: _Done, at: datetime) -> None:
    kept = {token.id for token in after.tokens}
    for token in before.tokens:
        if token.id in kept:
            continue
        row, mine = rows[token.id], token.id in done.tokens
        row.state = "done" if mine or row.kind in ("join", "scope") else "cancelled"
        row.closed_at, row.outcome = at, done.outcome if mine else ""


def take_step(
    draft: Draft, command: str, *, outcome: str = "", facts: Facts | None = None, token: int | None = None
) -> None:
    """Do the step that a command stands for: its token moves on, the case enters the state of the next step.

    A command may be the step's own, or that of one of its answers (then the answer follows from it), or the name of
    a message that is waited for. ``token`` says which of several equal steps is meant; without it the oldest is.
    ``NotNow`` where no token lies on such a step; facts are for conditions and are not kept.
    """
    case = _case(draft)
    net, marking = net_of(case), marking_of(case)
    after, done = _taken(case, net, marking, Taken(command, outcome, facts), token)
    _store(draft, net, marking, after, done)


def _taken(
    case: Case, net: Net, marking: tokens.Marking, step: Taken, token: int | None
) -> tuple[tokens.Marking, _Done]:
    for wait in tokens.ready(net, marking):
        if token not in {None, wait.token}:
            continue
        if wait.trigger is Trigger.MESSAGE and wait.reference == step.command:
            after = tokens.fire(net, marking, wait.token, wait.node, step.facts or {})
            return after, _done(wait, step.command)
        if wait.kind.is_task and step.command in _commands(wait):
            answer = step.outcome or _answer(wait, step.command)
            return tokens.complete(net, marking, wait.token, step.facts or {}, answer), _done(wait, answer)
    raise NotNow(step=step.command, case=case.number)


def _commands(wait: Wait) -> set[str]:
    return {wait.marks.command, *(choice.command for choice in wait.choices)}


def _answer(wait: Wait, command: str) -> str:
    """The answer that only this command gives; empty where the caller has to say."""
    named = [choice.outcome for choice in wait.choices if choice.command == command]
    return named[0] if len(named) == 1 else ""


def signal_case(draft: Draft, name: str, facts: Facts | None = None) -> None:
    """Let every wait of a case for a signal take it; nobody waiting is no fault."""
    case = _case(draft)
    net, marking = net_of(case), marking_of(case)
    heard = {w.token for w in tokens.ready(net, marking) if w.kind is Kind.CATCH and w.reference == name}
    after = tokens.signal(net, marking, name, facts or {})
    _store(draft, net, marking, after, _Done(frozenset(heard), name))


def ring_timer(draft: Draft, node: str, facts: Facts | None = None, *, token: int | None = None) -> None:
    """Let the time of a timer event run out; the caller has seen that its deadline has passed."""
    case = _case(draft)
    net, marking = net_of(case), marking_of(case)
    for wait in tokens.ready(net, marking):
        if wait.node == node and wait.trigger is Trigger.TIMER and token in {None, wait.token}:
            after = tokens.timer(net, marking, wait.token, node, facts or {})
            _store(draft, net, marking, after, _done(wait, "timer"), timer_key(wait.token, node))
            return
    raise NotNow(step=node, case=case.number)


def end_process(draft: Draft) -> None:
    """Take every token away: the case ends by an act that the law allows at any time."""
    case = _case(draft)
    if case.process_key:
        keep_timers(draft, net_of(case), marking_of(case), tokens.Marking())
    _open_rows(_case(draft)).update(state="cancelled", closed_at=draft.at)


def restart_process(draft: Draft, command: str, facts: Facts | None = None) -> None:
    """Put a token on the step of a command: a finished case is taken up again."""
    case = _case(draft)
    net, marking = net_of(case), marking_of(case)
    if not marking.finished:
        raise NotNow("此件尚在办理，不能重新进入流程。", case=case.number)
    node = next((place.id for place in net.places.values() if place.marks.command == command), None)
    if node is None:
        raise NotNow("流程中没有这一环节。", step=command, case=case.number)
    _store(draft, net, marking, tokens.enter(net, node, facts or {}, marking))


def marking_of(case: Case) -> tokens.Marking:
    """Return where the tokens of a case lie, as its rows say."""
    rows = _open_rows(case).order_by("token").values_list("token", "node", "scope", "instance")
    last = WorkItem.objects.filter(case=case).aggregate(last=Max("token"))["last"] or 0
    return tokens.Marking(tuple(tokens.Token(*row) for row in rows), last + 1)


def current_state(case: Case) -> str:
    """Return the state the file gives to the step a case is on."""
    return _state(net_of(case), marking_of(case)) or case.state


def _state(net: Net, marking: tokens.Marking) -> str:
    """State of the oldest token that shows one; of a finished marking, that of the end it came to."""
    nodes = [token.place for token in marking.tokens] or reversed(marking.passed)
    states = (net.places[node].marks.state for node in nodes if node in net.places)
    return next(filter(None, states), "")


def hand_over_work(draft: Draft) -> None:
    """Give the open steps to the units that hold their lanes now: the owner of the case has changed."""
    case = _case(draft)
    for item in _open_rows(case):
        item.unit_id = _unit(case, item.role)
        item.save(update_fields=["unit"])


@dataclass(frozen=True, slots=True)
class _Done:
    """The tokens an act has done, and with which answer."""

    tokens: frozenset[int] = frozenset()
    outcome: str = ""


def _done(wait: Wait, outcome: str) -> _Done:
    """What taking a wait has done: its token, unless the event only sits on somebody else's work."""
    return _Done(frozenset() if wait.kind is Kind.BOUNDARY else frozenset({wait.token}), outcome)


def _store(
    draft: Draft, net: Net, before: tokens.Marking, after: tokens.Marking, done: _Done = _Done(), rung: str = ""
) -> None:
    """Write the difference of two markings, one update and one insert; the case enters the state of its step.

    A step that was taken away (an interrupting event, a terminating end) is cancelled, not done.
    """
    case = _case(draft)
    kept = {token.id for token in after.tokens}
    known = {token.id for token in before.tokens}
    gone = [token.id for token in before.tokens if token.id not in kept]
    if gone:
        mine = Q(token__in=done.tokens)
        _open_rows(case).filter(token__in=gone).update(
            closed_at=draft.at,
            state=Choose(When(mine | Q(kind__in=("join", "scope")), then=Value("done")), default=Value("cancelled")),
            outcome=Choose(When(mine, then=Value(done.outcome)), default=Value("")),
        )
    new = [_row(case, net, token, draft.at, after) for token in after.tokens if token.id not in known]
    for row in new:
        row.unit_id = _unit(case, row.role) if row.kind == "task" else None
    WorkItem.objects.bulk_create(new)
    keep_timers(draft, net, before, after, rung)
    state = _state(net, after)
    if state:
        draft.enter(state)


def _row(case: Case, net: Net, token: tokens.Token, at: datetime, marking: tokens.Marking) -> WorkItem:
    place = net.places.get(token.place)
    role = place.role if place else ""
    kind = _kind(place, holds=any(inner.scope == token.id for inner in marking.tokens))
    return WorkItem(
        case=case,
        token=token.id,
        node=token.place,
        scope=token.scope,
        instance=token.index,
        kind=kind,
        role=role,
        opened_at=at,
    )


def _kind(place: Place | None, *, holds: bool) -> str:
    """``join`` on an arrow, ``scope`` for what only holds other tokens, ``task`` for work, ``wait`` for an event."""
    if place is None:
        return "join"
    if holds:
        return "scope"
    return "task" if place.kind.is_task else "wait"


def _unit(case: Case, role: str) -> int | None:
    lanes = LANES.get(case.kind)
    return lanes(case, role) if lanes else case.owner_id


def _open_rows(case: Case) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(case=case, state="open")


def _case(draft: Draft) -> Case:
    if draft.case is None:
        raise TypeError("only cases run through processes")
    return draft.case
