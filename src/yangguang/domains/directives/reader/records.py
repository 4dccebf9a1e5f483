"""What the reader hands back: readings, duties and refusals.  Offsets are code points in `Reading.text`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yangguang.domains.directives.reader.strand import Strand


class Unreadable(Exception):
    """A file the reader refuses: a stable code, what is wrong, and the way out."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    def as_json(self) -> dict[str, str]:
        """Return the refusal as plain data."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


@dataclass(frozen=True)
class Settings:
    """Size limits of the reader; a deployment may set its own."""

    most_text: int = 5_000_000  # bytes of the decoded text in UTF-8
    deepest_brackets: int = 400  # brackets open at once in one line
    most_bytes: int = 50_000_000  # bytes of the file, and of any unpacked member of it
    most_pages: int = 500  # pages of a PDF


@dataclass(frozen=True)
class Warn:
    """A named doubt: `code` is stable, `text` the words it is about, `span` where they stand."""

    code: str
    text: str
    span: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """Return the warning as plain data."""
        return {"code": self.code, "text": self.text, "span": list(self.span)}


@dataclass(frozen=True)
class Deadline:
    """A time expression: `kind` is by, recurring, relative or vague; `date` only for a computable last day."""

    expr: Strand
    date: date | None
    kind: str
    soft: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the deadline as plain data."""
        return {
            "expr": self.expr.packed().raw,
            "date": self.date.isoformat() if self.date else None,
            "kind": self.kind,
            "soft": self.soft,
        }


@dataclass(frozen=True)
class Target:
    """A number to be reached: `operator` is one of >=, <=, >, <, =, +, - (grow or fall by)."""

    expr: Strand
    operator: str
    value: float
    unit: str

    def as_json(self) -> dict[str, Any]:
        """Return the target as plain data."""
        value = int(self.value) if self.value == int(self.value) else self.value
        return {"expr": self.expr.packed().raw, "operator": self.operator, "value": value, "unit": self.unit}


@dataclass
class Duty:
    """One proposed duty, every field a strand of the notice."""

    path: list[str]
    title: Strand | None
    text: Strand
    lead: list[Strand] = field(default_factory=list)
    support: list[Strand] = field(default_factory=list)
    responsible: list[Strand] = field(default_factory=list)
    persons: list[Strand] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    role_source: str = "none"
    number: str = ""
    confidence: float = 1.0
    warnings: list[Warn] = field(default_factory=list)

    def units(self) -> list[Strand]:
        """Return all units of the duty in printed order of their roles."""
        return [*self.lead, *self.support, *self.responsible]


@dataclass
class Reading:
    """What was read from one notice."""

    text: str
    source: dict[str, Any]
    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    forwarded_by: str | None = None
    date: date | None = None
    addressees: list[str] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    silent: frozenset[int] = frozenset()  # offsets taken out by repairs

    def as_json(self) -> dict[str, Any]:
        """Return the reading in the public JSON form."""
        return {
            "source": self.source,
            "title": self.title,
            "document_number": self.document_number,
            "issuer": self.issuer,
            "forwarded_by": self.forwarded_by,
            "date": self.date.isoformat() if self.date else None,
            "addressees": self.addressees,
            "duties": [self._duty_json(duty) for duty in self.duties],
            "warnings": [warning.as_json() for warning in self.warnings],
        }

    def _duty_json(self, duty: Duty) -> dict[str, Any]:
        spans = self._spans(duty)
        places = [place for pieces in spans.values() for place in pieces]
        return {
            "number": duty.number,
            "path": duty.path,
            "title": duty.title.packed().raw if duty.title else "",
            "text": duty.text.packed().raw,
            "lead": [unit.packed().raw for unit in duty.lead],
            "support": [unit.packed().raw for unit in duty.support],
            "responsible": [unit.packed().raw for unit in duty.responsible],
            "persons": [person.packed().raw for person in duty.persons],
            "deadlines": [deadline.as_json() for deadline in duty.deadlines],
            "targets": [target.as_json() for target in duty.targets],
            "role_source": duty.role_source,
            "span": [min(s for s, _ in places), max(e for _, e in places)] if places else [0, 0],
            "spans": spans,
            "confidence": round(duty.confidence, 2),
            "warnings": [warning.as_json() for warning in duty.warnings],
        }

    def _spans(self, duty: Duty) -> dict[str, list[list[int]]]:
        fields: dict[str, list[Strand]] = {
            "title": [duty.title] if duty.title else [],
            "text": [duty.text],
            "lead": duty.lead,
            "support": duty.support,
            "responsible": duty.responsible,
            "persons": duty.persons,
            "deadlines": [deadline.expr for deadline in duty.deadlines],
            "targets": [target.expr for target in duty.targets],
        }
        return {
            name: [piece for strand in strands for piece in self.pieces(strand.packed())]
            for name, strands in fields.items()
            if strands
        }

    def pieces(self, strand: Strand) -> list[list[int]]:
        """Return the pieces of the displayed text a strand covers, closed over white space and repairs."""
        merged: list[list[int]] = []
        for start, end in strand.spans():
            if merged and merged[-1][1] <= start and self._blank(merged[-1][1], start):
                merged[-1][1] = end
            else:
                merged.append([start, end])
        return merged

    def _blank(self, start: int, end: int) -> bool:
        return end - start < 200 and all(
            offset in self.silent or self.text[offset].isspace() for offset in range(start, end)
        )


def digest(data: bytes) -> str:
    """Return the hex SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()
