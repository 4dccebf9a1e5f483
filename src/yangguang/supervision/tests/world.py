"""A watched world: cases of the invented province with clocks, opened and changed as any room would do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar

from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Case, Deadline
from yangguang.kernel.ledger.vocabulary import Actor, Event
from yangguang.kernel.ledger.writing import opening, writing
from yangguang.kernel.organisation.models import Division, Officer
from yangguang.kernel.organisation.tests import world as organisation
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import BEIJING, set_clock
from yangguang.supervision.models import Card, Signal
from yangguang.supervision.vocabulary import ANSWER, JUDGE, READ


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    """Something happened in another room."""

    name: ClassVar[str] = "watched.happened"
    zh: ClassVar[str] = "办理"
    en: ClassVar[str] = "Acted"
    sentence: ClassVar[str] = "办理。"
    sentence_en: ClassVar[str] = "Acted."


def moment(day: date, hour: int = 10) -> datetime:
    """Return a moment of a day in office hours."""
    return datetime.combine(day, time(hour), BEIJING)


class World:
    """The province with its cast; ``county`` handles, ``office`` supervises, ``other`` sees nothing."""

    def __init__(self) -> None:
        self.units = organisation.build()
        self.county, self.office, self.other = self.units["KFIN"], self.units["CEFF"], self.units["W2FIN"]
        # another province, without rules of its own, for what holds in the whole country
        self.elsewhere = Division.objects.create(
            code="53", name="云岭省", short_name="云岭", level="province", valid_from=organisation.START, sort_key="yl"
        )
        every = ["card", "duty"]
        self.handler = self._officer("KFIN1", "KFIN", {ANSWER: every, READ: every, "directives.read": every})
        self.supervisor = self._officer(
            "CEFF1", "CEFF", {JUDGE: every, READ: every, "directives.read": every}, scope="C"
        )
        everything = {ANSWER: every, JUDGE: every, READ: every, "directives.read": every}
        self.stranger = self._officer("W2FIN1", "W2FIN", everything)
        self._serial = 0

    def _officer(self, name: str, unit: str, capabilities: dict[str, list[str]], scope: str | None = None) -> Actor:
        officer: Officer = self.units.officer(name, unit, capabilities, scope=scope)
        return Actor.officer(officer.pk, self.units[unit].pk)

    def case(
        self,
        opened_on: date,
        *,
        recorded_on: date | None = None,
        division: str = "990121",
        kind: str = "duty",
        state: str = "in_progress",
        public: bool = False,
    ) -> Case:
        """Open a case of the county's finance bureau, supervised by the city's office."""
        self._serial += 1
        set_clock(lambda: moment(recorded_on or opened_on))
        place = self.elsewhere if division == "53" else self.units.divisions[division]
        facts: dict[str, Any] = {
            "number": f"{division}-T-{self._serial:03d}", "kind": kind, "title": f"第{self._serial}件",
            "owner": self.county, "division": place, "state": state, "rulebook_hash": house_rulebook().hash,
        }
        with opening(**facts, by=self.supervisor, at=moment(opened_on)) as draft:
            draft.involve("supervising", self.office.pk)
            if public:
                draft.publish()
            draft.record(Happened())
        return draft.case

    def clock(
        self, case: Case, on: date, key: str = "by:0", *, due_on: date | None = None, term: str = "", **facts: Any
    ) -> Deadline:
        """Start a clock of a case, by a named day or by a term."""
        limit = deadlines.fixed(due_on) if due_on else Limit(parse_term(term))
        facts = {"start": moment(on), "label": key, **facts}
        set_clock(lambda: moment(on))
        with writing(case, by=self.supervisor, at=moment(on)) as draft:
            deadline = deadlines.set_deadline(draft, key, limit, **facts)
            draft.record(Happened())
        return deadline

    def act(self, case: Case, on: date, *, recorded_on: date | None = None, by: Actor | None = None) -> None:
        """Let an officer do something, recorded on the same or a later day."""
        set_clock(lambda: moment(recorded_on or on))
        with writing(case, by=by or self.handler, at=moment(on)) as draft:
            draft.record(Happened())

    def suspend(self, case: Case, on: date) -> None:
        """Suspend a case with its clocks."""
        set_clock(lambda: moment(on))
        with writing(case, by=self.supervisor, at=moment(on)) as draft:
            draft.case.suspended_on = on
            deadlines.suspend_all(draft, entry=draft.record(Happened()))

    def late_card(self, *, public: bool = False) -> Card:
        """Return the yellow card of a duty that was due on 31 March 2026 and swept on 2 April."""
        from yangguang.supervision.commands import sweep  # noqa: PLC0415 - commands need the kinds registered

        case = self.case(date(2026, 3, 2), public=public)
        self.clock(case, date(2026, 3, 2), due_on=date(2026, 3, 31), label="三月底前完成")
        set_clock(lambda: moment(date(2026, 4, 2)))
        sweep(today=date(2026, 4, 2), at=moment(date(2026, 4, 2)))
        return Card.objects.get(signal__case=case)


def signals(case: Case) -> list[tuple[str, str]]:
    """Return rule and level of every signal of a case, by rule."""
    return sorted(Signal.objects.filter(case=case).values_list("rule", "level"))


def calendars(folder: Path) -> list[str]:
    """Make a folder in which the invented province has a calendar: the nation's."""
    (folder / "99-qinghe").mkdir()
    return [str(folder)]
