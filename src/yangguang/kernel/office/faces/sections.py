"""The sections of the setup pages: office's own, and those of rooms that may see more than office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.office.vocabulary import PEOPLE, ROLES
from yangguang.platform.now import today


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its words, its page, and the capability without which it is not shown."""

    title: Any
    page: str
    capability: str = ""


#: in the order of the tabs; other rooms append theirs in ``apps.py``
SECTIONS: list[Section] = [
    Section(_("单位"), "office:units"),
    Section(_("区划"), "office:divisions"),
    Section(_("人员"), "office:people", PEOPLE),
    Section(_("角色与权限"), "office:roles", ROLES),
    Section(_("统称"), "office:collectives"),
    Section(_("放假通知"), "office:calendars"),
]

#: capability -> its words in Chinese and English; filled in ``apps.py`` of who knows all rooms
CAPABILITY_WORDS: dict[str, tuple[str, str]] = {}


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the tabs above a setup page, the current one marked."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = [s for s in SECTIONS if not s.capability or is_allowed(actor, s.capability, on=today())]
    return [{"label": s.title, "url": reverse(s.page), "current": s.page == current} for s in shown]
