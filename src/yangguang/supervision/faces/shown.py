"""What pages show, put together in the reader's language from what queries return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yangguang.kernel.ledger.queries import TrailLine
from yangguang.supervision.faces.forms import spoken
from yangguang.supervision.faces.tables import because, case_link, rule_name
from yangguang.supervision.models import Card
from yangguang.supervision.parameters import Ground
from yangguang.supervision.queries import VIEWS, CardDetail, Overview, RuleRecord
from yangguang.supervision.rules import Rule
from yangguang.supervision.vocabulary import CardState, Excuse, Level, Verdict

#: the way of a card as its rail shows it; a withdrawn card leaves it
STAGES = (CardState.ISSUED, CardState.NOTIFIED, CardState.ACKNOWLEDGED, CardState.EXPLAINED)


def overview(found: Overview) -> dict[str, Any]:
    """Return the figures with the address of the list behind each."""
    cases, cards = reverse("supervision:cases"), reverse("supervision:cards")
    return {
        "figures": [(spoken(VIEWS[view]), n, f"{cases}?list={view}") for view, n in found.cases.items()],
        "levels": [
            (level.value, _("未了%(card)s") % {"card": spoken(level)}, n, f"{cards}?open=1&level={level.value}")
            for level, n in found.open_cards.items()
        ],
        "states": [(spoken(state), n, f"{cards}?state={state.value}") for state, n in found.by_state.items()],
        "unanswered": (found.unanswered, f"{cards}?late=1"),
        "raised_today": (found.raised_today, f"{cards}?today=1"),
        "units": found.units,
        "latest": [line(card) for card in found.latest],
        "cards_url": cards,
    }


def line(card: Card) -> dict[str, Any]:
    """Return a card as one line of a list."""
    return {
        "number": card.case.number,
        "url": reverse("supervision:card", args=[card.case.number]),
        "level": card.signal.level,
        "withdrawn": card.case.state == CardState.WITHDRAWN,
        "rule": rule_name(card.signal.rule),
        "title": card.case.parent.title,
        "unit": card.case.owner.name,
        "state": spoken(CardState(card.case.state)),
        "raised_at": card.signal.raised_at,
    }


def card(found: Card, detail: CardDetail, *, public: bool = False) -> dict[str, Any]:
    """Return a card's page: facts as the rule saw them, values, days, rule text, answer, finding, trail."""
    signal = found.signal
    return {
        "card": found,
        "level": Level(signal.level),
        "level_name": spoken(Level(signal.level)),
        "state": spoken(CardState(found.case.state)),
        "withdrawn": found.case.state == CardState.WITHDRAWN,
        "watched": case_link(found.case.parent, public=public),
        "because": because(found),
        "facts": [(spoken(label), told(value)) for label, value in detail.facts],
        "values": values(signal.parameters),
        "days": [
            {"day": day.day, "number": day.number, "why": spoken(day.why), "source": day.source} for day in detail.days
        ],
        "rule": _rule(detail.rule),
        "rule_sql": detail.rule.text,
        "rule_sha256": signal.rule_text_id,
        "answer": detail.answer,
        "verdict": spoken(Verdict(found.verdict)) if found.verdict else "",
        "excuse": spoken(Excuse(found.excuse)) if found.excuse else "",
        "stages": _stages(found),
        "trail": [_entry(entry, found.case.number) for entry in detail.trail],
    }


def told(value: object) -> object:
    """Return a fact as people say it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value is None else value


def values(parameters: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the values of a rule with unit, rulebook key and citation."""
    english = (get_language() or "").startswith("en")
    return [
        {
            "name": name,
            "label": value["en"] if english else value["zh"],
            "value": f"{value['value']} {value['unit'].replace('_', ' ') if english else value['unit_zh']}",
            "key": value["key"],
            "cite": value["cite"],
            "confidence": "" if value["confidence"] == "text" else _mark(value, english=english),
            "overlay": value["overlay"],
        }
        for name, value in parameters.items()
    ]


def _mark(value: Mapping[str, Any], *, english: bool) -> str:
    return value["confidence"].replace("_", " ") if english else value["confidence_zh"]


def rules(records: Iterable[RuleRecord]) -> list[dict[str, Any]]:
    """Return the list of rules with their record."""
    return [{**_rule(record.rule), "record": record} for record in records]


def rule(record: RuleRecord, grounds: Sequence[tuple[Ground, list[str]]]) -> dict[str, Any]:
    """Return a rule's page."""
    return {
        "rule": _rule(record.rule),
        "record": record,
        "sql": record.rule.sql,
        "sha256": record.rule.sha256,
        "facts": [(column, spoken(words)) for column, words in record.rule.facts.items()],
        "grounds": [{"values": values(ground.told()), "divisions": names} for ground, names in grounds],
        "parameters": sorted(record.rule.parameters.items()),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "version": rule.version,
        "from": rule.from_,
        "name": spoken(rule.name),
        "sentence": spoken(rule.sentence),
        "protects": spoken(rule.protects),
        "level": rule.level.value,
        "level_name": spoken(rule.level),
        "meaning": spoken(rule.meaning),
        "is_carded": rule.is_carded,
        "role": rule.role,
    }


def _stages(found: Card) -> list[dict[str, str]]:
    state = CardState(found.case.state)
    if state is CardState.WITHDRAWN:
        return [{"name": spoken(CardState.ISSUED), "state": "done"}, {"name": spoken(state), "state": "now"}]
    passed = STAGES.index(state) if state in STAGES else len(STAGES)
    rail = [
        {"name": spoken(stage), "state": "done" if k < passed else "now" if k == passed else "next"}
        for k, stage in enumerate(STAGES)
    ]
    if passed == len(STAGES) and not found.explained_at:
        rail[-1]["state"] = "skipped"
    last = spoken(state) if passed == len(STAGES) else _("认定")
    return [*rail, {"name": last, "state": "now" if passed == len(STAGES) else "next"}]


def _entry(entry: TrailLine, number: str) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    return {
        "when": entry.occurred_at,
        "title": entry.label_en if english else entry.label,
        "who": entry.unit or _("监察系统"),
        "text": entry.sentence_en if english else entry.sentence,
        "state": "done",
        "links": [(_("回执"), reverse("proofs:receipt", args=[number, entry.seq]))],
    }
