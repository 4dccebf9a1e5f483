"""``{% load rules %}``: values of the rulebook in the reader's words."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from yangguang.faces.portal import values
from yangguang.kernel.organisation.models import Division
from yangguang.kernel.rulebook import Confidence, Value, house_rulebook
from yangguang.platform.web.components import tag

register = template.Library()
register.filter("named", values.named)
register.filter("amount", values.amount)
register.filter("since", values.since)


@register.filter
def cited(value: Value) -> str:
    """The citation of a value, in the reader's language."""
    return values.cited(value, house_rulebook().sources.get(value.cite.law))


@register.filter
def mark(confidence: Confidence) -> SafeString:
    """How well the source was checked: blue where the text itself was read, grey elsewhere."""
    return tag(str(values.CONFIDENCE[confidence]), "act" if confidence is Confidence.TEXT else "")


@register.filter
def binds(value: Value) -> str:
    """Which way a limit binds and whether its last day moves."""
    words = [str(values.KINDS[value.kind])] if value.kind else []
    words += [str(values.ROLLS[value.rolls])] if value.rolls else []
    return " · ".join(words)


@register.simple_tag
def holds_in(value: Value, divisions: dict[str, Division]) -> str:
    """Where a value holds."""
    return values.place(value, divisions)
