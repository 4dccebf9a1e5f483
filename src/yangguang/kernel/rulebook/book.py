"""The rulebook: what held here on that day, and by which article?

It answers from values loaded once; it knows no division tree (the chain is an argument) and no clock.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from yangguang.kernel.rulebook.loading import read_values
from yangguang.kernel.rulebook.reading import Reader
from yangguang.kernel.rulebook.sources import Source, article_number, read_sources
from yangguang.kernel.rulebook.vocabulary import NothingHeld, RulebookRefused, Value

_OVERLAY = re.compile(r"([0-9]+)(?:-.*)?")
_NOT_MEANING = frozenset({"file", "line"})


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The values that rest on one article."""

    article: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class LawPage:
    """One source with its articles in order: the jurists' page law → article → values."""

    source: Source
    articles: tuple[ArticlePage, ...]


@dataclass(frozen=True)
class Rulebook:
    """Dated, cited values by key and overlay. Call it: `book("duty.sign", on=day, chain=("99", "9901"))`."""

    values: Mapping[tuple[str, str], tuple[Value, ...]]
    sources: Mapping[str, Source]

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "Rulebook":
        """Read all values and sources below the given folders (or single files).

        Values stand in `content/rulebook/*.yaml` of a room, overlays in `regions/CODE[-name]/rulebook/*.yaml`,
        sources in `laws/*.yaml`. Raises RulebookRefused naming file and line of every fault.
        """
        laws, values = [], []
        for path in sorted(_files(paths)):
            folder = path.parent
            overlay = _OVERLAY.fullmatch(folder.parent.name)
            if folder.name == "laws":
                laws.append(path)
            elif folder.name == "rulebook" and folder.parent.name == "content":
                values.append((path, ""))
            elif folder.name == "rulebook" and folder.parent.parent.name == "regions" and overlay:
                values.append((path, overlay.group(1)))
        reader = Reader()
        sources = read_sources(laws, reader)
        entries = read_values(values, sources, reader)
        if reader.faults:
            raise RulebookRefused(reader.faults)
        return cls({(entry.key, entry.overlay): entry.values for entry in entries}, sources)

    def __call__(self, key: str, *, on: date, chain: Sequence[str] = ()) -> Value:
        """Return the value in force on that day for a division, given its chain from province downwards.

        The narrowest division with a value of its own on that day decides; NothingHeld if nobody has one.
        """
        for overlay in (*reversed(chain), ""):
            for value in self.values.get((key, overlay), ()):
                if value.holds_on(on):
                    return value
        raise NothingHeld(key, on, known=key in self.keys)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key the book knows."""
        return frozenset(key for key, _ in self.values)

    def history(self, key: str) -> tuple[Value, ...]:
        """Return every value ever held under a key: the whole country first, then overlays, by day."""
        found = sorted((overlay, values) for (name, overlay), values in self.values.items() if name == key)
        return tuple(value for _, values in found for value in values)

    @cached_property
    def canonical(self) -> str:
        """The book's meaning as one text: the same for any order of files, comments or line breaks."""
        rows = sorted(json.dumps(_meaning(value), ensure_ascii=False, sort_keys=True) for value in self)
        return "\n".join(rows)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical text; a case keeps the hash it opened under."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def __iter__(self) -> Iterator[Value]:
        """Yield every value, keys in order."""
        for name in sorted(self.values):
            yield from self.values[name]

    def values_by_law(self) -> tuple[LawPage, ...]:
        """Return law → article → values for the jurists' pages; sources nobody cites have no articles."""
        grouped: dict[str, dict[str, list[Value]]] = {law: {} for law in self.sources}
        for value in self:
            grouped[value.cite.law].setdefault(value.cite.article, []).append(value)
        return tuple(
            LawPage(
                self.sources[law],
                tuple(ArticlePage(name, tuple(articles[name])) for name in sorted(articles, key=_article_order)),
            )
            for law, articles in sorted(grouped.items())
        )


@cache
def house_rulebook() -> Rulebook:
    """Return the rulebook of the installed package, read once; start-up calls it so that faults stop the start."""
    return Rulebook.load([Path(__file__).parents[2]])


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from path.rglob("*.yaml")
        else:
            yield path


def _meaning(value: Value) -> dict[str, object]:
    rows: dict[str, object] = {
        name: getattr(value, name) for name in Value.__slots__ if name not in _NOT_MEANING and name != "cite"
    }
    rows["cite"] = [value.cite.law, value.cite.article, value.cite.confidence]
    rows["from_"], rows["to"] = value.from_.isoformat(), value.to.isoformat() if value.to else None
    return rows


def _article_order(article: str) -> tuple[int, str]:
    return article_number(article) or 0, article
