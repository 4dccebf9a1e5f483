"""Writes of the search table: called inside the writing that changes the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Func, Value

from yangguang.kernel.search.models import Indexed
from yangguang.kernel.search.words import fold, lexemes, vector

#: rows a statement when many are written at once
BATCH = 500


class _AsVector(Func):
    """``text::tsvector``: our words, untouched by any text search configuration."""

    template = "(%(expressions)s)::tsvector"
    arity = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be found; the fields are those of ``put``."""

    kind: str
    ref: str
    title: str
    body: str
    url_name: str
    url_args: Sequence[Any] = ()
    units: Iterable[int] = ()
    public: bool = False
    day: date | None = None
    names: Iterable[str] = ()


def put_all(records: Iterable[Record]) -> None:
    """Put records into the table, or put them anew, with one statement a batch."""
    rows = [_row(record) for record in records]
    Indexed.objects.bulk_create(
        rows,
        BATCH,
        update_conflicts=True,
        unique_fields=["kind", "ref"],
        update_fields=["title", "body", "folded", "words", "url_name", "url_args", "units", "public", "day"],
    )


def _row(record: Record) -> Indexed:
    title, body = record.title.replace("\x00", ""), record.body.replace("\x00", "")
    title_folded, body_folded = _folded(title), _folded(body)
    return Indexed(
        kind=record.kind,
        ref=record.ref,
        title=title,
        body=body,
        folded=f"{title_folded}\n{body_folded}",
        words=_AsVector(Value(vector(lexemes(title, body, record.names)), output_field=CharField())),
        url_name=record.url_name,
        url_args=list(record.url_args),
        units=sorted(set(record.units)),
        public=record.public,
        day=record.day,
    )


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    """Return a text folded; parts of one duty bear the same words."""
    return fold(text).text


def put(
    kind: str,
    ref: str,
    *,
    title: str,
    body: str = "",
    url_name: str,
    url_args: Sequence[Any] = (),
    units: Iterable[int] = (),
    public: bool = False,
    day: date | None = None,
    names: Iterable[str] = (),
) -> None:
    """Put a record into the table, or put it anew.

    ``units`` are those whose people may find it; ``names`` (of offices, never
    of persons) are also found by their pinyin initials.
    """
    put_all([Record(kind, ref, title, body, url_name, url_args, units, public, day, names)])


def remove(kind: str, ref: str) -> None:
    """Take a record out of the table."""
    Indexed.objects.filter(kind=kind, ref=ref).delete()
