"""Finding records within an actor's sight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL

from yangguang.kernel.search.models import Indexed
from yangguang.kernel.search.words import condition, fold, phrases, terms

#: characters of the body shown around the first hit
EXCERPT = 120
#: characters of the body in which the excerpt looks for its hit; beyond them the beginning is shown
SEARCHED = 20_000
#: a piece of text and whether it is what was looked for
Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found; pieces marked True are the words looked for."""

    kind: str
    ref: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    url_name: str
    url_args: tuple[Any, ...]
    public: bool
    day: date | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, and how much there is."""

    total: int
    hits: tuple[Hit, ...]


def find(
    query: str,
    *,
    units: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """Find records with every term of a query, best first.

    Without ``units`` only public records are found; with them also those of
    these units (an officer's sight). There is no way to look past both.
    """
    wanted = terms(query)
    asked = condition(wanted)
    if not asked:
        return Results(0, ())
    found = _matching(_in_sight(units), wanted, asked)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    # All terms are there already; "any" weighs where they stand, "all" would weigh how near, which we do not keep.
    rank = RawSQL("ts_rank(words, %s::tsquery)", [asked.replace(" & ", " | ")], output_field=FloatField())
    page = found.annotate(rank=rank).order_by("-rank", F("day").desc(nulls_last=True), "pk")[offset : offset + limit]
    return Results(found.count(), tuple(_hit(row, wanted) for row in page))


def _in_sight(units: Collection[int] | None) -> QuerySet[Indexed]:
    sight = Q(public=True)
    if units is not None:
        sight |= Q(units__overlap=list(units))
    return Indexed.objects.filter(sight)


def _matching(rows: QuerySet[Indexed], wanted: Sequence[str], asked: str) -> QuerySet[Indexed]:
    rows = rows.filter(RawSQL("words @@ %s::tsquery", [asked], output_field=BooleanField()))
    for phrase in phrases(wanted):
        rows = rows.filter(folded__contains=phrase)
    return rows.defer("words", "folded")


def _hit(row: Indexed, wanted: Sequence[str]) -> Hit:
    return Hit(
        kind=row.kind,
        ref=row.ref,
        title=marked(row.title, wanted),
        excerpt=excerpt(row.body, wanted),
        url_name=row.url_name,
        url_args=tuple(row.url_args),
        public=row.public,
        day=row.day,
    )


def marked(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    """Return a text in pieces, the terms looked for marked, however they were written."""
    pieces: list[Piece] = []
    end = 0
    for start, stop in _spans(text, wanted):
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return tuple(piece for piece in (*pieces, (text[end:], False)) if piece[0])


def excerpt(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    """Return the part of a text around the first term found in it, terms marked."""
    spans = _spans(text[:SEARCHED], wanted)
    start = max(0, spans[0][0] - EXCERPT // 3) if spans else 0
    stop = start + EXCERPT
    pieces = list(marked(text[start:stop], wanted))
    lead = [("…", False)] if start else []
    tail = [("…", False)] if stop < len(text) else []
    return tuple([*lead, *pieces, *tail])


def _spans(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the terms stand in a text, in order, overlaps joined."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for term in wanted:
        at = folded.text.find(term)
        while at >= 0:
            found.append((folded.places[at], folded.places[at + len(term) - 1] + 1))
            at = folded.text.find(term, at + len(term))
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined
