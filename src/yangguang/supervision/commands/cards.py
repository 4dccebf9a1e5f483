"""What becomes of a card: issued and served by the sweep, answered by the unit, judged by the owner of supervision."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, Deadline, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft, next_number, opening, writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.outbox.commands import send
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day
from yangguang.supervision.models import Card, Signal
from yangguang.supervision.rules import Rule
from yangguang.supervision.vocabulary import (
    ANSWER,
    ANSWER_CLOCK,
    CARD,
    JUDGE,
    JUDGED_STATES,
    SYSTEM,
    AnswerPeriodRuns,
    CardAcknowledged,
    CardClosed,
    CardExplained,
    CardIssued,
    CardJudged,
    CardNotified,
    CardPublished,
    CardState,
    CardWithdrawn,
    Excuse,
    Level,
    SameUnitJudges,
    SignalState,
    Verdict,
    WrongState,
)

SUPERVISION = Actor.system(SYSTEM)
#: the part of a watched case whose holder also sees its cards
SUPERVISING = "supervising"


def tell_unit(signal: Signal, unit: Unit, level: str, number: str, at: datetime) -> None:
    """Put a signal into its unit's inbox, once."""
    subject = f"{level}：{signal.case.title}"
    send(subject, signal.because, key=f"signal:{signal.pk}:{unit.pk}", at=at, unit=unit.pk, case=number)


def issue_card(watched: Draft, rule: Rule, signal: Signal, unit: Unit) -> None:
    """Open the card as a case of its own and serve it; the watched case's trail tells of it."""
    case = watched.case
    facts = {
        "kind": CARD, "title": f"{rule.level.zh}：{case.title}", "owner": unit, "division": case.division,
        "parent": case, "state": CardState.ISSUED, "rulebook_hash": house_rulebook().hash,
    }
    year = signal.raised_on.year
    series = f"{case.division.code}-C{year}"
    with opening(
        number=lambda: f"{series}-{next_number(f'card:{series}'):04d}", by=watched.by, at=watched.at, **facts
    ) as draft:
        Card.objects.create(case=draft.case, signal=signal)
        offices = Participation.objects.filter(case=case, role=SUPERVISING).values_list("unit_id", flat=True)
        draft.involve(SUPERVISING, *offices)
        issued = CardIssued(
            card=draft.case.number, rule=rule.code, rule_version=rule.version, rule_sha256=rule.sha256,
            level=rule.level.value, level_name=rule.level.zh, unit=unit.pk, unit_name=unit.name,
            because=signal.because, because_en=signal.because_en,
        )
        draft.record(issued)
        _notify(draft, signal, unit, rule.level)
    watched.record(issued)


def _notify(draft: Draft, signal: Signal, unit: Unit, level: Level) -> None:
    """Serve the card in the unit's own inbox; the time to answer begins."""
    chain = division_chain(draft.case.division.code)
    value = house_rulebook()("duty.watch.answer", on=signal.raised_on, chain=chain)
    clock = deadlines.set_deadline(
        draft, ANSWER_CLOCK, Limit(parse_term(value.term), rolls=value.rolls in ("by_reference", "law_silent")),
        start=draft.at, label="说明情况", rule=value.key, cite=str(value.cite), unit=unit.pk,
    )
    draft.enter(CardState.NOTIFIED)
    draft.record(CardNotified(unit=unit.pk, unit_name=unit.name, due_on=clock.due_on or signal.raised_on))
    tell_unit(signal, unit, level.zh, draft.case.number, draft.at)


def acknowledge_card(card: Card, *, by: Actor, at: datetime, revision: int | None = None) -> None:
    """Sign that the unit has the card (签收)."""
    unit = _own(card, by, at)
    with writing(card.case, by=by, at=at, revision=revision) as draft:
        _in(draft.case, CardState.ISSUED, CardState.NOTIFIED)
        draft.enter(CardState.ACKNOWLEDGED)
        draft.record(CardAcknowledged(unit=unit.pk, unit_name=unit.name))


def explain_card(card: Card, *, explanation: str, by: Actor, at: datetime, revision: int | None = None) -> None:
    """Explain what happened (说明情况); until it is judged the unit may explain again."""
    unit = _own(card, by, at)
    text = _typed(explanation=explanation)["explanation"]
    with writing(card.case, by=by, at=at, revision=revision) as draft:
        _in(draft.case, CardState.ISSUED, CardState.NOTIFIED, CardState.ACKNOWLEDGED, CardState.EXPLAINED)
        card.explanation, card.explained_at = text, at
        card.save(update_fields=["explanation", "explained_at"])
        draft.enter(CardState.EXPLAINED)
        draft.record(CardExplained(unit=unit.pk, unit_name=unit.name, sha256=_fingerprint(text)))
        deadlines.meet_deadline(draft, ANSWER_CLOCK)


def judge_card(
    card: Card, *, verdict: str, judgement: str, excuse: str = "", by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Find a card upheld, excused on a coded ground, or a false alarm (认定).

    Not before the unit has explained itself or its time to do so has passed.
    An upheld card stays open until ``close_card``; the others end here and do not count.
    """
    text = _typed(judgement=judgement)["judgement"]
    if verdict not in list(Verdict):
        raise Malformed(errors={"verdict": "请选择认定结果。"})
    if (verdict == Verdict.EXCUSED) != (excuse in list(Excuse)):
        raise Malformed(errors={"excuse": "认定免责的，请选择免责情形；其他结果不选。"})
    _supervise(card, by, at)
    with _on_both(card, by, at, revision) as (watched, draft):
        _may_be_judged(draft.case, beijing_day(at))
        card.verdict, card.excuse, card.judgement, card.judged_at = verdict, excuse, text, at
        card.save(update_fields=["verdict", "excuse", "judgement", "judged_at"])
        _settle(card, SignalState(verdict))
        deadlines.stop_deadline(draft, ANSWER_CLOCK, reason=Verdict(verdict).zh)
        if verdict == Verdict.UPHELD:
            draft.enter(CardState.UPHELD)
        else:
            draft.close(CardState(verdict))
        event = CardJudged(
            card=draft.case.number, verdict=verdict, verdict_name=Verdict(verdict).zh, excuse=excuse,
            excuse_name=Excuse(excuse).zh if excuse else "", explained=card.explained_at is not None,
            sha256=_fingerprint(text),
        )
        watched.record(event)
        draft.record(event)
        _publish_with(watched.case, draft, "认定结果作出", "judged")


def withdraw_card(
    card: Card, *, excuse: str, reason: str, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Take a wrong card back (撤回): it stays readable with the reason and is never raised again."""
    text = _typed(reason=reason)["reason"]
    if excuse not in list(Excuse):
        raise Malformed(errors={"excuse": "请选择撤回情形。"})
    _supervise(card, by, at)
    with _on_both(card, by, at, revision) as (watched, draft):
        _not_in(draft.case, CardState.WITHDRAWN)
        card.excuse, card.closing = excuse, text
        card.save(update_fields=["excuse", "closing"])
        _settle(card, SignalState.WITHDRAWN)
        deadlines.stop_deadline(draft, ANSWER_CLOCK, reason=CardState.WITHDRAWN.zh)
        draft.close(CardState.WITHDRAWN)
        event = CardWithdrawn(
            card=draft.case.number, excuse=excuse, excuse_name=Excuse(excuse).zh, sha256=_fingerprint(text)
        )
        watched.record(event)
        draft.record(event)
        _publish_with(watched.case, draft, "撤回", "withdrawn")


def close_card(card: Card, *, closing: str, by: Actor, at: datetime, revision: int | None = None) -> None:
    """Close an upheld card when what it found has been put right (整改办结)."""
    text = _typed(closing=closing)["closing"]
    _supervise(card, by, at)
    with writing(card.case, by=by, at=at, revision=revision) as draft:
        _in(draft.case, CardState.UPHELD)
        card.closing = text
        card.save(update_fields=["closing"])
        draft.close(CardState.CLOSED)
        draft.record(CardClosed(card=draft.case.number, sha256=_fingerprint(text)))


def publish_cards(*, today: date, at: datetime, by: Actor = SUPERVISION) -> int:
    """Give the cards of public cases their public face once they were judged or the time to answer has passed."""
    waiting = Case.objects.filter(kind=CARD, public_from__isnull=True, parent__public_from__isnull=False)
    passed = Deadline.objects.filter(key=ANSWER_CLOCK, due_on__lt=today).values("case")
    ended = [*(state.value for state in JUDGED_STATES), CardState.WITHDRAWN.value]
    ready = waiting.filter(state__in=ended) | waiting.filter(pk__in=passed)
    for case in ready:
        with writing(case, by=by, at=at) as draft:
            draft.publish()
            draft.record(
                CardPublished(ground="答复期届满或已有认定", ground_en="judged, or the time to answer passed")
            )
    return len(ready)


# --- what the commands share -----------------------------------------------------------------------------


@contextlib.contextmanager
def _on_both(card: Card, by: Actor, at: datetime, revision: int | None) -> Iterator[tuple[Draft, Draft]]:
    """Write on the watched case and the card, always locked in this order: the sweep does so too."""
    with writing(card.case.parent, by=by, at=at) as watched:
        with writing(card.case, by=by, at=at, revision=revision) as draft:
            yield watched, draft


def _publish_with(watched: Case | None, draft: Draft, ground: str, ground_en: str) -> None:
    if watched is not None and watched.public_from and draft.case and not draft.case.public_from:
        draft.publish()
        draft.record(CardPublished(ground=ground, ground_en=ground_en))


def _may_be_judged(case: Case, today: date) -> None:
    _in(case, CardState.ISSUED, CardState.NOTIFIED, CardState.ACKNOWLEDGED, CardState.EXPLAINED)
    answer = Deadline.objects.filter(case=case, key=ANSWER_CLOCK).first()
    if case.state != CardState.EXPLAINED and answer and answer.due_on and today <= answer.due_on:
        raise AnswerPeriodRuns(cite=answer.cite, due_on=answer.due_on)


def _settle(card: Card, state: SignalState) -> None:
    Signal.objects.filter(pk=card.signal_id).update(state=state.value)


def _own(card: Card, by: Actor, at: datetime) -> Unit:
    require(by, ANSWER, on=beijing_day(at), unit=card.case.owner_id, kind=CARD)
    return card.case.owner


def _supervise(card: Card, by: Actor, at: datetime) -> None:
    day = beijing_day(at)
    require(by, JUDGE, on=day, unit=card.case.owner_id, kind=CARD)
    separate = house_rulebook()("watch.judge.separate", on=day, chain=division_chain(card.case.division.code))
    if separate.yes and by.unit == card.case.owner_id:
        raise SameUnitJudges(cite=str(separate.cite))


def _in(case: Case | None, *states: CardState) -> None:
    if case is None or case.state not in states:
        raise WrongState(state=CardState(case.state) if case else "—")


def _not_in(case: Case | None, *states: CardState) -> None:
    if case is None or case.state in states:
        raise WrongState(state=CardState(case.state) if case else "—")


def _typed(**fields: str) -> dict[str, str]:
    """Return the texts trimmed, or raise ``Malformed`` naming each that is empty."""
    errors = {name: "必填。" for name, value in fields.items() if not value.strip()}
    if errors:
        raise Malformed(errors=errors)
    return {name: value.strip() for name, value in fields.items()}


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
