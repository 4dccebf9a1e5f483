"""A refusal in the reader's language: its templates and words from the catalogue, its citation from the register."""

from __future__ import annotations

import dataclasses

from django.utils.translation import get_language, gettext

from yangguang.kernel.ledger.vocabulary import Refused, Told
from yangguang.kernel.rulebook import house_rulebook


def told(refusal: Refused) -> Told:
    """Return what a page or an answer shows of a refusal, in the language now active."""
    english = (get_language() or "").startswith("en")
    words = refusal.told(gettext, english=english)
    return dataclasses.replace(words, cite=cited(words.cite)) if english else words


def cited(cite: str) -> str:
    """Return a citation with the title as the register translates it; one that is not registered stays."""
    for source in house_rulebook().sources.values():
        head = f"《{source.title}》"
        if source.en and cite.startswith(head):
            return ", ".join(filter(None, (source.en, cite.removeprefix(head))))
    return cite
