"""Reads of the proofs: closed days, proofs between them, the receipt of an entry, the ledger as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yangguang.kernel.ledger import queries as ledger
from yangguang.kernel.ledger.chain import moment
from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.vocabulary import EVENTS, Actor, Event, NotFound
from yangguang.kernel.proofs import merkle
from yangguang.kernel.proofs.models import ClosedDay, Deposit, Leaf
from yangguang.kernel.proofs.tiles import Tiles
from yangguang.kernel.proofs.vocabulary import EXPORT, RECEIPT, ROOTS, Witness

#: rows of a file read at once
CHUNK = 2000


def closed_days(q: str = "", month: str = "") -> QuerySet[ClosedDay]:
    """Return the closed days, newest first; ``q`` is the beginning of a day, a root or a seal."""
    found = ClosedDay.objects.annotate(witnesses=Count("deposits"), entries=F("size") - _size_before()).order_by("-day")
    if month:
        found = found.filter(day__startswith=month)
    if q:
        word = q.strip().lower()
        found = found.filter(Q(day__startswith=word) | Q(root__startswith=word) | Q(seal__startswith=word))
    return found


def _size_before() -> Coalesce:
    before = ClosedDay.objects.filter(seal=OuterRef("previous")).values("size")[:1]
    return Coalesce(Subquery(before), 0)


def closed_day(day: date) -> ClosedDay:
    """Return a closed day, or raise ``NotFound``."""
    found = closed_days().filter(day=day).first()
    if found is None:
        raise NotFound("这一天还没有封存的根。", remedy="一天结束后的凌晨封存；请看已公布的日子。")
    return found


def day_before(day: date) -> ClosedDay | None:
    """Return the closed day before a day, or None for the first."""
    return ClosedDay.objects.filter(day__lt=day).first()


def day_after(day: date) -> ClosedDay | None:
    """Return the closed day after a day, or None for the last."""
    return ClosedDay.objects.filter(day__gt=day).order_by("day").first()


def consistency(old: ClosedDay, new: ClosedDay) -> list[str]:
    """Return the proof that nothing up to the earlier day was changed by the later one, as hexadecimal digits."""
    return [step.hex() for step in merkle.consistency(old.size, new.size, Tiles().complete)]


def day_file(day: ClosedDay) -> dict[str, Any]:
    """Return a day as its file carries it, with the proof from the day before."""
    return day.published.facts() | {"path": day.path}


def roots_file(days: QuerySet[ClosedDay] | None = None) -> dict[str, Any]:
    """Return the file of all days (or the given ones), oldest first: what the stand-alone verifier reads."""
    shown = (ClosedDay.objects.all() if days is None else days).order_by("day")
    return {"format": ROOTS, "days": [day_file(day) for day in shown]}


def entry_in_sight(number: str, seq: int, by: Actor | None, *, on: date) -> Entry:
    """Return an entry of a case that the actor may see, or raise ``NotFound`` as if there were none.

    Who sees a case only because it is public sees its public entries alone.
    """
    case = ledger.case_in_sight(number, by, on=on)
    entry = Entry.objects.filter(stream_id=case.stream_id, seq=seq).select_related("actor_unit").first()
    if entry is None or not (EVENTS.get(entry.name, Event).public or ledger.is_inside(case, by, on=on)):
        raise NotFound(number=number)
    return entry


def latest_entry_by(case: Case, by: Actor) -> Entry | None:
    """Return the last entry that an actor left on a case: what he gets the receipt of."""
    mine = Entry.objects.filter(stream_id=case.stream_id, actor_kind=by.kind.value, actor_key=by.key)
    return mine.order_by("-seq").first()


def receipt(entry: Entry) -> dict[str, Any]:
    """Return the receipt of an entry: its place in its chain and its hash, and once its day is closed the proof.

    It holds no content. Before the day is closed it is a note, signed by nothing.
    """
    made: dict[str, Any] = {
        "format": RECEIPT,
        "stream": entry.stream_id,
        "seq": entry.seq,
        "recorded_at": moment(entry.recorded_at),
        "hash": entry.hash,
        "proof": None,
    }
    leaf = Leaf.objects.filter(entry=entry).first()
    if leaf is not None:
        made["proof"] = _proof(leaf)
    return made


def _proof(leaf: Leaf) -> dict[str, Any]:
    day = ClosedDay.objects.filter(size__gt=leaf.position).order_by("day").first()
    if day is None:
        raise LookupError(f"leaf {leaf.position} lies in no closed day")
    path = merkle.inclusion(leaf.position, day.size, Tiles().complete)
    return {
        "day": day.day.isoformat(),
        "position": leaf.position,
        "size": day.size,
        "root": day.root,
        "path": [step.hex() for step in path],
    }


def ledger_file(*, public: bool = False) -> Iterator[str]:
    """Yield the ledger as lines of JSON: a heading, then every entry in its place, then those without a place yet.

    ``public`` leaves out the text of what the public may not see; its hash stays, so that the roots still come out.
    """
    yield json.dumps({"format": EXPORT, "public": public}, separators=(",", ":"))
    shown = _public_streams() if public else set()
    placed = Entry.objects.annotate(place=F("leaf__position"))
    for rows in (placed.filter(leaf__isnull=False).order_by("place"), placed.filter(leaf=None).order_by("pk")):
        for entry in rows.iterator(CHUNK):
            hidden = public and not (entry.stream_id in shown and EVENTS.get(entry.name, Event).public)
            line = {"position": entry.place, "hash": entry.hash, "text": None if hidden else entry.text}
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _public_streams() -> set[str]:
    return set(Case.objects.filter(public_from__isnull=False).values_list("stream_id", flat=True))


def due_deposits(witnesses: Iterable[Witness]) -> list[tuple[date, str]]:
    """Return which day is still to be handed to which witness: every day, or the newest where that is enough."""
    due = []
    for witness in witnesses:
        had = Deposit.objects.filter(witness=witness.name).values("day")
        days = ClosedDay.objects.order_by("day" if witness.every_day else "-day").values_list("day", flat=True)
        waiting = days.exclude(day__in=had) if witness.every_day else [d for d in days[:1] if not had.filter(day=d)]
        due += [(day, witness.name) for day in waiting]
    return due
