"""Deny by default: what an actor may do with a record."""

from __future__ import annotations

from datetime import date

from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, NotAllowed
from yangguang.kernel.organisation import queries as organisation
from yangguang.kernel.organisation.models import Officer, Unit
from yangguang.platform.looking import once

#: part of the system -> capabilities it holds everywhere; filled by rooms in ``apps.py``
SYSTEM: dict[str, frozenset[str]] = {}


def grant_system(part: str, *capabilities: str) -> None:
    """Let a part of the system (such as ``supervision``) act with named capabilities."""
    SYSTEM[part] = SYSTEM.get(part, frozenset()) | frozenset(capabilities)


def is_allowed(by: Actor, capability: str, *, on: date, unit: int | None = None, kind: str | None = None) -> bool:
    """Return whether an actor holds a capability over a unit and kind on a day."""
    if by.kind is ActorKind.SYSTEM:
        return capability in SYSTEM.get(by.key, frozenset())
    if by.kind is not ActorKind.OFFICER:
        return False
    officer = officer_behind(by)
    where = once(("unit", unit), lambda: Unit.objects.get(pk=unit)) if unit is not None else None
    return officer is not None and organisation.may(officer, capability, where, kind, on=on)


def officer_behind(by: Actor) -> Officer | None:
    """Return the officer an actor is, with his post and its unit."""
    found = Officer.objects.select_related("post__unit").filter(pk=int(by.key))
    return once(("officer", by.key), found.first)


def require(by: Actor, capability: str, *, on: date, unit: int | None = None, kind: str | None = None) -> None:
    """Raise ``NotAllowed`` unless the actor holds the capability."""
    if not is_allowed(by, capability, on=on, unit=unit, kind=kind):
        raise NotAllowed(capability=capability, unit=unit, kind=kind)
