"""Invented notices of every layout with what must be read from them.

A file in notices/ is the notice, a line of ====, and the expectation: `title:`, `number:`, `issuer:`,
`forwarded:`, `date:`, `to:` (units parted by |), `warn:` (a code that must be raised), and a line for each
duty in order: `- beginning of the text || L:leads || S:supports || R:responsible || P:persons || D:dates`.
A beginning may have alternatives parted by |; a date with ? may be missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yangguang.domains.directives.reader import read_text

NOTICES = sorted((Path(__file__).parent / "notices").glob("*.txt"))
KEYS = {"title": "title", "number": "document_number", "issuer": "issuer", "forwarded": "forwarded_by", "date": "date"}
ROLES = {"L": "lead", "S": "support", "R": "responsible", "P": "persons"}


def parts_of(path: Path) -> tuple[str, list[str]]:
    text, expectation = path.read_text(encoding="utf-8").split("\n====\n")
    return text, expectation.splitlines()


def units(printed: str) -> str:
    return printed.replace("、", "|")


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_notice(path: Path) -> None:
    text, lines = parts_of(path)
    reading = read_text(text, path.name).as_json()
    wanted = [line[2:] for line in lines if line.startswith("- ")]
    for line in lines:
        key, _, value = line.partition(": ")
        if key in KEYS:
            assert reading[KEYS[key]] == value, key
        elif key == "to":
            assert "|".join(reading["addressees"]) == value
        elif key == "warn":
            assert value in codes_of(reading)
    assert len(reading["duties"]) == len(wanted), [duty["text"][:16] for duty in reading["duties"]]
    for line, duty in zip(wanted, reading["duties"], strict=True):
        assert_duty(line, duty)


def codes_of(reading: dict[str, Any]) -> set[str]:
    warnings = [*reading["warnings"], *(warning for duty in reading["duties"] for warning in duty["warnings"])]
    return {warning["code"] for warning in warnings}


def assert_duty(line: str, duty: dict[str, Any]) -> None:
    beginning, *fields = line.split(" || ")
    assert duty["text"].startswith(tuple(beginning.split("|"))), (beginning, duty["text"])
    values = {field[0]: field[2:] for field in fields}
    for mark, role in ROLES.items():
        assert units("、".join(duty[role])) == units(values.get(mark, "")), (beginning, role)
    dates = {deadline["date"] for deadline in duty["deadlines"] if deadline["date"]}
    wanted = set(filter(None, values.get("D", "").split(",")))
    free = {day.rstrip("?") for day in wanted if day.endswith("?")}
    assert dates - free == {day for day in wanted if not day.endswith("?")} - free, beginning
