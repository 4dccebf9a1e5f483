"""Reads of the ledger that every kind of case shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.kernel.documents.commands import unseal
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.documents.vocabulary import Erased
from yangguang.kernel.ledger.authority import is_allowed, officer_behind
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import Case, Deadline, Entry, Participation, WorkItem
from yangguang.kernel.ledger.vocabulary import EVENTS, Actor, ActorKind, Event, NotFound
from yangguang.kernel.organisation import queries as organisation
from yangguang.kernel.organisation.models import Officer

#: what stands in the trail where typed words were erased
ERASED = "（内容已依法删除）"


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail as a page shows it."""

    seq: int
    name: str
    label: str
    label_en: str
    sentence: str
    sentence_en: str
    occurred_at: datetime
    recorded_at: datetime
    unit: str
    hash: str
    public: bool


def trail(case: Case, *, public_only: bool = False) -> list[TrailLine]:
    """Return a case's trail, newest first; the public face leaves out what is not public."""
    entries = list(Entry.objects.filter(stream_id=case.stream_id).select_related("actor_unit").order_by("-seq"))
    words = _typed_words(entries)
    lines = [_line(entry, words) for entry in entries]
    return [line for line in lines if line.public] if public_only else lines


def lines_since(case: Case, seq: int, *, but: Actor) -> list[TrailLine]:
    """Return what people other than ``but`` recorded after an entry, oldest first."""
    later = Entry.objects.filter(stream_id=case.stream_id, seq__gt=seq, actor_kind=ActorKind.OFFICER.value)
    entries = list(later.exclude(actor_key=but.key).select_related("actor_unit").order_by("seq"))
    words = _typed_words(entries)
    return [_line(entry, words) for entry in entries]


def _typed_words(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the words typed by people that the entries refer to; erased ones say so."""
    references = {
        value["sealed"]
        for entry in entries
        for value in entry.body.values()
        if isinstance(value, dict) and "sealed" in value
    }
    words = {}
    for record in SealedRecord.objects.filter(pk__in=references):
        try:
            words[str(record.pk)] = unseal(record)
        except Erased:
            words[str(record.pk)] = ERASED
    return words


class LogLines:
    """The entries of some registers as trail lines, newest first, told only for the page that is shown."""

    def __init__(self, entries: QuerySet[Entry]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return self._entries.count()

    def __getitem__(self, part: slice) -> list[TrailLine]:
        shown = list(self._entries[part])
        words = _typed_words(shown)
        return [_line(entry, words) for entry in shown]


def log_lines(streams: Sequence[str], *, beginning: str) -> LogLines:
    """Return the entries of named registers, and of all whose key begins with some letters."""
    wanted = Q(stream__in=streams) | Q(stream__key__startswith=beginning)
    return LogLines(Entry.objects.filter(wanted).select_related("actor_unit").order_by("-recorded_at", "-pk"))


def body_of(entry: Entry) -> dict[str, Any]:
    """Return the facts of an entry with the words that people typed, for letters and reports."""
    return _opened(entry, _typed_words([entry]))


def _opened(entry: Entry, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: words.get(value["sealed"], ERASED) if isinstance(value, dict) and "sealed" in value else value
        for name, value in entry.body.items()
    }


def _line(entry: Entry, words: Mapping[str, str]) -> TrailLine:
    event = EVENTS.get(entry.name, Event)
    body = event.told(_opened(entry, words))
    return TrailLine(
        seq=entry.seq,
        name=entry.name,
        label=event.zh or entry.name,
        label_en=event.en or entry.name,
        sentence=_tell(event.sentence, body),
        sentence_en=_tell(event.sentence_en, body),
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        unit=entry.actor_unit.name if entry.actor_unit else "",
        hash=entry.hash,
        public=event.public,
    )


class _Told(dict[str, object]):
    """An entry written before a field existed still tells its sentence."""

    def __missing__(self, key: str) -> str:
        return "—"


def _tell(sentence: str, body: Mapping[str, object]) -> str:
    told = _Told({k: "、".join(map(str, v)) if isinstance(v, list) else v for k, v in body.items() if v is not None})
    return sentence.format_map(told)


def visible_cases(by: Actor | None, *, on: date, kinds: Sequence[str] | None = None) -> QuerySet[Case]:
    """Return the cases an actor may read: public ones, those his unit has a part in, those under his units.

    Without an actor only public cases are seen. ``kinds`` narrows to some kinds.
    """
    wanted = list(kinds or KINDS)
    cases = Case.objects.filter(kind__in=wanted)
    sight = Q(public_from__isnull=False)
    if by is not None and by.kind is ActorKind.OFFICER:
        for kind in wanted:
            sight |= _sight(by, kind, on)
    return cases.filter(sight)


def _sight(by: Actor, kind: str, on: date) -> Q:
    capability = KINDS[kind].read
    officer = officer_behind(by)
    if officer is None:
        raise Officer.DoesNotExist(by.key)
    units = organisation.units_within(officer, capability, kind, on=on)
    part = Participation.objects.filter(case=OuterRef("pk"), unit__in=units)
    return Q(kind=kind) & (Q(owner__in=units) | Q(Exists(part)))


def case_in_sight(number: str, by: Actor | None, *, on: date, kinds: Sequence[str] | None = None) -> Case:
    """Return one case by number, or raise ``NotFound``: the same answer where it is hidden as where it is not."""
    case = visible_cases(by, on=on, kinds=kinds).filter(number=number).select_related("owner", "division").first()
    if case is None:
        raise NotFound(number=number)
    return case


def is_inside(case: Case, by: Actor | None, *, on: date) -> bool:
    """Return whether an actor sees a case by his own powers, not only because it is public."""
    if by is None:
        return False
    units = [case.owner_id, *Participation.objects.filter(case=case).values_list("unit_id", flat=True)]
    read = KINDS[case.kind].read
    return any(is_allowed(by, read, on=on, unit=unit, kind=case.kind) for unit in units)


def running_deadlines(case: Case) -> QuerySet[Deadline]:
    """Return the clocks of a case that are neither met nor stopped."""
    return Deadline.objects.filter(case=case, state__in=("running", "suspended")).select_related("unit")


def open_work(units: Sequence[int], roles: Sequence[str] | None = None) -> QuerySet[WorkItem]:
    """Return the open steps of some units, oldest first: one unit's "my tasks"."""
    items = WorkItem.objects.filter(unit__in=units, state="open", kind="task").select_related(
        "case", "unit", "deadline"
    )
    return items.filter(role__in=roles) if roles else items
