"""Running clocks reckoned anew when their calendar has changed: by a notice, by a release, by a file of the instance.

What is still to be done is read from the rows, not remembered: an open clock whose answer was reckoned under another
version than its calendar's present one. So a replay that is killed goes on where it stopped, two at once share the
work, a clock that another process started meanwhile under the old calendar is found later, and nothing is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.clock.vocabulary import ClockError
from yangguang.kernel.ledger.adopted import forget_adopted
from yangguang.kernel.ledger.adopting import jurisdictions, open_clocks, touched
from yangguang.kernel.ledger.calendar_days import sync_calendar
from yangguang.kernel.ledger.calendar_vocabulary import KEEPER, ClockMoved, ClocksConfirmed, ClocksUnsettled
from yangguang.kernel.ledger.deadlines import account, calendar_in, recompute
from yangguang.kernel.ledger.models import Case, Deadline, Stream
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import Draft, writing

#: cases that are looked up at once
BATCH = 200
#: notices that an entry names at most
NAMED = 3
_LOG = logging.getLogger(__name__)

_CHANGED = """
SELECT new.day, old.is_work <> new.is_work
FROM ledger_calendarday AS old JOIN ledger_calendarday AS new USING (day)
WHERE old.version = %s AND new.version = %s AND (old.is_work, old.provisional) <> (new.is_work, new.provisional)
ORDER BY new.day"""


@dataclass(slots=True)
class Replayed:
    """What a replay did: clocks moved, clocks whose day stays but is final now or no longer, clocks that stay."""

    moved: int = 0
    settled: int = 0
    unchanged: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Change:
    """The days on which two versions of a calendar differ, each with whether it is worked otherwise."""

    calendar: WorkingCalendar
    days: tuple[tuple[date, bool], ...] = field(default=())

    def because(self, deadline: Deadline, due_on: date | None) -> str:
        """Return the notices that changed the days on which a clock rests."""
        ends = [day for day in (deadline.starts_on, deadline.due_on, due_on) if day is not None]
        near = [pair for pair in self.days if min(ends) <= pair[0] <= max(ends)] or list(self.days)
        worked = [pair for pair in near if pair[1]] or near
        named = list(dict.fromkeys(self._source(day) for day, _ in worked))
        return "、".join(named[:NAMED]) or f"日历 {self.calendar.version}"

    def _source(self, day: date) -> str:
        """Return the notice that says what a day is now: its own, or the one that settled its year."""
        fact = self.calendar.fact(day)
        ordinary = not fact.name
        return str(self.calendar.settled_by.get(day.year, fact.source) if ordinary else fact.source)


def replay_clocks(*, at: datetime) -> Replayed:
    """Reckon every open clock anew whose calendar has changed, case by case, and tell what moved.

    Each case is a transaction of its own: one entry a moved clock with the old day, the new one and the notice; its
    former answer kept; its light settled; its units told by whoever subscribes to ``ledger.clock_moved``.
    """
    forget_adopted()
    done = Replayed()
    for code in jurisdictions():
        calendar = calendar_in(code)
        for version in _stale_versions(code, calendar):
            change = _Change(calendar, _changed(version, calendar))
            if change.days or _is_known(version):
                done.unchanged += _confirm_untouched(code, version, change)
            for case in _cases(code, version):
                _replay_case(case, version, change, done, at=at)
    return done


def pending() -> int:
    """Return how many open clocks wait to be reckoned anew."""
    return sum(
        open_clocks().filter(jurisdiction=code).exclude(calendar_version=calendar_in(code).version).count()
        for code in jurisdictions()
    )


def _stale_versions(code: str, calendar: WorkingCalendar) -> list[str]:
    found = open_clocks().filter(jurisdiction=code).exclude(calendar_version=calendar.version)
    return list(found.values_list("calendar_version", flat=True).distinct().order_by("calendar_version"))


def _is_known(version: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_calendarday WHERE version = %s)", [version])
        return bool(cursor.fetchone()[0])


def _changed(version: str, calendar: WorkingCalendar) -> tuple[tuple[date, bool], ...]:
    sync_calendar(calendar)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [version, calendar.version])
        return tuple((day, bool(otherwise)) for day, otherwise in cursor.fetchall())


def _confirm_untouched(code: str, version: str, change: _Change) -> int:
    """Note that clocks which rest on none of the changed days have the same answer under the new version."""
    stale = Deadline.objects.filter(
        state__in=("running", "suspended"), case__closed_at=None, jurisdiction=code, calendar_version=version
    )
    if change.days:
        stale = stale.exclude(pk__in=stale.filter(touched(change.days[0][0], change.days[-1][0])).values("pk"))
    return stale.update(calendar_version=change.calendar.version)


def _cases(code: str, version: str) -> Iterator[Case]:
    """Yield the cases with stale clocks, looked up batch by batch: what others did meanwhile is left out."""
    after = 0
    while True:
        stale = open_clocks().filter(jurisdiction=code, calendar_version=version, case__gt=after)
        batch = list(stale.order_by("case").values_list("case", flat=True).distinct()[:BATCH])
        if not batch:
            return
        yield from Case.objects.filter(pk__in=batch).order_by("pk")
        after = batch[-1]


def _replay_case(case: Case, version: str, change: _Change, done: Replayed, *, at: datetime) -> None:
    with transaction.atomic():
        Stream.objects.select_for_update().get(pk=case.stream_id)
        stale = list(open_clocks().filter(case=case, calendar_version=version).select_related("case"))
        moved, settled = [], []
        for deadline in stale:
            try:
                answer = account(deadline, calendar=change.calendar)
            except ClockError as error:
                # The old answer stands and the clock stays pending: one that cannot be reckoned stops no other.
                done.failed += 1
                _LOG.warning("clock %s of %s cannot be reckoned anew: %s", deadline.key, case.number, error)
                continue
            if answer.due_on != deadline.due_on:
                moved.append((deadline, answer.due_on))
            elif answer.provisional != deadline.provisional:
                settled.append((deadline, answer.provisional))
            else:
                Deadline.objects.filter(pk=deadline.pk).update(calendar_version=change.calendar.version)
                done.unchanged += 1
        if moved or settled:
            with writing(case, by=Actor.system(KEEPER), at=at) as draft:
                _tell_moved(draft, moved, change)
                _tell_settled(draft, settled, change)
            done.moved += len(moved)
            done.settled += len(settled)


def _tell_moved(draft: Draft, moved: Sequence[tuple[Deadline, date | None]], change: _Change) -> None:
    for deadline, due_on in moved:
        notice = change.because(deadline, due_on)
        entry = draft.record(
            ClockMoved(label=deadline.label, old=deadline.due_on, new=due_on, notice=notice, unit=deadline.unit_id)
        )
        recompute(deadline, entry=entry, reason=_short(notice), calendar=change.calendar)


def _tell_settled(draft: Draft, settled: Sequence[tuple[Deadline, bool]], change: _Change) -> None:
    for kind, provisional in ((ClocksConfirmed, False), (ClocksUnsettled, True)):
        clocks = [deadline for deadline, becomes in settled if becomes is provisional]
        if clocks:
            notice = change.because(clocks[0], clocks[0].due_on)
            entry = draft.record(kind(labels=tuple(c.label for c in clocks), notice=notice))
            for deadline in clocks:
                recompute(deadline, entry=entry, reason=_short(notice), calendar=change.calendar)


def _short(notice: str) -> str:
    """Return the reason kept beside a former answer: the notice's number where it has one."""
    number = notice.rpartition("（")[2].removesuffix("）")
    return f"日历：{number}"[:60]
