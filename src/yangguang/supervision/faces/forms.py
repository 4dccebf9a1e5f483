"""Forms of supervision: filters of the lists, the unit's explanation, the supervisor's findings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.vocabulary import Labelled
from yangguang.supervision.rules import house_rules
from yangguang.supervision.vocabulary import CARDED, CardState, Excuse, Verdict


def spoken(words: Any) -> str:
    """Return Chinese or English words (anything with ``zh`` and ``en``) in the reader's language."""
    return words.en if (get_language() or "").startswith("en") else words.zh


def choices(*members: Labelled, first: Any = None) -> list[tuple[str, Any]]:
    """Return members as choices in the reader's language, with an empty first one where named."""
    lead = [("", first)] if first is not None else []
    return lead + [(member.value, spoken(member)) for member in members]


class CardFilter(forms.Form):
    """Narrows the list of cards."""

    q = forms.CharField(label=_("编号、事项、单位"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    level = forms.ChoiceField(label=_("牌"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    rule = forms.ChoiceField(label=_("规则"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = choices(*CARDED, first=_("全部"))
        self.fields["state"].choices = choices(*CardState, first=_("全部"))
        rules = [(rule.code, f"{rule.code} {spoken(rule.name)}") for rule in house_rules() if rule.is_carded]
        self.fields["rule"].choices = [("", _("全部")), *rules]


class CaseFilter(forms.Form):
    """Narrows the list of watched cases."""

    q = forms.CharField(label=_("编号、事项、单位"), required=False, widget=forms.TextInput(attrs={"type": "search"}))


class Explanation(forms.Form):
    """The unit's words on a card."""

    explanation = forms.CharField(
        label=_("情况说明"),
        help_text=_("写明原因、现状和补救办法；不要写个人信息。说明会原样保存。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class Judgement(forms.Form):
    """The supervisor's finding."""

    verdict = forms.ChoiceField(label=_("认定结果"), widget=forms.RadioSelect)
    excuse = forms.ChoiceField(label=_("免责情形"), required=False, help_text=_("只在认定免责时选择。"))
    judgement = forms.CharField(label=_("认定理由"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = choices(*Verdict)
        self.fields["excuse"].choices = choices(*Excuse, first="—")


class Withdrawal(forms.Form):
    """Why a card is taken back."""

    excuse = forms.ChoiceField(label=_("撤回情形"))
    reason = forms.CharField(label=_("撤回理由"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["excuse"].choices = choices(*Excuse, first="—")


class Closing(forms.Form):
    """How what an upheld card found was put right."""

    closing = forms.CharField(label=_("整改情况"), widget=forms.Textarea(attrs={"rows": 3}))
