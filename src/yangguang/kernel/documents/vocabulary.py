"""The words of the documents room: disclosure classes, review states, formats, refusals. Needs no Django settings."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation.trans_null import gettext_noop as _


class Disclosure(enum.StrEnum):
    """The disclosure class (公开属性) that travels with a document."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def zh(self) -> str:
        """Return the class as documents print it."""
        return {"proactive": _("主动公开"), "on_request": _("依申请公开"), "withheld": _("不予公开")}[self.value]


class Review(enum.StrEnum):
    """Where the secrecy review (保密审查) of a document stands."""

    PENDING = "pending"
    PASSED = "passed"
    REFUSED = "refused"

    @property
    def zh(self) -> str:
        """Return the state in words."""
        return {"pending": _("待审查"), "passed": _("审查通过"), "refused": _("审查未通过")}[self.value]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format the house accepts; ``inline`` says whether a browser may show it in the page."""

    code: str
    media_type: str
    suffixes: tuple[str, ...]
    inline: bool = False


#: the allow-list; anything else is refused by name
FORMATS: dict[str, Format] = {
    f.code: f
    for f in (
        Format("pdf", "application/pdf", (".pdf",), inline=True),
        Format("png", "image/png", (".png",), inline=True),
        Format("jpeg", "image/jpeg", (".jpg", ".jpeg"), inline=True),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
        Format("csv", "text/csv", (".csv",)),
        Format("html", "text/html", (".html", ".htm")),
        Format("txt", "text/plain", (".txt",)),
    )
}


class Unfit(Exception):
    """A file the house cannot take: ``code`` is stable, ``says`` tells why, ``remedy`` what to do next.

    Documents stand below the ledger, so faces show it as they show the ledger's
    ``Malformed`` (422), in the reader's language through ``sentences``.
    """

    status = 422
    cite = ""

    def __init__(self, code: str, says: str, remedy: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        self._patterns = (says, remedy)
        self.says, self.remedy = self.sentences(str)
        super().__init__(self.says)

    def sentences(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return what it says and the remedy, translated before the facts are filled in."""
        says, remedy = (translate(pattern).format(**self.facts) for pattern in self._patterns)
        return says, remedy


class Erased(Exception):
    """A sealed record was erased: only the fact and the day of its erasure remain."""
