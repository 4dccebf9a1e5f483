"""The only transaction of our tables: lock, check, decide, save, record.

    with writing(case, by=officer, at=moment) as draft:
        draft.enter("in_progress")
        draft.record(ReceiptSigned(...))

A writing that changes something must record an entry, or it refuses to close.
Writings may be nested: they are then one transaction, each on its own stream.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yangguang.kernel.documents.commands import seal
from yangguang.kernel.ledger import chain
from yangguang.kernel.ledger.kinds import SETTLERS
from yangguang.kernel.ledger.models import Case, Entry, Participation, Series, Stream
from yangguang.kernel.ledger.vocabulary import Actor, Conflict, Event
from yangguang.platform import now as clock

Subscriber = Callable[[Entry, Event], None]

#: rows a statement when many are written at once
BATCH = 1000

#: event name -> subscribers, called inside the transaction (they may only write or defer jobs)
SUBSCRIBERS: dict[str, list[Subscriber]] = {}


class NothingRecorded(Exception):
    """A writing ended without an entry: a bug of the command, never of its user."""


def subscribe(*names: str) -> Callable[[Subscriber], Subscriber]:
    """Register a subscriber for events by name; ``*`` is every event. Called from ``apps.py`` only."""

    def register(subscriber: Subscriber) -> Subscriber:
        for name in names:
            known = SUBSCRIBERS.setdefault(name, [])
            if subscriber not in known:
                known.append(subscriber)
        return subscriber

    return register


@dataclass
class Draft:
    """An open writing on one stream; ``case`` is None where the subject is a register."""

    stream: Stream
    by: Actor
    at: datetime
    recorded_at: datetime
    case: Case | None = None
    recorded: int = 0

    def record(self, event: Event) -> Entry:
        """Append an entry to the chain and tell its subscribers."""
        seq = self.stream.length + 1
        content = {
            "format": chain.FORMAT,
            "stream": self.stream.key,
            "seq": seq,
            "name": event.name,
            "actor": [self.by.kind.value, self.by.key, self.by.unit],
            "occurred_at": chain.moment(self.at),
            "recorded_at": chain.moment(self.recorded_at),
            "body": self._body(event),
            "previous": self.stream.head,
        }
        text = chain.canonical(content)
        entry = Entry(
            stream=self.stream,
            seq=seq,
            name=event.name,
            actor_kind=self.by.kind.value,
            actor_key=self.by.key,
            actor_unit_id=self.by.unit,
            occurred_at=self.at,
            recorded_at=self.recorded_at,
            body=content["body"],
            text=text,
            previous=self.stream.head,
            hash=chain.digest(text),
        )
        self.stream.length, self.stream.head = seq, entry.hash
        self.recorded += 1
        self._append(entry, event)
        return entry

    def _append(self, entry: Entry, event: Event) -> None:
        entry.save(force_insert=True)
        _announce(entry, event)

    def _body(self, event: Event) -> dict[str, Any]:
        """Return the entry's body, words typed by a person replaced by references to sealed records."""
        body = event.body()
        for name in event.typed():
            if body[name]:
                record = seal(body[name], purpose=event.name, owner=self.stream.key, at=self.at)
                body[name] = {"sealed": str(record.pk), "digest": record.digest}
        return body

    def enter(self, state: str) -> None:
        """Put the case into a state; the entry that explains it is recorded by the same command."""
        case = self._case
        if case.state != state:
            case.state, case.state_since = state, self.at

    def close(self, state: str) -> None:
        """End the case in a final state."""
        self.enter(state)
        self._case.closed_at = self.at

    def reopen(self, state: str) -> None:
        """Take a closed case up again."""
        self.enter(state)
        self._case.closed_at = None

    def publish(self) -> None:
        """Give the case its public face from now on."""
        self._case.public_from = self._case.public_from or self.at

    def involve(self, role: str, *units: int) -> None:
        """Give units a part in the case, in the order printed."""
        if not units:
            return
        have = set(Participation.objects.filter(case=self._case, role=role).values_list("unit_id", flat=True))
        new = [unit for unit in dict.fromkeys(units) if unit not in have]
        Participation.objects.bulk_create(
            Participation(case=self._case, unit_id=unit, role=role, position=position)
            for position, unit in enumerate(new, start=len(have))
        )

    def release(self, role: str, *units: int) -> None:
        """Take a part in the case away; the entries still tell that it was held."""
        Participation.objects.filter(case=self._case, role=role, unit_id__in=units).delete()

    @property
    def _case(self) -> Case:
        if self.case is None:
            raise TypeError(f"{self.stream.key} is no case")
        return self.case

    def _save(self) -> None:
        if not self.recorded:
            raise NothingRecorded(f"nothing was recorded on {self.stream.key}")
        self.stream.save(update_fields=["length", "head"])
        if self.case is not None:
            self.case.revision += 1
            self.case.save()
            settle = SETTLERS.get(self.case.kind)
            if settle is not None:
                settle([self.case], max(self.at, self.recorded_at))


@dataclass
class Gathered(Draft):
    """One of many openings: entries and parts are kept in memory and written with those of all others."""

    entries: list[tuple[Entry, Event]] = field(default_factory=list)
    parts: list[Participation] = field(default_factory=list)

    def _append(self, entry: Entry, event: Event) -> None:
        self.entries.append((entry, event))

    def involve(self, role: str, *units: int) -> None:
        """Give units a part in the case, in the order printed."""
        have = [part.unit_id for part in self.parts if part.role == role]
        new = [unit for unit in dict.fromkeys(units) if unit not in have]
        self.parts += [
            Participation(case=self._case, unit_id=unit, role=role, position=position)
            for position, unit in enumerate(new, start=len(have))
        ]

    def release(self, role: str, *units: int) -> None:
        """Take a part in the case away again."""
        self.parts = [part for part in self.parts if part.role != role or part.unit_id not in units]


@contextlib.contextmanager
def writing(subject: Case | str, *, by: Actor, at: datetime, revision: int | None = None) -> Iterator[Draft]:
    """Open the transaction on a case, or on a register named by a string.

    The stream's row is locked, so two people on one record come one after the
    other; ``revision`` is what the actor had read: where it has moved on,
    ``Conflict`` is raised and nothing is written.
    """
    with transaction.atomic():
        if isinstance(subject, str):
            stream, _ = Stream.objects.get_or_create(key=subject)
            draft = Draft(Stream.objects.select_for_update().get(pk=stream.pk), by, at, clock.now())
        else:
            stream = Stream.objects.select_for_update().get(pk=subject.stream_id)
            case = Case.objects.get(pk=subject.pk)
            if revision is not None and revision != case.revision:
                raise Conflict(found=case.revision, expected=revision)
            draft = Draft(stream, by, at, clock.now(), case)
        yield draft
        draft._save()  # noqa: SLF001 - the draft saves itself only here
        if isinstance(subject, Case) and draft.case is not None:
            _refresh(subject, draft.case)


@contextlib.contextmanager
def opening(*, number: str | Callable[[], str], by: Actor, at: datetime, **facts: Any) -> Iterator[Draft]:
    """Open a new case with its own stream; ``facts`` are the columns of ``Case``.

    ``number`` may be a function, called inside the transaction, so that a
    series has no gap where the opening fails.
    """
    with transaction.atomic():
        given = number() if callable(number) else number
        stream = Stream.objects.create(key=f"case:{given}")
        case = Case.objects.create(number=given, stream=stream, opened_at=at, state_since=at, **facts)
        draft = Draft(stream, by, at, clock.now(), case)
        yield draft
        draft._save()  # noqa: SLF001


@contextlib.contextmanager
def opening_all(
    numbers: Sequence[str], *, owners: Sequence[int], by: Actor, at: datetime, **facts: Any
) -> Iterator[list[Gathered]]:
    """Open many cases alike, each with its own stream, owner and chain, in a fixed number of statements.

    What the drafts record and whom they involve is written at the end, in the order of the numbers; then
    subscribers hear of every entry and the projections are settled together.
    """
    with transaction.atomic():
        recorded_at = clock.now()
        streams = Stream.objects.bulk_create([Stream(key=f"case:{number}") for number in numbers])
        cases = Case.objects.bulk_create(
            Case(number=number, stream=stream, owner_id=owner, opened_at=at, state_since=at, **facts)
            for number, stream, owner in zip(numbers, streams, owners, strict=True)
        )
        drafts = [Gathered(case.stream, by, at, recorded_at, case) for case in cases]
        yield drafts
        _save_all(drafts, max(at, recorded_at))


def _save_all(drafts: Sequence[Gathered], at: datetime) -> None:
    cases = [draft.case for draft in drafts if draft.case is not None]
    for draft in drafts:
        if not draft.recorded:
            raise NothingRecorded(f"nothing was recorded on {draft.stream.key}")
    _rewrite(Stream, [draft.stream for draft in drafts])
    for case in cases:
        case.revision += 1
    _rewrite(Case, cases)
    Participation.objects.bulk_create([part for draft in drafts for part in draft.parts], BATCH)
    told = [pair for draft in drafts for pair in draft.entries]
    Entry.objects.bulk_create([entry for entry, _ in told], BATCH)
    for entry, event in told:
        _announce(entry, event)
    for kind in {case.kind for case in cases} & set(SETTLERS):
        SETTLERS[kind]([case for case in cases if case.kind == kind], at)


def _rewrite(model: type[Stream] | type[Case], rows: Sequence[Any]) -> None:
    """Save rows that exist with one statement a batch."""
    key = model._meta.pk.name  # noqa: SLF001 - Django's documented introspection
    names = [f.name for f in model._meta.concrete_fields if not f.primary_key]  # noqa: SLF001 - as above
    model.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=[key], update_fields=names)


def _announce(entry: Entry, event: Event) -> None:
    for subscriber in (*SUBSCRIBERS.get(event.name, ()), *SUBSCRIBERS.get("*", ())):
        subscriber(entry, event)


def next_number(series: str) -> int:
    """Return the next number of a series, without gaps; only inside a writing."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are given inside a writing")
    Series.objects.get_or_create(key=series)
    row = Series.objects.select_for_update().get(key=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def _refresh(stale: Case, fresh: Case) -> None:
    for column in Case._meta.concrete_fields:  # noqa: SLF001 - Django's documented introspection
        setattr(stale, column.attname, getattr(fresh, column.attname))
