"""What others did to a case between the moment somebody opened its page and the moment he sent it."""

from __future__ import annotations

from django.db import connection

from yangguang.kernel.ledger.models import Case, Stream
from yangguang.kernel.ledger.queries import TrailLine, lines_since
from yangguang.kernel.ledger.vocabulary import Actor


def stamp(case: Case) -> int:
    """Return what a page carries to say up to which entry its reader knows the case."""
    return int(Stream.objects.values_list("length", flat=True).get(pk=case.stream_id))


def others_since(case: Case, seen: int, *, by: Actor) -> list[TrailLine]:
    """Hold the case until the transaction ends and return what other people recorded after ``seen``, oldest first.

    What the platform itself recorded - a clock that rang, a card - takes nothing from what a person typed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a case is held inside a transaction")
    Stream.objects.select_for_update().get(pk=case.stream_id)
    return lines_since(case, seen, but=by)
