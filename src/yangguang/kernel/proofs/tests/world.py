"""A ledger of some days for the tests of proofs, its clock moved by hand."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.tests.world import SomethingNoted, World, make_world
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.proofs.commands import close_days
from yangguang.platform import now as clock

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BEIJING)


@dataclass
class Days:
    """Cases written to on some days; ``at`` is the moment that is now."""

    world: World = field(default_factory=make_world)
    at: datetime = FIRST

    def __post_init__(self) -> None:
        clock.set_clock(lambda: self.at)

    def note(self, number: str, *words: str) -> None:
        """Write words on a case, opening it where it is new."""
        case = Case.objects.filter(number=number).first() or self.world.case(number)
        with writing(case, by=self.world.clerk, at=self.at) as draft:
            for word in words:
                draft.record(SomethingNoted(what=word))

    def night(self, days: int = 1) -> list:
        """Let days pass, close them, and stand at nine in the morning."""
        self.at += timedelta(days=days)
        return close_days(at=self.at)


def three_days() -> Days:
    """Two cases over three closed days, and something on the fourth that is still open."""
    days = Days()
    days.note("99-T2026-0001", "一", "二", "三")
    days.note("99-T2026-0002", "甲")
    days.night()
    days.note("99-T2026-0001", "四")
    days.note("99-T2026-0002", "乙", "丙")
    days.night()
    days.note("99-T2026-0002", "丁")
    days.night()
    days.note("99-T2026-0001", "五")
    return days


@contextmanager
def superuser():
    """Do what only the owner of the database can: write with every trigger and constraint off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def entry(number: str, seq: int) -> Entry:
    """Return an entry of a case."""
    return Entry.objects.get(stream_id=f"case:{number}", seq=seq)
