"""Whether the trail still is what was published: every leaf against its entry, every root reckoned anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import connection
from django.db.models import Max

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import Fault
from yangguang.kernel.proofs.merkle import Frontier
from yangguang.kernel.proofs.models import ClosedDay, Deposit, Leaf, Node
from yangguang.kernel.proofs.tiles import HEIGHT, WIDTH, Tiles, folded
from yangguang.kernel.proofs.vocabulary import Answer, Published, Seen, Witness, compared, leaf_of, typed_back

#: the name under which faults of the tree are listed beside those of the streams
TREE = "tree"
CHUNK = 2000

_LEAVES = """
SELECT l.position, l.digest, e.hash, e.stream_id, e.seq
FROM proofs_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id
WHERE l.position >= %(first)s AND l.position < %(end)s ORDER BY l.position
"""


def verify_roots() -> Iterator[Fault]:
    """Yield every place where entries, leaves, stored nodes, roots and seals do not fit one another."""
    days = list(ClosedDay.objects.order_by("day"))
    yield from _leaves_against_entries()
    yield from _roots_against_leaves(days)
    yield from _upper_nodes()
    yield from _seals(days)
    if days:
        late = Entry.objects.filter(pk__lte=days[-1].settled, leaf=None).order_by("pk")
        for entry in late[:100]:
            yield Fault(entry.stream_id, entry.seq, "stands in no daily root, though its day is closed")


def _leaves_against_entries() -> Iterator[Fault]:
    for first in range(0, (Leaf.objects.aggregate(last=Max("position"))["last"] or 0) + 1, CHUNK):
        with connection.cursor() as cursor:  # an outer join: an entry that is gone must be seen
            cursor.execute(_LEAVES, {"first": first, "end": first + CHUNK})
            rows = cursor.fetchall()
        for position, digest, found, stream, seq in rows:
            if found is None:
                yield Fault(TREE, position, "missing: the entry that took this place is gone")
            elif found != digest:
                yield Fault(stream, seq, f"rewritten: place {position} of the daily tree holds another hash")


def _roots_against_leaves(days: list[ClosedDay]) -> Iterator[Fault]:
    """Grow the tree again leaf by leaf and stop at the end of each day."""
    frontier, waiting, expected = Frontier(), iter(days), 0
    day, tile = next(waiting, None), []
    for position, digest in Leaf.objects.order_by("position").values_list("position", "digest").iterator(CHUNK):
        while day is not None and expected >= day.size and frontier.size == day.size:
            yield from _one_root(day, frontier)
            day = next(waiting, None)
        if position != expected:
            yield Fault(TREE, expected, f"missing: the next place taken is {position}; later roots cannot be reckoned")
            return
        leaf = leaf_of(digest)
        frontier.add(leaf)
        tile.append(leaf)
        if len(tile) == WIDTH:
            yield from _one_node(position // WIDTH, tile)
            tile = []
        expected += 1
    while day is not None:
        if frontier.size != day.size:
            yield Fault(f"day {day.day}", day.size, f"cut: the tree has {frontier.size} places")
        else:
            yield from _one_root(day, frontier)
        day = next(waiting, None)


def _one_root(day: ClosedDay, frontier: Frontier) -> Iterator[Fault]:
    if frontier.root().hex() != day.root:
        yield Fault(f"day {day.day}", day.size, "the entries do not give this day's root")


def _one_node(index: int, tile: list[bytes]) -> Iterator[Fault]:
    kept = Node.objects.filter(level=HEIGHT, index=index).values_list("digest", flat=True).first()
    if kept != folded(tile).hex():
        yield Fault(TREE, index * WIDTH, "the stored hash over these 256 places is not theirs")


def _upper_nodes() -> Iterator[Fault]:
    tiles = Tiles()
    for node in Node.objects.filter(level__gt=HEIGHT).order_by("level", "index"):
        below = tiles.tile(node.level // HEIGHT - 1, node.index)
        if len(below) != WIDTH or folded(below).hex() != node.digest:
            yield Fault(TREE, node.index << node.level, "a stored hash over many places is not theirs")


def _seals(days: list[ClosedDay]) -> Iterator[Fault]:
    head = ""
    for day in days:
        if day.previous != head:
            yield Fault(f"day {day.day}", day.size, "does not follow the day before it")
        if day.published.seal != day.seal:
            yield Fault(f"day {day.day}", day.size, "altered: its facts do not give its seal")
        head = day.seal


def compare(witnesses: Iterable[Witness], days: Iterable[ClosedDay] | None = None) -> Iterator[Answer]:
    """Yield what each witness answers about each day that it was given, oldest first, and days that we lack."""
    asked = list(ClosedDay.objects.order_by("day") if days is None else days)
    proofs = {(d.witness, d.day_id): d.proof for d in Deposit.objects.filter(day__in=[d.day for d in asked])}
    for witness in witnesses:
        held = witness.days()
        for day in asked:
            if (witness.name, day.day) in proofs or day.day in held:
                yield witness.look(day.published, proofs.get((witness.name, day.day), ""))
        if days is None:
            for lost in sorted(held - {day.day for day in asked}):
                yield Answer(witness.name, lost, Seen.DIFFERS, "it holds a day that the ledger does not have")


def compare_with(published: Iterable[Published], witness: str) -> Iterator[Answer]:
    """Yield how each day of a copy that somebody kept compares with ours."""
    ours = {day.day: day.published for day in ClosedDay.objects.all()}
    for day in published:
        mine = ours.get(day.day)
        if mine is None:
            yield Answer(witness, day.day, Seen.DIFFERS, "it holds a day that the ledger does not have")
        else:
            yield compared(witness, mine, day)


def compare_with_print(typed: Mapping[date, str]) -> Iterator[Answer]:
    """Yield how each seal typed back from print compares with ours."""
    ours = {day.day: day.published for day in ClosedDay.objects.filter(day__in=list(typed))}
    for day, text in sorted(typed.items()):
        if day not in ours:
            yield Answer("print", day, Seen.DIFFERS, "it holds a day that the ledger does not have")
        elif typed_back(text) != ours[day].short:
            yield Answer("print", day, Seen.DIFFERS, f"it reads {typed_back(text)}, ours is {ours[day].short}")
        else:
            yield Answer("print", day, Seen.AGREES)


def first_difference(answers: Iterable[Answer]) -> Answer | None:
    """Return the earliest day that somebody holds otherwise: entries of that day or before were rewritten."""
    wrong = [answer for answer in answers if answer.seen is Seen.DIFFERS]
    return min(wrong, key=lambda answer: answer.day, default=None)
