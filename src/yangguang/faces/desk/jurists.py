"""The jurists' page: law, article, value, where it differs, and what uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from yangguang.faces.portal.values import is_english
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.rulebook import Rulebook, Source, Value, Version
from yangguang.supervision.rules import house_rules


@dataclass(frozen=True, slots=True)
class Use:
    """What rests on a key: clocks so far and now running, and rules of supervision by name."""

    clocks: int = 0
    running: int = 0
    rules: tuple[str, ...] = ()


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
    for page in book.values_by_law():
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


def _shown(value: Value, uses: Mapping[str, Use], on: date) -> Shown:
    return Shown(value, uses.get(value.key, Use()), value.holds_on(on))


def _uses() -> dict[str, Use]:
    """Return the uses of every key, from the clocks that name it and the supervision rules that read it."""
    counted = (
        Deadline.objects.exclude(rule="")
        .order_by()
        .values_list("rule")
        .annotate(all=Count("pk"), now=Count("pk", filter=Q(state="running")))
    )
    clocks: dict[str, Sequence[int]] = {rule: numbers for rule, *numbers in counted}
    rules: dict[str, list[str]] = {}
    for rule in house_rules():
        for key in rule.parameters.values():
            rules.setdefault(key, []).append(rule.name.en if is_english() else rule.name.zh)
    return {
        key: Use(*clocks.get(key, (0, 0)), tuple(sorted(set(rules.get(key, ()))))) for key in clocks.keys() | rules.keys()
    }
