"""What is said when the machine, a setting or a package does not do: the fact, then the way out."""

from __future__ import annotations


class Unusable(Exception):
    """Something outside the program is not usable; `says` tells what, `remedy` what to do about it."""

    def __init__(self, says: str, remedy: str) -> None:
        """Keep both sentences; together they are the text that a person reads."""
        super().__init__(f"{says} {remedy}")
        self.says = says
        self.remedy = remedy
