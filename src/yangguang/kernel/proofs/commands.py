"""Writes of the proofs: close days, hand them to witnesses. Each may be called any number of times.

Nothing here is a case or an entry: roots are reckoned from entries, so they
stand outside ``ledger.writing`` and are only ever added.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from yangguang.kernel.ledger.models import Entry, Stream
from yangguang.kernel.proofs import merkle
from yangguang.kernel.proofs.models import ClosedDay, Deposit, Node
from yangguang.kernel.proofs.tiles import HEIGHT, WIDTH, Tiles, folded
from yangguang.kernel.proofs.vocabulary import Published, Witness
from yangguang.platform.now import BEIJING, beijing_day

#: how long after midnight a day is closed at the earliest: more than the clocks of two servers may differ
GRACE = timedelta(minutes=10)
#: PostgreSQL advisory lock of closing: one closer at a time
CLOSING_LOCK = 7_022_026

_TAKE = """
INSERT INTO proofs_leaf (position, entry_id, digest)
SELECT %(size)s + row_number() OVER (ORDER BY e.id) - 1, e.id, e.hash
FROM ledger_entry e
WHERE e.id > %(settled)s AND e.id <= %(highest)s AND e.recorded_at < %(end)s
  AND NOT EXISTS (SELECT FROM proofs_leaf l WHERE l.entry_id = e.id)
"""
_FIRST_LEFT = """
SELECT min(e.id) FROM ledger_entry e
WHERE e.id > %(settled)s AND e.id <= %(highest)s AND NOT EXISTS (SELECT FROM proofs_leaf l WHERE l.entry_id = e.id)
"""


def close_days(*, at: datetime) -> list[ClosedDay]:
    """Close every Beijing day that has ended and is not closed yet, oldest first; a day already closed is left alone.

    No closed day can receive an entry: a writing reads its moment after it has
    locked its stream, and ``_highest_settled_row`` waits for every such lock.
    """
    with _only_closer() as mine:
        if not mine:
            return []
        first, last = _first_open_day(), beijing_day(at - GRACE) - timedelta(days=1)
        if first is None or first > last:
            return []
        highest = _highest_settled_row()
        return [_close(first + timedelta(days=k), highest, at) for k in range((last - first).days + 1)]


def deposit(day: date, witness: Witness, *, at: datetime) -> Deposit:
    """Hand a closed day to a witness, once; raises ``NotDeposited`` where it could not be reached."""
    done = Deposit.objects.filter(day=day, witness=witness.name).first()
    if done is not None:
        return done
    proof = witness.deposit(ClosedDay.objects.get(day=day).published)
    return Deposit.objects.get_or_create(day_id=day, witness=witness.name, defaults={"proof": proof, "at": at})[0]


@contextmanager
def _only_closer() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [CLOSING_LOCK])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [CLOSING_LOCK])


def _first_open_day() -> date | None:
    newest = ClosedDay.objects.first()
    if newest is not None:
        return newest.day + timedelta(days=1)
    begun = Entry.objects.aggregate(begun=Min("recorded_at"))["begun"]
    return beijing_day(begun) if begun else None


def _highest_settled_row() -> int:
    """Return the last row of entries, with no writing open: below it none can appear any more.

    Waits until every open writing has ended, ten seconds at most. Row numbers are
    drawn before a commit, so without the lock a lower one could still turn up.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"LOCK TABLE {Stream._meta.db_table} IN EXCLUSIVE MODE")  # noqa: SLF001 - the table's name
        return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def _close(day: date, highest: int, at: datetime) -> ClosedDay:
    """Give the day's entries their places and keep the root; one transaction, so a killed closing left nothing."""
    before = ClosedDay.objects.first()
    size, settled = (before.size, before.settled) if before else (0, 0)
    end = datetime.combine(day + timedelta(days=1), time(), BEIJING)
    with transaction.atomic():
        with connection.cursor() as cursor:
            bounds: dict[str, Any] = {"size": size, "settled": settled, "highest": highest, "end": end}
            cursor.execute(_TAKE, bounds)
            grown = size + cursor.rowcount
            cursor.execute(_FIRST_LEFT, bounds)
            left = cursor.fetchone()[0]
        _keep_nodes(size, grown)
        tiles = Tiles()
        root = merkle.root(grown, tiles.complete).hex()
        path = [step.hex() for step in merkle.consistency(size, grown, tiles.complete)]
        published = Published(day, grown, root, before.seal if before else "")
        return ClosedDay.objects.create(
            day=day, size=grown, root=root, previous=published.previous, seal=published.seal, path=path,
            settled=highest if left is None else left - 1, closed_at=at,
        )  # fmt: skip


def _keep_nodes(old: int, new: int) -> None:
    """Store the subtrees that became complete, a level of 256 after the other."""
    storey = 0
    while new >= WIDTH:
        old, new, storey = old // WIDTH, new // WIDTH, storey + 1
        Node.objects.bulk_create(
            Node(level=storey * HEIGHT, index=index, digest=folded(Tiles().tile(storey - 1, index)).hex())
            for index in range(old, new)
        )

