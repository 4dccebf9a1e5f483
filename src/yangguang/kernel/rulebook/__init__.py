"""The rulebook: dated, cited values of law, with overlays by division. Plain Python, no database."""

from yangguang.kernel.rulebook.book import ArticlePage, LawPage, Rulebook, house_rulebook
from yangguang.kernel.rulebook.sources import Source, Version
from yangguang.kernel.rulebook.vocabulary import (
    Cite,
    Confidence,
    Fault,
    Kind,
    NothingHeld,
    Rolls,
    RulebookRefused,
    Unit,
    Value,
)

__all__ = [
    "ArticlePage",
    "Cite",
    "Confidence",
    "Fault",
    "Kind",
    "LawPage",
    "NothingHeld",
    "Rolls",
    "Rulebook",
    "RulebookRefused",
    "Source",
    "Unit",
    "Value",
    "Version",
    "house_rulebook",
]
