"""Taking a notice in, and correcting what was read until a person confirms it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from yangguang.domains.directives.models import Notice, Proposal
from yangguang.domains.directives.reader import Reading, read_bytes
from yangguang.domains.directives.reader.script import fold
from yangguang.domains.directives.vocabulary import (
    ADDED,
    ROW_FIELDS,
    AlreadyKnown,
    DecompositionConfirmed,
    DecompositionReturned,
    NoticeReceived,
    NoticeState,
    ProposalChanged,
    Role,
    UnitsUnresolved,
    WrongState,
)
from yangguang.kernel.documents.commands import store
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import next_number, opening, writing
from yangguang.kernel.organisation import queries as organisation
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day

PRINTED_ROLES = (Role.LEAD, Role.SUPPORT, Role.RESPONSIBLE)


def receive_notice(data: bytes, name: str, *, by: Actor, at: datetime, back_entered: bool = False) -> Notice:
    """Take a notice in: keep the file, read it, and lay out a proposal to confirm.

    The same notice, from whatever page it was taken, raises ``AlreadyKnown`` with
    the one that is here; ``Unreadable`` comes from the reader and nothing is kept.
    """
    return take_in(data, name, by=by, at=at, back_entered=back_entered)


def take_in(
    data: bytes, name: str, *, by: Actor, at: datetime, back_entered: bool = False, replaces: Notice | None = None
) -> Notice:
    """Take a notice in; one that ``replaces`` another may bear its number, but not all its words."""
    unit = Unit.objects.select_related("division").get(pk=by.unit)
    day = beijing_day(at)
    require(by, "directives.intake", on=day, unit=unit.pk, kind="notice")
    reading = read_bytes(data, name)
    content = reading.as_json()
    sha256 = hashlib.sha256(data).hexdigest()
    title = content["title"] or name
    signed_on = date.fromisoformat(content["date"]) if content["date"] else None
    with opening(
        number=lambda: notice_number(unit, day),
        kind="notice",
        title=title,
        owner=unit,
        division=unit.division,
        state=NoticeState.DRAFT,
        rulebook_hash=house_rulebook().hash,
        by=by,
        at=at,
    ) as draft:
        # the row of the number series is locked: two drops of one notice come one after the other
        _refuse_known(sha256, reading.text, content, unit, replaces)
        document = store(data, name=name, kind="notice", stream=draft.stream.key, by=by.key, at=at)
        notice = Notice.objects.create(
            case=draft.case,
            document=document,
            sha256=sha256,
            text_sha256=fingerprint(content, reading.text),
            number_key=key_of(content["document_number"] or ""),
            source_name=name,
            text=reading.text,
            reading=content,
            document_number=content["document_number"] or "",
            issuer=content["issuer"] or "",
            signed_on=signed_on,
            back_entered=back_entered,
            replaces=replaces,
        )
        propose(notice, reading, unit, day)
        draft.record(
            NoticeReceived(
                sha256=sha256, document=str(document.pk), duties=len(content["duties"]),
                warnings=len(content["warnings"]),
            )
        )
    return notice


def notice_number(unit: Unit, day: date) -> str:
    """Return the next case number of a notice; only inside a writing or right before one."""
    code = unit.division.code
    return f"{code}-N{day.year}-{next_number(f'notice:{code}:{day.year}'):04d}"


def key_of(text: str) -> str:
    """Return a text without what differs from page to page: script, width, white space and punctuation."""
    return "".join(char for char in fold(text).lower() if char.isalnum())


def fingerprint(content: Mapping[str, Any], text: str) -> str:
    """Return what stays the same however a notice is set on a page: the words of its duties, else all its words."""
    words = "\n".join(key_of(duty["text"]) for duty in content["duties"]) or key_of(text)
    return hashlib.sha256(words.encode()).hexdigest()


def _substance(content: Mapping[str, Any]) -> list[Any]:
    """Return what a notice asks of whom by when, however it is set."""
    return [
        [key_of(duty["text"]), *([key_of(unit) for unit in duty[role.value]] for role in PRINTED_ROLES),
         [(key_of(d["expr"]), d["date"]) for d in duty["deadlines"]]]
        for duty in content["duties"]
    ]  # fmt: skip


def _refuse_known(sha256: str, text: str, content: Mapping[str, Any], unit: Unit, replaces: Notice | None) -> None:
    """Refuse a notice that is here: same file, same words under no other number, or same number and title or day."""
    number = key_of(content["document_number"] or "")
    if replaces is not None:  # a correction may leave the words and change units or days alone
        if _substance(content) == _substance(replaces.reading):
            raise AlreadyKnown(number=replaces.case.number)
        return
    here = Notice.objects.filter(case__owner=unit).select_related("case").order_by("pk")
    known = here.filter(Q(sha256=sha256) | Q(text_sha256=fingerprint(content, text), number_key__in={number, ""}))
    if not number:
        known = here.filter(Q(sha256=sha256) | Q(text_sha256=fingerprint(content, text)))
    found = known.first()
    if found is None and number:
        numbered = here.filter(number_key=number)
        day = content["date"] and date.fromisoformat(content["date"])
        title = key_of(content["title"] or "")
        found = next((n for n in numbered if n.signed_on == day or key_of(n.case.title) == title), None)
    if found:
        raise AlreadyKnown(number=found.case.number)


def propose(notice: Notice, reading: Reading, unit: Unit, day: date) -> None:
    """Lay out what was read as rows to confirm, units matched where that is certain."""
    Proposal.objects.bulk_create(
        Proposal(
            notice=notice,
            position=position,
            read=duty,
            title=duty["title"],
            text=duty["text"],
            path=duty["path"],
            number=duty["number"] or "",
            units={role.value: match_units(duty[role.value], unit, day) for role in PRINTED_ROLES},
            deadlines=duty["deadlines"],
            targets=duty["targets"],
            persons=duty["persons"],
        )
        for position, duty in enumerate(reading.as_json()["duties"], start=1)
    )


def match_units(printed: Sequence[str], reader_unit: Unit, day: date) -> list[dict[str, Any]]:
    """Return for each printed name the unit or collective it means here, or candidates to choose from."""
    resolver = organisation.Resolver(reader_unit.division, day)
    return [named_unit(resolver.resolve(name)) for name in printed]


def named_unit(found: organisation.Resolution) -> dict[str, Any]:
    """Return a resolved name as a proposal keeps it."""
    meant = found.collective
    return {
        "printed": found.text,
        "unit": found.unit.pk if found.unit else None,
        "collective": {"predicate": meant.predicate.written, "open": meant.open} if meant else None,
        "how": found.how.value,
        "candidates": [candidate.unit.pk for candidate in found.candidates[:5]],
    }


def change_proposals(
    notice: Notice, changes: Mapping[int, Mapping[str, Any]], *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Save a person's corrections, by position; a new position adds a row of his own.

    What is given as it stands is no change; where nothing else is given, nothing is written.
    """
    require(by, "directives.intake", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    if not _differing(notice, changes):
        return
    with writing(notice.case, by=by, at=at, revision=revision) as draft:
        in_state(notice.case, NoticeState.DRAFT)
        changed = _differing(notice, changes)
        told: dict[str, tuple[str, ...]] = {}
        for position in sorted(changed):
            row, added = Proposal.objects.get_or_create(notice=notice, position=position)
            for name, value in changed[position].items():
                setattr(row, name, value)
            row.edited = True
            row.save()
            told[str(position)] = (ADDED,) if added else tuple(f for f in ROW_FIELDS if f in changed[position])
        draft.record(ProposalChanged(positions=tuple(sorted(changed)), fields=told))


def _differing(notice: Notice, changes: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return what really changes: fields given otherwise than they stand, and rows that are new."""
    rows = {row.position: row for row in notice.proposals.filter(position__in=changes)}
    differing = {}
    for position, change in changes.items():
        unknown = set(change) - (set(ROW_FIELDS) - {ADDED})
        if unknown:
            raise Malformed("不能修改的字段：{fields}", fields="、".join(sorted(unknown)))
        if not 0 <= change.get("percent", 0) <= 100:
            raise Malformed(errors={f"r-{position}-percent": "进度为 0 到 100。"})
        row = rows.get(position)
        given = {name: v for name, v in change.items() if row is None or v != getattr(row, name)}
        if given:
            differing[position] = given
    return differing


def confirm_decomposition(notice: Notice, *, by: Actor, at: datetime, revision: int | None = None) -> None:
    """Confirm the rows and send them to the leader; every named unit must have been matched."""
    require(by, "directives.intake", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    with writing(notice.case, by=by, at=at, revision=revision) as draft:
        in_state(draft.case, NoticeState.DRAFT)
        rows = list(notice.proposals.all())
        kept = [row for row in rows if row.kept]
        if not kept:
            raise Malformed("没有保留任何一项任务。", remedy="请至少保留一项；如来文不含任务，请撤回。")
        open_rows = [row.position for row in kept if _unmatched(row)]
        if open_rows:
            raise UnitsUnresolved(positions="、".join(map(str, open_rows)))
        draft.enter(NoticeState.CONFIRMED)
        draft.record(DecompositionConfirmed(duties=len(kept), dropped=len(rows) - len(kept)))


def return_decomposition(notice: Notice, *, reason: str, by: Actor, at: datetime) -> None:
    """Send the decomposition back to be changed, with the reason."""
    require(by, "directives.approve", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    if not reason.strip():
        raise Malformed("请写明退回理由。", errors={"reason": "请写明退回理由。"})
    with writing(notice.case, by=by, at=at) as draft:
        in_state(draft.case, NoticeState.CONFIRMED)
        draft.enter(NoticeState.DRAFT)
        draft.record(DecompositionReturned(reason=reason.strip()))


def _unmatched(row: Proposal) -> bool:
    named = [u for units in row.units.values() for u in units]
    return not named or any(not u.get("unit") and not u.get("collective") for u in named)


def in_state(case: Case | None, *states: NoticeState) -> None:
    """Refuse unless the notice is in one of these states."""
    if case is None or case.state not in states:
        raise WrongState(state=NoticeState(case.state) if case else "—")
