"""Reads of processes: the diagram with the present step, what may be done now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.processes import drawing, tokens
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.commands import marking_of, net_of
from yangguang.kernel.processes.models import ProcessVersion


@dataclass(frozen=True, slots=True)
class Diagram:
    """The process of a case as a page shows it: picture, the same as a list, and the file's hash."""

    svg: str
    steps: Iterable[object]
    key: str
    version: int
    sha256: str


def waits(case: Case) -> tuple[tokens.Wait, ...]:
    """Return what a case waits for now: steps with their commands and possible outcomes, and events."""
    if not case.process_key:
        return ()
    return tokens.ready(net_of(case.process_key, case.process_version), marking_of(case))


def commands_now(case: Case) -> frozenset[str]:
    """Return the commands the process offers now, for buttons."""
    return frozenset(
        name
        for wait in waits(case)
        for name in (wait.marks.command, wait.reference, *(choice.command for choice in wait.choices))
        if name
    )


def diagram(case: Case) -> Diagram | None:
    """Return the picture of the version a case runs on, its done and present steps marked."""
    if not case.process_key:
        return None
    version = ProcessVersion.objects.get(key=case.process_key, version=case.process_version)
    definition = read_bpmn(bytes(version.xml))
    rows = WorkItem.objects.filter(case=case).values_list("node", "state")
    done = {node for node, state in rows if state == "done"}
    current = {node for node, state in rows if state == "open"}
    return Diagram(
        svg=drawing.svg(definition, done=done, current=current),
        steps=drawing.steps(definition),
        key=version.key,
        version=version.version,
        sha256=version.sha256,
    )
