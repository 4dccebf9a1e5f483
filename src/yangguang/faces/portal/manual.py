"""The manual (使用手册): pages in Markdown beside this room, Chinese and English, shown as help on each page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import mistune

MANUAL = Path(__file__).parent / "content" / "manual"


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the manual."""

    slug: str
    title: str
    html: str


@lru_cache(maxsize=2)
def topics(language: str) -> tuple[Topic, ...]:
    """Return the manual's pages in order; a page without this language's text gives the Chinese one."""
    found = []
    for path in sorted(MANUAL.glob("*.zh.md")):
        own = path.with_name(path.name.replace(".zh.md", f".{language}.md"))
        text = (own if own.exists() else path).read_text(encoding="utf-8")
        slug = path.name.split(".")[0].split("-", 1)[1]
        title = text.split("\n", 1)[0].lstrip("# ").strip()
        body = text.split("\n", 1)[1] if "\n" in text else ""
        found.append(Topic(slug, title, str(mistune.html(body))))
    return tuple(found)


def page_of(slug: str, language: str) -> Topic | None:
    """Return a page of the manual by its slug."""
    return next((topic for topic in topics(language) if topic.slug == slug), None)
