"""What pages read of processes: the steps a case offers, its diagram, and the published versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, QuerySet

from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.drawing import Language, Step, steps, svg
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Choice
from yangguang.kernel.processes.store import marking_of, net_of
from yangguang.kernel.processes.tokens import ready
from yangguang.kernel.processes.vocabulary import Definition, Marks


@dataclass(frozen=True, slots=True)
class ReadyStep:
    """A step of a case that can be done now, with its row and the answers it may end with."""

    item: WorkItem
    name: str
    name_en: str
    marks: Marks
    choices: tuple[Choice, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """Commands that complete the step: its own, or those of its answers."""
        return tuple(dict.fromkeys(one.command for one in self.choices)) or (self.marks.command,)


def ready_steps(case: Case) -> list[ReadyStep]:
    """Return what can be done with a case now, oldest token first: nothing else will be accepted."""
    if not case.process_key:
        return []
    items = {item.token: item for item in WorkItem.objects.filter(case=case, state="open", kind="task")}
    return [
        ReadyStep(items[str(wait.token)], wait.name, wait.name_en, wait.marks, wait.choices)
        for wait in ready(net_of(case), marking_of(case))
        if wait.kind.is_task
    ]


def offered_commands(case: Case) -> frozenset[str]:
    """Return the commands the diagram offers a case now; faces show the buttons of these only."""
    return frozenset(command for step in ready_steps(case) for command in step.commands)


def diagram(case: Case, language: Language = "zh") -> str:
    """Return the case's process as SVG with done and present steps marked; empty where it has no process."""
    definition = definition_of(case)
    if definition is None:
        return ""
    done, current = _progress(case)
    return svg(definition, done=done, current=current, language=language)


def diagram_steps(case: Case, language: Language = "zh") -> list[tuple[Step, str]]:
    """Return the diagram in words: each step with ``done``, ``current`` or nothing."""
    definition = definition_of(case)
    if definition is None:
        return []
    done, current = _progress(case)
    marks = dict.fromkeys(done, "done") | dict.fromkeys(current, "current")
    return [(step, marks.get(step.node, "")) for step in steps(definition, language)]


def heat_map(version: ProcessVersion, cases: QuerySet[Case], language: Language = "zh") -> str:
    """Return the diagram of a version with the number of these cases that lie at each step."""
    items = WorkItem.objects.filter(
        case__in=cases.filter(process_key=version.key, process_version=version.version), state="open", kind="task"
    )
    counts: Mapping[str, int] = dict(items.order_by().values_list("node").annotate(Count("pk")))
    return svg(_definition(version.pk, version.sha256), counts=counts, language=language)


def definition_of(case: Case) -> Definition | None:
    """Return the file a case runs on, read; None where it has no process."""
    found = ProcessVersion.objects.filter(key=case.process_key, version=case.process_version)
    row = found.values_list("pk", "sha256").first()
    return _definition(*row) if row else None


@lru_cache(maxsize=64)
def _definition(pk: int, sha256: str) -> Definition:
    return read_bpmn(ProcessVersion.objects.values_list("xml", flat=True).get(pk=pk, sha256=sha256).encode())


def _progress(case: Case) -> tuple[set[str], set[str]]:
    rows = WorkItem.objects.filter(case=case, state__in=("done", "open")).exclude(kind__in=("join", "event"))
    done, current = set(), set()
    for node, state in rows.values_list("node", "state"):
        (done if state == "done" else current).add(node)
    return done - current, current
