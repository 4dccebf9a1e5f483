"""Writes of the search table: called inside the writing that changes the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Func, Value

from yangguang.kernel.search.models import Indexed
from yangguang.kernel.search.words import fold, lexemes, vector


class _AsVector(Func):
    """``text::tsvector``: our words, untouched by any text search configuration."""

    template = "(%(expressions)s)::tsvector"
    arity = 1


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
    title, body = title.replace("\x00", ""), body.replace("\x00", "")
    words = vector(lexemes(title, body, names))
    Indexed.objects.update_or_create(
        kind=kind,
        ref=ref,
        defaults={
            "title": title,
            "body": body,
            "folded": f"{fold(title).text}\n{fold(body).text}",
            "words": _AsVector(Value(words, output_field=CharField())),
            "url_name": url_name,
            "url_args": list(url_args),
            "units": sorted(set(units)),
            "public": public,
            "day": day,
        },
    )


def remove(kind: str, ref: str) -> None:
    """Take a record out of the table."""
    Indexed.objects.filter(kind=kind, ref=ref).delete()
