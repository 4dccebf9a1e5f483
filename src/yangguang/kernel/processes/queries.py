"""Reads of processes: the diagram with the present step, what may be done now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, QuerySet

from yangguang.kernel.ledger.models import Case, WorkItem
from yangguang.kernel.processes import drawing, tokens
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.commands import library_for, marking_of, net_of
from yangguang.kernel.processes.linking import BETWEEN, link
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.net import Net
from yangguang.kernel.processes.soundness import Finding, check_soundness, is_sound
from yangguang.kernel.processes.timers import timer_limits
from yangguang.kernel.processes.vocabulary import Definition, Kind


@dataclass(frozen=True, slots=True)
class Diagram:
    """The process of a case as a page shows it: picture, the same as a list, and the file's hash."""

    svg: str
    steps: tuple[drawing.Step, ...]
    #: node -> ``done`` or ``current``, for the list
    marks: Mapping[str, str]
    key: str
    version: int
    sha256: str
    #: the processes it calls that have begun, as they stood when this one was published
    called: tuple[Diagram, ...] = ()


def waits(case: Case) -> tuple[tokens.Wait, ...]:
    """Return what a case waits for now: steps with their commands and possible outcomes, and events."""
    if not case.process_key:
        return ()
    return tokens.ready(net_of(case), marking_of(case))


def commands_now(case: Case) -> frozenset[str]:
    """Return the commands the process offers now, for buttons."""
    return _named(waits(case))


def commands_of(cases: Sequence[Case]) -> dict[int, frozenset[str]]:
    """Return the same for many cases, by their keys, with one statement for all their tokens."""
    rows: dict[int, list[tokens.Token]] = {}
    open_ = WorkItem.objects.filter(case__in=[case.pk for case in cases], state="open").order_by("case", "token")
    for case, number, node, scope, instance in open_.values_list("case", "token", "node", "scope", "instance"):
        rows.setdefault(case, []).append(tokens.Token(number, node, scope, instance))
    return {
        case.pk: _named(tokens.ready(net_of(case), tokens.Marking(tuple(rows.get(case.pk, ())))))
        for case in cases
        if case.process_key
    }


def _named(waiting: Iterable[tokens.Wait]) -> frozenset[str]:
    return frozenset(
        name
        for wait in waiting
        for name in (wait.marks.command, wait.reference, *(choice.command for choice in wait.choices))
        if name
    )


def diagram(case: Case, language: drawing.Language = "zh") -> Diagram | None:
    """Return the picture of the version a case runs on, its done and present steps marked."""
    if not case.process_key:
        return None
    version = ProcessVersion.objects.defer("net").get(key=case.process_key, version=case.process_version or 0)
    rows = WorkItem.objects.filter(case=case, state__in=("done", "open")).exclude(kind="join")
    marks: dict[str, str] = {}
    for node, state in rows.values_list("node", "state"):
        if marks.get(node) != "current":
            marks[node] = "current" if state == "open" else "done"
    return _drawn(version, marks, language, net_of(case).calls)


def _drawn(
    version: ProcessVersion, marks: Mapping[str, str], language: drawing.Language, calls: Mapping[str, str]
) -> Diagram:
    """The picture of one file with the marks of its own steps, then those of the files it calls."""
    definition = definition_of(version)
    done = {node for node, mark in marks.items() if mark == "done"}
    called = []
    for call in (node for node in definition.nodes if node.kind is Kind.CALL):
        prefix = call.id + BETWEEN
        inside = {node.removeprefix(prefix): mark for node, mark in marks.items() if node.startswith(prefix)}
        file = ProcessVersion.objects.filter(key=call.reference, sha256=calls.get(call.reference, "")).first()
        if inside and file:
            called.append(_drawn(file, inside, language, calls))
    return Diagram(
        called=tuple(called),
        svg=drawing.svg(definition, done=done, current=marks.keys() - done, language=language),
        steps=drawing.steps(definition, language),
        marks=marks,
        key=version.key,
        version=version.version,
        sha256=version.sha256,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A process file as read and checked: what is drawn, what it calls joined to it, and what is wrong."""

    definition: Definition
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """True when nothing forbids publication."""
        return is_sound(self.findings)


def checked(xml: bytes) -> Checked:
    """Return a file with its findings, as publication would find them; Malformed or Unsupported where unreadable."""
    definition = read_bpmn(xml)
    return Checked(definition, check_soundness(link(definition, library_for(definition)), limits=timer_limits()))


def checked_version(version: ProcessVersion) -> Checked:
    """Return a published file with its findings; it is checked anew, so that a stricter check shows on old files."""
    calls = Net.from_json(version.net).calls
    files = ProcessVersion.objects.filter(key__in=calls, sha256__in=calls.values()) if calls else ()
    library = tuple((file.key, file.sha256, bytes(file.xml)) for file in files if calls[file.key] == file.sha256)
    return _checked(version.sha256, bytes(version.xml), library)


@lru_cache(maxsize=256)
def _checked(sha256: str, xml: bytes, library: tuple[tuple[str, str, bytes], ...]) -> Checked:
    """The file checked, kept: what a hash stands for never changes."""
    definition = _definition(sha256, xml)
    joined = link(definition, {key: _definition(inner, its) for key, inner, its in library})
    return Checked(definition, check_soundness(joined, limits=timer_limits()))


def definition_of(version: ProcessVersion) -> Definition:
    """Return a published file as read."""
    return _definition(version.sha256, bytes(version.xml))


def heat_map(version: ProcessVersion, cases: QuerySet[Case], language: drawing.Language = "zh") -> str:
    """Return the picture of a version with the number of these cases that stand at each step."""
    running = cases.filter(process_key=version.key, process_version=version.version)
    items = WorkItem.objects.filter(case__in=running, state="open", kind__in=("task", "wait"))
    counts: Counter[str] = Counter()
    for node, count in items.order_by().values_list("node").annotate(Count("pk")):
        counts[node.partition(BETWEEN)[0]] += count
    return drawing.svg(definition_of(version), counts=counts, language=language)


@lru_cache(maxsize=64)
def _definition(sha256: str, xml: bytes) -> Definition:
    """The file as read, kept: what a hash stands for never changes."""
    return read_bpmn(xml)
