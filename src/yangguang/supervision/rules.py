"""Rule files (监察规则) read and checked, and the arithmetic of a finding. Pure: no database, no wall clock.

A rule is one file: a YAML head in a comment, then SQL over the ledger's tables
with named values such as ``:today`` and ``:yellow_after``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yangguang.supervision.vocabulary import CARDED, Level, Meaning

CONTENT = Path(__file__).parent / "content" / "rules"
#: values the engine gives to every rule; the others are named in its head and come from the rulebook
GIVEN = frozenset({"today", "kinds", "divisions", "calendar"})
#: columns every rule selects; the others are its facts
CONTRACT = ("case_id", "deadline_id", "unit_id")

_HEAD = re.compile(r"\A/\*\s*---\s*\n(.*?)\n---\s*\*/\s*", re.S)
#: a quoted text or a comment (left alone), or a named value that is no ``::`` cast
_NAMED = re.compile(r"'(?:[^']|'')*'|--[^\n]*|(?<!:):([a-z_][a-z0-9_]*)")
_PLACE = re.compile(r"{(\w+)}")
_KEYS = frozenset(
    "code version from to name sentence protects level meaning kinds role parameters facts once because".split()
)
_NEEDED = _KEYS - {"to", "parameters"}


class RuleRefused(Exception):
    """A rule file cannot be used; says which and why."""

    remedy = "Correct the file under supervision/content/rules; start-up reads all of them."


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """A rule of supervision: who is watched for what, by which values, and in which words it speaks."""

    code: str
    version: int
    from_: date
    to: date | None
    name: Words
    sentence: Words
    protects: Words
    level: Level
    meaning: Meaning
    kinds: tuple[str, ...]
    #: capability that owns the rule's cards: a role, never a named bureau
    role: str
    #: name in the SQL -> key of the rulebook
    parameters: Mapping[str, str]
    #: column -> its label
    facts: Mapping[str, Words]
    #: the columns of which one set raises one signal a case
    once: tuple[str, ...]
    because: Words
    sql: str
    text: str

    @property
    def sha256(self) -> str:
        """Return the hash of the file as it stands."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def is_carded(self) -> bool:
        """Return whether a finding is a card that a unit must answer."""
        return self.level in CARDED

    def holds_on(self, day: date) -> bool:
        """Return whether the rule is in force on a day, both ends counted."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def dedupe_key(self, row: Mapping[str, Any]) -> str:
        """Return the key under which a finding is raised once and never again."""
        return "|".join([self.code, str(row["case_id"]), *(str(row[column]) for column in self.once)])

    def tell(self, row: Mapping[str, Any], values: Mapping[str, Any]) -> Words:
        """Return the arithmetic of a finding in words, from its facts and the values it was measured by."""
        told = {**values, **row}
        return Words(self.because.zh.format_map(told), self.because.en.format_map(told))


def bind(sql: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return SQL with driver placeholders and its values; a list becomes one placeholder an element.

    >>> bind("x IN (:kinds) AND day < :today -- :kept", {"kinds": ["a", "b"], "today": 1})[0]
    'x IN (%(kinds_0)s, %(kinds_1)s) AND day < %(today)s -- :kept'
    """
    used: dict[str, Any] = {}

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0].replace("%", "%%")
        value = values[name]
        if not isinstance(value, list | tuple):
            used[name] = value
            return f"%({name})s"
        parts = {f"{name}_{k}": item for k, item in enumerate(value)}
        used.update(parts)
        return ", ".join(f"%({part})s" for part in parts)

    return _NAMED.sub(place, sql), used


def parse_rule(text: str, file: str) -> Rule:
    """Return the rule of a file's text; raises ``RuleRefused`` naming the file and what is wrong."""
    head = _HEAD.match(text)
    if head is None:
        raise RuleRefused(f"{file}: it must begin with /* --- … --- */")
    given = yaml.safe_load(head[1])
    missing, unknown = _NEEDED - set(given), set(given) - _KEYS
    if missing or unknown:
        raise RuleRefused(f"{file}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    try:
        rule = _rule(given, text[head.end() :].strip(), text)
    except (KeyError, TypeError, ValueError) as wrong:
        raise RuleRefused(f"{file}: {wrong!r}") from wrong
    faults = list(_faults(rule))
    if faults:
        raise RuleRefused(f"{file}: {'; '.join(faults)}")
    return rule


def _rule(given: Mapping[str, Any], sql: str, text: str) -> Rule:
    return Rule(
        code=given["code"],
        version=int(given["version"]),
        from_=_day(given["from"]),
        to=_day(given["to"]) if given.get("to") else None,
        name=Words(**given["name"]),
        sentence=Words(**given["sentence"]),
        protects=Words(**given["protects"]),
        level=Level(given["level"]),
        meaning=Meaning(given["meaning"]),
        kinds=tuple(given["kinds"]),
        role=given["role"],
        parameters=dict(given.get("parameters") or {}),
        facts={column: Words(**words) for column, words in given["facts"].items()},
        once=tuple(given["once"]),
        because=Words(**given["because"]),
        sql=sql,
        text=text,
    )


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no day")
    return value


def _faults(rule: Rule) -> Iterable[str]:
    named = {found[1] for found in _NAMED.finditer(rule.sql) if found[1]}
    if named - GIVEN - set(rule.parameters):
        yield f"values nobody gives: {sorted(named - GIVEN - set(rule.parameters))}"
    if set(rule.parameters) - named:
        yield f"parameters the SQL does not use: {sorted(set(rule.parameters) - named)}"
    if not {"kinds", "divisions"} <= named:
        yield "the SQL must be bound to :kinds and :divisions"
    told = set(_PLACE.findall(rule.because.zh)) | set(_PLACE.findall(rule.because.en))
    sayable = set(rule.facts) | set(rule.parameters) | {"today"}
    if told - sayable:
        yield f"the reason names what is no fact: {sorted(told - sayable)}"
    if set(rule.once) - set(rule.facts) - set(CONTRACT):
        yield f"once names what is not selected: {sorted(set(rule.once) - set(rule.facts))}"


def read_rules(folder: Path = CONTENT) -> tuple[Rule, ...]:
    """Return the rules of a folder by code; two files of one code are refused."""
    rules = [parse_rule(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.sql"))]
    codes = [rule.code for rule in rules]
    double = {code for code in codes if codes.count(code) > 1}
    if double:
        raise RuleRefused(f"two files have the code {sorted(double)}")
    return tuple(sorted(rules, key=lambda rule: rule.code))


@cache
def house_rules() -> tuple[Rule, ...]:
    """Return the rules of the installed package, read once; start-up calls it so that a fault stops the start."""
    return read_rules()


def rules_on(day: date) -> tuple[Rule, ...]:
    """Return the rules in force on a day."""
    return tuple(rule for rule in house_rules() if rule.holds_on(day))


def fact_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a result that are facts, in order; KeyError names a contract column that is missing."""
    for column in CONTRACT:
        if column not in columns:
            raise KeyError(column)
    return tuple(column for column in columns if column not in CONTRACT)
