"""A corrected or replacing notice (更正、替代): registered against an issued one, compared, applied once.

The new paper goes the way of every notice (read, checked, confirmed); what would be issued is instead
compared with the duties that run, and the leader applies the difference with a reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.changing import OPEN_STATES, end_cancelled
from yangguang.domains.directives.commands.guards import require_typed
from yangguang.domains.directives.commands.intake import PRINTED_ROLES, in_state, key_of, take_in
from yangguang.domains.directives.commands.issuing import (
    add_collective,
    cycle_word,
    establish_duty,
    parts_of_row,
    printed_units,
    short_title,
)
from yangguang.domains.directives.commands.supervising import count_children
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.differences import Difference, Match, Row, match_rows, rekey
from yangguang.domains.directives.models import Duty, Notice, Proposal, Receipt, Target
from yangguang.domains.directives.vocabulary import (
    HANDLING_ROLES,
    CorrectionRegistered,
    DeadlineMoved,
    DutyChanged,
    DutyState,
    NothingToCorrect,
    NoticeCorrected,
    NoticePublished,
    NoticeState,
    Role,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Deadline, Entry, Participation
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.processes.commands import hand_over_work
from yangguang.platform.now import beijing_day

#: a printed deadline with the number of its clock
Printed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction does to one duty: changed, added (no duty yet), removed (no row any more) or nothing."""

    kind: str
    duty: Duty | None
    row: Proposal | None
    differences: list[Difference]


def receive_correction(old: Notice, data: bytes, name: str, *, by: Actor, at: datetime) -> Notice:
    """Take a corrected or replacing notice in, bound to the issued one it corrects."""
    require(by, "directives.intake", on=beijing_day(at), unit=old.case.owner_id, kind="notice")
    with writing(old.case, by=by, at=at) as draft:
        if draft.case.state != NoticeState.ISSUED or Notice.objects.filter(replaces=old).exists():
            raise NothingToCorrect(state=NoticeState(draft.case.state))
        new = take_in(data, name, by=by, at=at, replaces=old)
        draft.record(CorrectionRegistered(by=new.case.number))
    return new


def changes_of(new: Notice) -> list[Change]:
    """Return what a correcting notice would do to the running duties of the one it corrects."""
    old = new.replaces
    if old is None:
        return []
    duties = {d.position: d for d in Duty.objects.filter(notice=old, case__parent=None).select_related("case")}
    before = {row.position: row for row in old.proposals.filter(position__in=duties)}
    after = {row.position: row for row in new.proposals.filter(kept=True)}
    names = _names([*before.values(), *after.values()])
    matches = match_rows([_row(r, names) for r in before.values()], [_row(r, names) for r in after.values()])
    return [change for match in matches for change in _changes(match, duties, before, after)]


def _changes(
    match: Match, duties: dict[int, Duty], before: dict[int, Proposal], after: dict[int, Proposal]
) -> list[Change]:
    duty = duties[match.old.position] if match.old else None
    row = after[match.new.position] if match.new else None
    if duty is None or row is None:
        return [Change("added" if duty is None else "removed", duty, row, [])]
    was, becomes = parts_of_row(before[duty.position]), parts_of_row(row)
    if (was.owner is None) != (becomes.owner is None):
        # a duty of one unit and a duty of many run through different processes
        return [Change("removed", duty, None, []), Change("added", None, row, match.differences)]
    return [Change("changed" if match.differences else "same", duty, row, match.differences)]


def _row(row: Proposal, names: dict[int, str]) -> Row:
    units = {
        role.value: [names.get(u.get("unit") or 0, u["printed"]) for u in row.units.get(role.value, ())]
        for role in PRINTED_ROLES
    }
    return Row(row.position, row.number, row.text, key_of(row.text), row.title, units, row.deadlines, row.targets)


def _names(rows: Collection[Proposal]) -> dict[int, str]:
    wanted = {u.get("unit") for row in rows for named in row.units.values() for u in named}
    return dict(Unit.objects.filter(pk__in=[u for u in wanted if u]).values_list("pk", "name"))


def apply_correction(new: Notice, *, reason: str, keep: Collection[int] = (), by: Actor, at: datetime) -> list[Change]:
    """Apply a confirmed correction: duties changed in place, added or cancelled, every unit told; once.

    ``keep`` are the duties that stay although the new paper leaves them out (a correction of single items). Duties
    that are done, struck off or otherwise ended stay as they are. One transaction.
    """
    old = new.replaces
    if old is None:
        raise WrongState("这份来文不是更正稿。", remedy="请在原来文页面登记更正。")
    require(by, "directives.approve", on=beijing_day(at), unit=old.case.owner_id, kind="notice")
    require_typed(reason=reason)
    with writing(old.case, by=by, at=at) as former, writing(new.case, by=by, at=at) as draft:
        in_state(former.case, NoticeState.ISSUED)
        in_state(draft.case, NoticeState.CONFIRMED)
        changes = [change for change in changes_of(new) if _applies(change, keep)]
        correction = Correction(new, reason.strip(), by, at, public=old.case.public_from is not None)
        for change in changes:
            correction.apply(change)
        counted = {k: sum(c.kind == k for c in changes) for k in ("changed", "added", "removed")}
        draft.enter(NoticeState.ISSUED)
        if correction.public:
            draft.publish()
            draft.record(NoticePublished(basis=f"更正 {old}"))
        told = NoticeCorrected(by_number=str(new), reason=correction.reason, **counted)
        draft.record(told)
        former.record(told)
        if not Duty.objects.filter(notice=old, case__closed_at=None).exists():
            former.enter(NoticeState.REPLACED)
    return changes


def _applies(change: Change, keep: Collection[int]) -> bool:
    if change.duty is None:
        return True
    return change.duty.case.state in OPEN_STATES and (change.kind != "removed" or change.duty.pk not in keep)


@dataclass
class Correction:
    """One application of a correction to duty after duty."""

    notice: Notice
    reason: str
    by: Actor
    at: datetime
    public: bool

    def apply(self, change: Change) -> None:
        """Do one change."""
        if change.duty is None:
            if change.row is not None:
                establish_duty(self.notice, change.row, by=self.by, at=self.at, public=self.public)
        elif change.row is None:
            with writing(change.duty.case, by=self.by, at=self.at) as draft:
                end_cancelled(draft, reason=self.reason, basis=str(self.notice))
        else:
            self._change(change.duty, change.row, change.differences)

    def _change(self, duty: Duty, row: Proposal, found: list[Difference]) -> None:
        was = parts_of_row(Proposal.objects.get(notice=duty.notice, position=duty.position))
        becomes = parts_of_row(row)
        printed = rekey(duty.printed_deadlines, row.deadlines)
        self._place(duty, row)
        if not found:
            return
        with writing(duty.case, by=self.by, at=self.at) as draft:
            self._refuse_standing_still(draft, duty, printed)
            entry = draft.record(self._told(found))
            self._words(draft, duty, row)
            self._units(draft, duty, was.units, becomes.units, becomes.owner)
            self._deadlines(draft, duty, printed, entry)
            _targets(duty, row.targets)
            for part in Duty.objects.filter(case__parent=duty.case, case__state__in=OPEN_STATES).select_related("case"):
                self._part(part, row, printed, found)
            gone = [name for _, _, name in was.collectives if name not in [n for _, _, n in becomes.collectives]]
            self._withdraw(duty, gone)
            have = [name for _, _, name in was.collectives]
            for role, collective, name in becomes.collectives:
                if name not in have:
                    add_collective(draft, duty, role, collective, name, at=self.at)
            parts = draft.case.participations.exclude(role=Role.SUPERVISING).values_list("unit_id", flat=True)
            tell_units(draft, list(parts), subject="来文更正", body=self.reason)
        if duty.children_total:
            count_children(duty, by=self.by, at=self.at)

    def _part(self, part: Duty, row: Proposal, printed: list[dict[str, Any]], found: list[Difference]) -> None:
        self._place(part, row)
        with writing(part.case, by=self.by, at=self.at) as draft:
            self._refuse_standing_still(draft, part, printed)
            entry = draft.record(self._told(found))
            self._words(draft, part, row)
            self._deadlines(draft, part, printed, entry)
            _targets(part, row.targets)
            tell_units(draft, [draft.case.owner_id], subject="来文更正", body=self.reason)

    def _told(self, found: list[Difference]) -> DutyChanged:
        return DutyChanged(
            notice=str(self.notice), fields="、".join(f.label for f in found), reason=self.reason,
            old={f.label: f.old for f in found}, new={f.label: f.new for f in found},
        )

    def _place(self, duty: Duty, row: Proposal) -> None:
        """Bind a duty to its place in the new paper; its own number and trail stay."""
        duty.notice, duty.position, duty.number, duty.path = self.notice, row.position, row.number, row.path
        duty.spans = (row.read or {}).get("spans", {})
        duty.save(update_fields=["notice", "position", "number", "path", "spans"])

    @staticmethod
    def _words(draft: Draft, duty: Duty, row: Proposal) -> None:
        draft.case.title = short_title(row.title, row.text)
        duty.text, duty.persons, duty.printed = row.text, row.persons, printed_units(row)
        duty.save(update_fields=["text", "persons", "printed"])

    def _units(
        self, draft: Draft, duty: Duty, was: dict[Role, list[int]], becomes: dict[Role, list[int]], owner: int | None
    ) -> None:
        """Release the units the paper took out and give the duty to those it added; what a ruling changed stays."""
        for role in PRINTED_ROLES:
            draft.release(role, *(u for u in was[role] if u not in becomes[role]))
            draft.involve(role, *(u for u in becomes[role] if u not in was[role]))
        parts = Participation.objects.filter(case=draft.case).exclude(role=Role.SUPERVISING)
        taking_part = set(parts.values_list("unit_id", flat=True))
        released = [u for units in was.values() for u in units if u not in taking_part]
        for clock in Deadline.objects.filter(case=draft.case, unit__in=released, state__in=("running", "suspended")):
            deadlines.stop_deadline(draft, clock.key, reason="更正后不再参加")
        Receipt.objects.filter(duty=duty, unit__in=released, signed_at=None).delete()
        tell_units(draft, released, subject="更正：不再参加", body=self.reason)
        for unit in taking_part - set(Receipt.objects.filter(duty=duty).values_list("unit_id", flat=True)):
            Receipt.objects.create(duty=duty, unit_id=unit)
            clocks.start_signing(draft, unit)
        handling = set(parts.filter(role__in=HANDLING_ROLES).values_list("unit_id", flat=True))
        if owner is not None and draft.case.owner_id not in handling:
            draft.case.owner_id = owner
            hand_over_work(draft)

    def _deadlines(self, draft: Draft, duty: Duty, printed: list[dict[str, Any]], entry: Entry) -> None:
        before = {item["k"]: item for item in duty.printed_deadlines}
        after = {item["k"]: item for item in printed}
        duty.printed_deadlines, old_cycle, duty.cycle = printed, duty.cycle, cycle_word(printed)
        duty.save(update_fields=["printed_deadlines", "cycle"])
        today = beijing_day(self.at)
        for k in before.keys() | after.keys():
            if before.get(k) != after.get(k):
                self._deadline(draft, duty, before.get(k), after.get(k), entry, today)
        clocks.start_missing_receipt_clocks(draft, duty)
        if duty.cycle != old_cycle:
            clocks.stop_reports(draft, after=today, reason="更正后报告周期改变")
        if Receipt.objects.filter(duty=duty).exists():
            clocks.start_reports(draft, duty, today)

    def _deadline(
        self, draft: Draft, duty: Duty, old: Printed | None, new: Printed | None, entry: Entry, today: date
    ) -> None:
        """Move, stop or start the clocks of one printed deadline, each with the old day and the new."""
        k = (old or new or {})["k"]
        held = list(clocks.clocks_of(draft, k))
        moved = old is not None and new is not None and old["kind"] == new["kind"] == "by" and new.get("date")
        if moved and held:
            (clock,) = held
            until = date.fromisoformat(new["date"])
            draft.record(DeadlineMoved(label=new["expr"], old=clock.due_on, new=until, reason=self.reason))
            deadlines.extend_to(draft, clock, until, entry=entry, reason="来文更正")
            Deadline.objects.filter(pk=clock.pk).update(label=new["expr"][:200], soft=bool(new.get("soft")))
            return
        for clock in held:
            draft.record(DeadlineMoved(label=clock.label, old=clock.due_on, new=None, reason=self.reason))
            deadlines.stop_deadline(draft, clock.key, reason="来文更正")
        if new is None:
            return
        if held or clocks.has_clock(draft, k):  # what was stopped or met keeps its key: the new clock has its own
            new["k"] = max(item["k"] for item in duty.printed_deadlines) + 1
            duty.save(update_fields=["printed_deadlines"])
        wanted = clocks.printed_clock(draft, duty, new, today=today)
        for clock in deadlines.set_deadlines(draft, [wanted] if wanted else []):
            draft.record(DeadlineMoved(label=clock.label, old=None, new=clock.due_on, reason=self.reason))

    @staticmethod
    def _refuse_standing_still(draft: Draft, duty: Duty, printed: list[dict[str, Any]]) -> None:
        if draft.case.state == DutyState.SUSPENDED and duty.printed_deadlines != printed:
            raise WrongState(
                "{number} 正在中止，期限不能更正。", remedy="请先恢复办理，再办理更正。", number=draft.case.number
            )

    def _withdraw(self, duty: Duty, names: list[str]) -> None:
        """Cancel the parts of the collectives that the paper took out."""
        duty.nominations.filter(printed__in=names, settled_at=None).update(settled_at=self.at)
        parts = Duty.objects.filter(case__parent=duty.case, collective__in=names, case__state__in=OPEN_STATES)
        for part in parts.select_related("case"):
            with writing(part.case, by=self.by, at=self.at) as draft:
                end_cancelled(draft, reason=self.reason, basis=str(self.notice))


def _targets(duty: Duty, printed: list[dict[str, Any]]) -> None:
    """Put the new numbers in the places of the old ones, so that what was counted stays."""
    known = {t.position: t for t in duty.targets.all()}
    for k, target in enumerate(printed, start=1):
        row = known.pop(k, None) or Target(duty=duty, position=k)
        row.expr, row.operator = target["expr"], target.get("operator") or ""
        row.value, row.unit = target.get("value"), target.get("unit") or ""
        row.save()
    Target.objects.filter(pk__in=[t.pk for t in known.values()]).delete()
