"""A small world for the ledger's tests: one province, two units, one officer, one kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from yangguang.kernel.ledger.kinds import KINDS, Kind
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Event, Typed
from yangguang.kernel.ledger.writing import opening
from yangguang.kernel.organisation.models import Division, Unit

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SomethingNoted(Event):
    """Something was noted (tests)."""

    name: ClassVar[str] = "tests.something_noted"
    zh: ClassVar[str] = "记事"
    en: ClassVar[str] = "Noted"
    sentence: ClassVar[str] = "记：{what}"
    sentence_en: ClassVar[str] = "Noted: {what}"
    what: str


@dataclass(frozen=True, kw_only=True)
class SomethingTyped(Event):
    """Somebody gave a reason in his own words (tests)."""

    name: ClassVar[str] = "tests.something_typed"
    zh: ClassVar[str] = "说明"
    en: ClassVar[str] = "Typed"
    sentence: ClassVar[str] = "因：{reason}"
    sentence_en: ClassVar[str] = "Because: {reason}"
    reason: Typed


@dataclass
class World:
    """Who is there."""

    division: Division
    office: Unit
    bureau: Unit
    clerk: Actor

    def case(self, number: str = "99-T2026-0001", **facts: object) -> Case:
        """Open a case with one entry."""
        KINDS.setdefault("test", Kind("test", "测试", "Test"))
        given = {"kind": "test", "title": "试件", "owner": self.bureau, "division": self.division, "state": "open",
                 "rulebook_hash": "0" * 64, **facts}
        with opening(number=number, by=self.clerk, at=NOON, **given) as draft:
            draft.record(SomethingNoted(what="开案"))
        return draft.case


def make_world() -> World:
    """Build the world; rows of the organisation are the only ones not made by a command here."""
    start = date(2000, 1, 1)
    division = Division.objects.create(
        code="99", name="青禾省", short_name="青禾", level="province", valid_from=start, sort_key="qinghe"
    )
    common = {"division": division, "nature": "department", "level": "province", "valid_from": start}
    office = Unit.objects.create(code="99-dc", name="省政府督查室", sort_key="dcs", **common)
    bureau = Unit.objects.create(code="99-cz", name="省财政厅", sort_key="czt", **common)
    return World(division, office, bureau, Actor(ActorKind.SYSTEM, "tests", bureau.pk))
