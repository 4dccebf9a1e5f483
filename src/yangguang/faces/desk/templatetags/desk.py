"""``{% load desk %}``: looking up the case of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from yangguang.faces.portal.searching import kind_words
from yangguang.kernel.ledger.kinds import KINDS
from yangguang.kernel.ledger.models import Case

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """The entry of a table under a key, or nothing."""
    return table.get(key)


@register.filter
def kind_of(case: Case) -> str:
    """The kind of a case, in the reader's language."""
    return kind_words(KINDS[case.kind])
