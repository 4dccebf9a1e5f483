"""What changes processes and the steps of cases. Steps are taken inside a writing of the room that owns the case:
that room records the named entry, this room moves the tokens.

    with writing(case, by=officer, at=moment) as draft:
        draft.record(ReceiptSigned(unit=unit.pk))
        take_step(draft, "sign_receipt", outcome="signed")
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import partial
from pathlib import Path

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.processes import tokens
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Net, compile_net
from yangguang.kernel.processes.soundness import Severity, check_soundness
from yangguang.kernel.processes.store import Done, marking_of, net_of, save_marking
from yangguang.kernel.processes.tokens import Facts, Marking, Wait
from yangguang.kernel.processes.vocabulary import Definition, Malformed, ProcessPublished, StepRefused, Unsound
from yangguang.platform.now import beijing_day

PUBLISH = "processes.publish"
"""The capability to publish a process."""
INSTALLER = Actor.system("installer")
"""The part of the system that publishes the files the program comes with."""


def publish_process(
    xml: bytes, *, by: Actor, at: datetime, effective_from: date | None = None, roles: Collection[str] | None = None
) -> ProcessVersion:
    """Publish a process file as the next version of its key, in use from a day (at the latest today's by default).

    Refused: what cannot be read, is unsound (``Unsound``) or carries no drawing. The newest version published again
    changes nothing and is returned.
    """
    day = effective_from or beijing_day(at)
    require(by, PUBLISH, on=beijing_day(at))
    definition = read_bpmn(xml)
    net = _publishable(definition, roles)
    latest = ProcessVersion.objects.filter(key=definition.key).first()
    if latest is not None and latest.sha256 == definition.sha256:
        return latest
    with writing(f"process:{definition.key}", by=by, at=at) as draft:
        newest = ProcessVersion.objects.filter(key=definition.key).first()
        version = ProcessVersion.objects.create(
            key=definition.key,
            version=newest.version + 1 if newest else 1,
            name=definition.name,
            name_en=definition.name_en,
            xml=xml.decode("utf-8"),
            sha256=definition.sha256,
            net=net.as_json(),
            effective_from=day,
            published_at=at,
        )
        draft.record(
            ProcessPublished(
                key=version.key,
                version=version.version,
                title=version.name,
                sha256=version.sha256,
                effective_from=day,
            )
        )
    return version


def publish_house_processes(*, at: datetime, effective_from: date) -> list[ProcessVersion]:
    """Publish every process file the program comes with; those already published stay as they are."""
    files = sorted(Path(__file__).parents[2].glob("domains/*/content/processes/*.bpmn"))
    return [publish_process(file.read_bytes(), by=INSTALLER, at=at, effective_from=effective_from) for file in files]


def _publishable(definition: Definition, roles: Collection[str] | None) -> Net:
    if not definition.is_drawn:
        raise Malformed("流程文件没有图形坐标", cite=definition.key, remedy="请先为文件生成图形。")
    faults = [one for one in check_soundness(definition, roles) if one.severity is Severity.ERROR]
    if faults:
        told = tuple(f"{one.says}（{' → '.join(one.path)}）" if one.path else one.says for one in faults)
        raise Unsound(definition.key, told)
    return compile_net(definition)


def begin_process(draft: Draft, key: str, facts: Facts) -> Marking:
    """Start the process of a case on the version in use on the day of the act; the case enters its first state."""
    case = _case(draft)
    day = beijing_day(draft.at)
    version = ProcessVersion.objects.filter(key=key, effective_from__lte=day).only("key", "version").first()
    if version is None:
        raise StepRefused(f"{day} 没有生效的流程“{key}”", cite=key, remedy="请先发布流程。")
    if WorkItem.objects.filter(case=case).exists():
        raise StepRefused("此件的流程已经开始", cite=case.number)
    case.process_key, case.process_version = version.key, version.version
    net = net_of(case)
    return _moved(draft, net, Marking(), tokens.start(net, facts))


def take_step(
    draft: Draft, command: str, *, outcome: str = "", facts: Facts | None = None, token: int | None = None
) -> Marking:
    """Complete the step that ``command`` stands for, with the answer the next gateway asks for.

    ``command`` is the step's own command, or that of one of its answers (then the answer follows from it).
    ``token`` names one of several equal steps. StepRefused where the diagram does not offer the step now.
    """
    case = _case(draft)
    net, before = net_of(case), marking_of(case)
    wait, answer = _offered(tokens.ready(net, before), command, outcome, token)
    after = tokens.complete(net, before, wait.token, facts or {}, answer)
    return _moved(draft, net, before, after, Done(str(wait.token), answer))


def receive_message(draft: Draft, name: str, facts: Facts | None = None) -> Marking:
    """Let a message come in for a case: the wait that has stood longest takes it."""
    return _happened(draft, partial(tokens.message, name=name, facts=facts or {}))


def send_signal(draft: Draft, name: str, facts: Facts | None = None) -> Marking:
    """Let every wait of a case for this signal take it."""
    return _happened(draft, partial(tokens.signal, name=name, facts=facts or {}))


def ring_timer(draft: Draft, item: WorkItem, facts: Facts | None = None) -> Marking:
    """Let the time limit of a waiting row run out; the caller has seen that its deadline has passed."""
    token = int(item.token.partition("@")[0])
    ring = partial(tokens.timer, token=token, node=item.node, facts=facts or {})
    return _happened(draft, ring, Done(item.token))


def restart_process(draft: Draft, command: str, facts: Facts | None = None) -> Marking:
    """Take a finished case up again at the step of a command (回头看); the case enters that step's state."""
    case = _case(draft)
    net, before = net_of(case), marking_of(case)
    if not before.finished:
        raise StepRefused("此件尚在办理，不能重新进入流程", cite=case.number)
    node = next((place.id for place in net.places.values() if place.marks.command == command), None)
    if node is None:
        raise StepRefused(f"流程中没有“{command}”这一环节", cite=net.key)
    return _moved(draft, net, before, tokens.enter(net, node, facts or {}, before))


def end_process(draft: Draft) -> None:
    """Take all tokens away, for acts the law allows at any time (并入、撤项、结转); the act closes the case itself."""
    WorkItem.objects.filter(case=_case(draft), state="open").update(state="cancelled", closed_at=draft.at)


def current_state(case: Case) -> str:
    """The state the diagram gives a case now, whatever act has laid over it (such as a suspension)."""
    return _state(net_of(case), marking_of(case))


def _offered(waits: tuple[Wait, ...], command: str, outcome: str, token: int | None) -> tuple[Wait, str]:
    """The one step a command means now, and the answer."""
    found = [
        (wait, outcome if wait.marks.command == command else choice)
        for wait in waits
        if token in {None, wait.token}
        for choice in _answers(wait, command, outcome)
    ]
    if len(found) == 1:
        return found[0]
    names = "、".join(wait.name for wait in waits if wait.kind.is_task) or "无"
    if found:
        raise StepRefused("有几个相同的环节，请指明是哪一个", cite=command, remedy=f"当前环节：{names}。")
    raise StepRefused("按现行流程，现在不能办理这一步", cite=command, remedy=f"当前环节：{names}。")


def _answers(wait: Wait, command: str, outcome: str) -> list[str]:
    if not wait.kind.is_task:
        return []
    if wait.marks.command == command:
        return [outcome]
    named = [choice.outcome for choice in wait.choices if choice.command == command]
    return [one for one in named if outcome in {"", one}]


def _happened(draft: Draft, act: Callable[[Net, Marking], Marking], done: Done | None = None) -> Marking:
    case = _case(draft)
    net, before = net_of(case), marking_of(case)
    return _moved(draft, net, before, act(net, before), done)


def _moved(draft: Draft, net: Net, before: Marking, after: Marking, done: Done | None = None) -> Marking:
    """Write the new marking and let the case show the state of its step, or the end's when all is done."""
    save_marking(draft, net, before, after, done)
    state = _state(net, after)
    if state and after.finished:
        draft.close(state)
    elif state:
        draft.enter(state)
    return after


def _state(net: Net, marking: Marking) -> str:
    """State of the earliest waiting step that names one; of a finished marking, of the end last reached."""
    if marking.finished:
        return next((s for node in reversed(marking.passed) if (s := net.places[node].marks.state)), "")
    return next((wait.marks.state for wait in tokens.ready(net, marking) if wait.marks.state), "")


def _case(draft: Draft) -> Case:
    if draft.case is None:
        raise TypeError("only cases have processes")
    return draft.case
