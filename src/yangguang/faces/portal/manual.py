"""The manual (使用手册): pages in Markdown beside this room, Chinese and English, shown as help on each page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import mistune
from django.utils.safestring import SafeString, mark_safe

MANUAL = Path(__file__).parent / "content" / "manual"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the manual: its heading, the sentence under it, and its text as HTML of our own."""

    slug: str
    title: str
    lead: str
    html: SafeString


@lru_cache(maxsize=len(LANGUAGES))
def topics(language: str) -> tuple[Topic, ...]:
    """Return the manual's pages in order of their file names; FileNotFoundError where a language lacks a page."""
    return tuple(_topic(path, language) for path in sorted(MANUAL.glob("*.zh.md")))


def _topic(path: Path, language: str) -> Topic:
    """Read one page: a heading, a paragraph that says what it is about, then the text."""
    name = path.name.removesuffix(".zh.md")
    text = path.with_name(f"{name}.{language}.md").read_text(encoding="utf-8")
    title, lead, body = (*text.split("\n\n", 2), "")[:3]
    slug = name.split("-", 1)[1]
    # The text is a file of this package, never what somebody typed.
    return Topic(slug, title.removeprefix("# ").strip(), lead.strip(), mark_safe(str(_written(body))))  # noqa: S308


_written = mistune.create_markdown(plugins=["table"])


def page_of(slug: str, language: str) -> Topic | None:
    """Return a page of the manual by its slug."""
    return next((topic for topic in topics(language) if topic.slug == slug), None)


def neighbours(slug: str, language: str) -> tuple[Topic | None, Topic | None]:
    """Return the pages before and after one."""
    pages = topics(language)
    place = next(n for n, topic in enumerate(pages) if topic.slug == slug)
    return (pages[place - 1] if place else None, pages[place + 1] if place + 1 < len(pages) else None)
