"""What is found when an instance is looked over: each with its state and, where it is not well, the way out."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Health(enum.StrEnum):
    """How a part of the instance is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: which part, how it is, what was seen, what to do."""

    code: str
    state: Health
    says: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return {"code": self.code, "state": self.state.value, "says": self.says, "remedy": self.remedy}


def ok(code: str, says: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(code, Health.OK, says)


def warn(code: str, says: str, remedy: str) -> Finding:
    """Return a finding that should be looked at."""
    return Finding(code, Health.WARN, says, remedy)


def fail(code: str, says: str, remedy: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(code, Health.FAIL, says, remedy)


def worst(findings: Iterable[Finding]) -> Health:
    """Return the state of the whole: that of its worst part."""
    order = list(Health)
    return max((finding.state for finding in findings), key=order.index, default=Health.OK)
