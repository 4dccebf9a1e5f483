"""The lists of supervision and their official form for export."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yangguang.kernel.documents.official import Column, Group, OfficialTable
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import Case
from yangguang.platform.web import components
from yangguang.platform.web.lists import Table
from yangguang.supervision.faces.forms import spoken
from yangguang.supervision.models import Card
from yangguang.supervision.rules import house_rules
from yangguang.supervision.vocabulary import CardState, Level


def rule_name(code: str) -> str:
    """Return a rule's name in the reader's language; the code alone where the rule is gone."""
    return next((f"{code} {spoken(rule.name)}" for rule in house_rules() if rule.code == code), code)


def case_link(case: Case, *, public: bool = False) -> SafeString:
    """Return a link to a case's own page, or its number where its kind has no page here."""
    kind = KINDS.get(case.kind)
    name = (kind.public_page if public else kind.page) if kind else ""
    if not name:
        return format_html("{}", case.number)
    return format_html('<a href="{}">{}</a>', reverse(name, args=[case.number]), case.number)


class CardTable(Table):
    """Cards, newest first."""

    caption = gettext_lazy("监察牌列表")
    empty_title = gettext_lazy("没有符合条件的牌")
    page_name = "supervision:card"

    level = tables.Column(gettext_lazy("牌"), accessor="signal__level")
    number = tables.Column(gettext_lazy("编号"), accessor="case__number", attrs={"td": {"class": "yg-mono"}})
    watched = tables.Column(gettext_lazy("事项"), accessor="case__parent__title", attrs={"td": {"class": "yg-key"}})
    unit = tables.Column(gettext_lazy("单位"), accessor="case__owner__name", order_by="case__owner__sort_key")
    rule = tables.Column(gettext_lazy("规则"), accessor="signal__rule", attrs={"td": {"class": "yg-hide-m"}})
    raised_on = tables.Column(gettext_lazy("发牌日"), accessor="signal__raised_on")
    answer_due_on = tables.Column(gettext_lazy("答复截止"))
    state = tables.Column(gettext_lazy("状态"), accessor="case__state")

    def render_level(self, value: str, record: Card) -> SafeString:
        """Draw the card."""
        withdrawn = record.case.state == CardState.WITHDRAWN
        return components.ticket(value, reverse(self.page_name, args=[record.case.number]), withdrawn=withdrawn)

    def render_number(self, value: str) -> SafeString:
        """Link the number."""
        return format_html('<a href="{}">{}</a>', reverse(self.page_name, args=[value]), value)

    def render_rule(self, value: str) -> str:
        """Name the rule."""
        return rule_name(value)

    def render_state(self, value: str) -> SafeString:
        """Name the state."""
        return components.tag(spoken(CardState(value)))


class PublicCardTable(CardTable):
    """Cards as the public sees them."""

    page_name = "supervision:public_card"

    class Meta:
        exclude = ("answer_due_on",)


class CaseTable(Table):
    """Watched cases, next deadline first."""

    caption = gettext_lazy("被监察事项列表")
    empty_title = gettext_lazy("没有这样的事项")

    number = tables.Column(gettext_lazy("编号"), attrs={"td": {"class": "yg-mono"}})
    title = tables.Column(gettext_lazy("事项"), attrs={"td": {"class": "yg-key"}})
    owner = tables.Column(gettext_lazy("单位"), accessor="owner__name", order_by="owner__sort_key")
    state = tables.Column(gettext_lazy("状态"))
    next_due_on = tables.Column(gettext_lazy("最近期限"))
    open_cards = tables.Column(gettext_lazy("未了的牌"), attrs={"td": {"class": "yg-num"}})

    def render_number(self, record: Case) -> SafeString:
        """Link the number to the case's own page."""
        return case_link(record)

    def render_state(self, value: str, record: Case) -> str:
        """Name the state in the words of the kind."""
        words = KINDS[record.kind].states.get(value, (value, value))
        return spoken(_Pair(*words))


class _Pair:
    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en


def cards_as_official(listed: Iterable[Card], today: date) -> OfficialTable:
    """Return cards as the table that is exported."""
    columns = [
        Column(_("编号"), 30), Column(_("牌"), 14, centred=True), Column(_("事项"), 60), Column(_("单位"), 36),
        Column(_("规则"), 28), Column(_("发牌日"), 22), Column(_("状态"), 18), Column(_("理由"), 60),
    ]
    rows = [
        [
            card.case.number, spoken(Level(card.signal.level)), card.case.parent.title, card.case.owner.name,
            rule_name(card.signal.rule), card.signal.raised_on, spoken(CardState(card.case.state)), because(card),
        ]
        for card in listed
    ]
    return OfficialTable(title=_("黄牌红牌清单"), columns=columns, groups=[Group("", rows)], signed_on=today)


def because(card: Card) -> str:
    """Return a card's arithmetic in the reader's language."""
    return spoken(_Pair(card.signal.because, card.signal.because_en))


def cases_as_official(listed: Iterable[Any], today: date) -> OfficialTable:
    """Return watched cases as the table that is exported."""
    columns = [
        Column(_("编号"), 36), Column(_("事项"), 90), Column(_("单位"), 50), Column(_("状态"), 24),
        Column(_("最近期限"), 24), Column(_("未了的牌"), 18),
    ]
    rows = [
        [
            case.number, case.title, case.owner.name,
            spoken(_Pair(*KINDS[case.kind].states.get(case.state, (case.state, case.state)))),
            case.next_due_on, case.open_cards,
        ]
        for case in listed
    ]
    return OfficialTable(title=_("被监察事项清单"), columns=columns, groups=[Group("", rows)], signed_on=today)
