"""The sweep: every rule in force is run, and what it finds is raised exactly once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from yangguang.kernel.ledger.calendar_days import sync_calendar
from yangguang.kernel.ledger.models import Case, Deadline
from yangguang.kernel.ledger.vocabulary import Actor, plain
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.organisation.models import Unit
from yangguang.supervision.commands.cards import SUPERVISION, issue_card, publish_cards, tell_unit
from yangguang.supervision.models import RuleText, Signal
from yangguang.supervision.parameters import Ground, grounds, watched_divisions
from yangguang.supervision.rules import Rule, bind, fact_columns, rules_on
from yangguang.supervision.vocabulary import Level, SignalRaised

#: PostgreSQL advisory lock of the sweep: one sweeper at a time
SWEEP_LOCK = 0x79675F77


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep did: by rule the findings that stand and those raised anew; cards published.

    ``ran`` is False where another sweep was at work and this one left it to that.
    """

    today: date
    ran: bool = True
    found: Mapping[str, int] = field(default_factory=dict)
    raised: Mapping[str, int] = field(default_factory=dict)
    published: int = 0


class _AlreadyRaised(Exception):
    """Somebody else raised the signal meanwhile; the writing is undone."""


def sweep(*, today: date, at: datetime, by: Actor = SUPERVISION) -> SweepReport:
    """Run every rule in force and raise what it finds, each finding exactly once.

    Each signal is a transaction of its own: a sweep that dies has raised what
    it raised, and the next goes on. The key of a finding is unique in the
    table, so that two sweepers cannot raise one twice even without the lock.
    """
    with _only_one() as alone:
        if not alone:
            return SweepReport(today, ran=False)
        found, raised = {}, {}
        for rule in rules_on(today):
            rows = list(_findings(rule, today))
            found[rule.code] = len(rows)
            raised[rule.code] = sum(_raise(rule, *finding, today=today, at=at, by=by) for finding in _new(rule, rows))
        return SweepReport(today, True, found, raised, publish_cards(today=today, at=at, by=by))


@contextlib.contextmanager
def _only_one() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])


def _findings(rule: Rule, today: date) -> Iterator[tuple[Ground, dict[str, Any]]]:
    for ground in grounds(rule, watched_divisions(rule.kinds), today):
        sync_calendar(ground.calendar)
        version = ground.calendar.version
        given = {"today": today, "kinds": rule.kinds, "divisions": ground.divisions, "calendar": version}
        sql, values = bind(rule.sql, {**given, **ground.numbers})
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            columns = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                yield ground, dict(zip(columns, row, strict=True))


def _new(rule: Rule, rows: Sequence[tuple[Ground, dict[str, Any]]]) -> list[tuple[Ground, dict[str, Any]]]:
    keys = {rule.dedupe_key(row) for _, row in rows}
    known = set(Signal.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return [(ground, row) for ground, row in rows if rule.dedupe_key(row) not in known]


def _raise(rule: Rule, ground: Ground, row: Mapping[str, Any], *, today: date, at: datetime, by: Actor) -> bool:
    case = Case.objects.get(pk=row["case_id"])
    try:
        with writing(case, by=by, at=at) as draft:
            signal = _signal(rule, ground, row, today=today, at=at)
            unit = Unit.objects.get(pk=signal.unit_id)
            if rule.is_carded:
                issue_card(draft, rule, signal, unit)
            else:
                draft.record(
                    SignalRaised(
                        rule=rule.code, rule_version=rule.version, level=signal.level, level_name=rule.level.zh,
                        because=signal.because, because_en=signal.because_en,
                    )
                )
            if rule.level is Level.REMINDER:
                tell_unit(signal, unit, rule.level.zh, draft.case.number, at)
    except _AlreadyRaised:
        return False
    return True


def _signal(rule: Rule, ground: Ground, row: Mapping[str, Any], *, today: date, at: datetime) -> Signal:
    told = rule.tell(row, {**ground.numbers, "today": today})
    text, _ = RuleText.objects.get_or_create(
        sha256=rule.sha256,
        defaults={"code": rule.code, "version": rule.version, "text": rule.text, "first_used_on": today},
    )
    signal, is_new = Signal.objects.get_or_create(
        dedupe_key=rule.dedupe_key(row),
        defaults={
            "case_id": row["case_id"],
            "deadline_id": row["deadline_id"],
            "unit_id": row["unit_id"],
            "rule": rule.code,
            "rule_version": rule.version,
            "rule_text": text,
            "level": rule.level.value,
            "facts": {column: plain(row[column]) for column in fact_columns(tuple(row))},
            "parameters": ground.told(),
            "because": told.zh,
            "because_en": told.en,
            "calendar_version": _calendar_version(row, ground),
            "raised_on": today,
            "raised_at": at,
        },
    )
    if not is_new:
        raise _AlreadyRaised
    return signal


def _calendar_version(row: Mapping[str, Any], ground: Ground) -> str:
    """Return the calendar the rule counted in: the deadline's own where there is one."""
    deadline = Deadline.objects.filter(pk=row["deadline_id"]).first()
    return deadline.calendar_version if deadline else ground.calendar.version
