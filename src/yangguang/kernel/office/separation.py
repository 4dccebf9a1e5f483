"""Three separated administrators (三员分立): system, security and audit are never in one hand.

Asked wherever somebody gains powers: by an appointment, a delegation, a role that is given more. What a person held
before is not taken away by the question: the first administrator holds system and security until he hands one over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings
from django.db.models import Q

from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office.vocabulary import (
    ADOPT,
    AUDIT,
    DIVISIONS,
    PEOPLE,
    ROLES,
    SETUP,
    UNITS,
    Administration,
    NotSeparate,
)
from yangguang.kernel.organisation.models import Delegation, Officer, Person, Role

HELD: Mapping[Administration, frozenset[str]] = {
    Administration.SYSTEM: frozenset({DIVISIONS, UNITS, PEOPLE, ADOPT, "accounts.manage", "processes.publish"}),
    Administration.SECURITY: frozenset({ROLES}),
    Administration.AUDIT: frozenset({AUDIT}),
}


def administrations(capabilities: Iterable[str]) -> frozenset[Administration]:
    """Return which of the three administrations some capabilities belong to."""
    held = set(capabilities)
    return frozenset(which for which, theirs in HELD.items() if held & theirs)


def held_by(person: Person, on: date) -> frozenset[Administration]:
    """Return the administrations a person has a hand in from a day on, by posts and by standing in for others."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    officers = Officer.objects.filter(lasting, person=person).prefetch_related("post__roles")
    own = [one for officer in officers for role in officer.post.roles.all() for one in role.capabilities]
    taken = Delegation.objects.filter(lasting, taker__person=person).values_list("capabilities", flat=True)
    return administrations([*own, *(one for capabilities in taken for one in capabilities)])


def holders(code: str, on: date) -> list[Person]:
    """Return the people who hold a role from a day on."""
    lasting = Q(appointments__valid_to__isnull=True) | Q(appointments__valid_to__gte=on)
    return list(Person.objects.filter(lasting, appointments__post__roles__code=code).distinct())


def require_separate(
    before: frozenset[Administration], after: frozenset[Administration], *, who: str, by: Actor
) -> None:
    """Refuse what would put another administration into the same hand."""
    if not settings.SEPARATE_ADMINISTRATORS or by == Actor.system(SETUP):
        return
    if len(after) > 1 and after - before:
        raise NotSeparate(who=who, which="、".join(one.zh for one in Administration if one in after))


def require_separate_role(role: Role | None, capabilities: Iterable[str], *, name: str, by: Actor) -> None:
    """Refuse a role that no one person may hold."""
    before = administrations(role.capabilities) if role else frozenset()
    require_separate(before, administrations(capabilities), who=name, by=by)
