"""The jurists' page: law, article, value, where it differs, and what uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from yangguang.faces.portal.values import is_english
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.rulebook import Rulebook, Source, Value, Version
from yangguang.kernel.rulebook.sources import SourceKind
from yangguang.supervision.rules import house_rules

#: laws first, what is no law last
ORDER = list(SourceKind)


@dataclass(frozen=True, slots=True)
class Use:
    """What rests on a value: clocks so far and now running, and rules of supervision by name."""

    clocks: int = 0
    running: int = 0
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Uses:
    """Clocks by key and citation (the country's value and a division's own are told apart), rules by key."""

    clocks: Mapping[tuple[str, str], tuple[int, int]]
    rules: Mapping[str, tuple[str, ...]]

    def of(self, value: Value) -> Use:
        """Return what rests on a value."""
        clocks, running = self.clocks.get((value.key, str(value.cite)), (0, 0))
        return Use(clocks, running, self.rules.get(value.key, ()))


@dataclass(frozen=True, slots=True)
class Shown:
    """A value with its uses; ``holds`` says whether it is in force on the day of the page."""

    value: Value
    use: Use
    holds: bool


@dataclass(frozen=True, slots=True)
class Article:
    """An article with the values that rest on it."""

    name: str
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """A source with its wording in force and its articles."""

    source: Source
    version: Version | None
    articles: tuple[Article, ...]

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.source.en if is_english() else self.source.title


def laws(book: Rulebook, q: str, *, on: date) -> tuple[Law, ...]:
    """Return the sources with the values that contain the words asked for, all of them without words."""
    uses = _uses()
    found = []
    for page in sorted(book.values_by_law(), key=lambda page: (ORDER.index(page.source.kind), page.source.id)):
        articles = [
            Article(article.article, tuple(_shown(v, uses, on) for v in article.values if _matches(q, page.source, v)))
            for article in page.articles
        ]
        kept = tuple(article for article in articles if article.values)
        if kept:
            found.append(Law(page.source, page.source.on(on), kept))
    return tuple(found)


def _matches(q: str, source: Source, value: Value) -> bool:
    words = (source.title, source.en, value.zh, value.en, value.key, value.cite.article)
    return all(any(part.casefold() in text.casefold() for text in words) for part in q.split())


def _shown(value: Value, uses: Uses, on: date) -> Shown:
    return Shown(value, uses.of(value), value.holds_on(on))


def _uses() -> Uses:
    """Return the uses of all values, from the clocks that name them and the supervision rules that read them."""
    counted = (
        Deadline.objects.exclude(rule="")
        .order_by()
        .values_list("rule", "cite")
        .annotate(all=Count("pk"), now=Count("pk", filter=Q(state="running")))
    )
    clocks = {(rule, cite): (total, running) for rule, cite, total, running in counted}
    rules: dict[str, list[str]] = {}
    for rule in house_rules():
        for key in rule.parameters.values():
            rules.setdefault(key, []).append(rule.name.en if is_english() else rule.name.zh)
    return Uses(clocks, {key: tuple(sorted(set(names))) for key, names in rules.items()})
