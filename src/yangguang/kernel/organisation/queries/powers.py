"""What an officer may do: capabilities × unit subtree × kind of case, own and delegated. Denied by default."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yangguang.kernel.organisation.models import Delegation, Officer, Person, Post, Unit
from yangguang.kernel.organisation.queries.trees import in_force, reached_by, reached_from, unit_chain
from yangguang.platform.looking import once

#: A role with this among its kinds acts on every kind of case.
EVERY_KIND = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """One capability an officer holds: for which kinds, over whose subtree, and on whose behalf if delegated."""

    capability: str
    kinds: frozenset[str]
    scope: int
    on_behalf_of: int | None = None

    def covers(self, kind: str | None) -> bool:
        """Whether the grant reaches that kind; no kind asks for acts that concern no case."""
        return kind is None or EVERY_KIND in self.kinds or kind in self.kinds


def capabilities_of(officer: Officer, on: date) -> frozenset[Grant]:
    """Return everything an officer may do on that day, through the own post and through delegations received.

    A delegation gives only what its giver still holds on that day by the own post: it dies with the giver's
    appointment and cannot be passed on.
    """
    return once(("capabilities", officer.pk, on), lambda: _capabilities(officer, on))


def _capabilities(officer: Officer, on: date) -> frozenset[Grant]:
    if not _serves(officer, on):
        return frozenset()
    grants = set(_own(officer.post))
    delegations = Delegation.objects.filter(in_force(on), taker=officer).select_related("giver__post__unit")
    for delegation in delegations:
        if _serves(delegation.giver, on):
            for grant in _own(delegation.giver.post):
                if grant.capability in delegation.capabilities:
                    grants.add(Grant(grant.capability, grant.kinds, grant.scope, delegation.giver_id))
    return frozenset(grants)


def may(officer: Officer, capability: str, unit: Unit | None = None, kind: str | None = None, *, on: date) -> bool:
    """Whether the officer holds the capability on that day, over that unit (if given), for that kind (if given).

    A unit that was merged lies in the reach of whoever reaches its heir.
    """
    scopes = {grant.scope for grant in capabilities_of(officer, on) if _matches(grant, capability, kind)}
    if unit is None or not scopes:
        return bool(scopes)
    return not scopes.isdisjoint(once(("reached from", unit.pk), lambda: _reaching(unit)))


def units_within(officer: Officer, capability: str, kind: str | None = None, *, on: date) -> QuerySet[Unit]:
    """Return the units over which the officer holds the capability: the filter of every list he sees."""
    scopes = {grant.scope for grant in capabilities_of(officer, on) if _matches(grant, capability, kind)}
    return reached_by(scopes) if scopes else Unit.objects.none()


def officers_who_may(capability: str, unit: Unit, kind: str | None = None, *, on: date) -> Iterator[Officer]:
    """Yield the officers who hold the capability over a unit by their own post, nearest scope first."""
    order = {row.pk: far for far, row in enumerate(reversed(unit_chain(unit)))}
    for far, row in enumerate(reached_from(unit), start=len(order)):
        order.setdefault(row.pk, far)
    serving = Officer.objects.filter(in_force(on), in_force(on, "post__"), in_force(on, "post__unit__"))
    posts = serving.filter(post__scope__in=order, post__roles__capabilities__contains=[capability])
    found = posts.select_related("person", "post__unit").distinct()
    for officer in sorted(found, key=lambda officer: (order[officer.post.scope_id], officer.pk)):
        if any(_matches(grant, capability, kind) for grant in _own(officer.post)):
            yield officer


def current_officers(person: Person, on: date) -> QuerySet[Officer]:
    """Return the person's appointments in force on that day: the posts he can act in."""
    held = Officer.objects.filter(in_force(on), in_force(on, "post__"), in_force(on, "post__unit__"), person=person)
    return held.select_related("person", "post__unit__division")


def _reaching(unit: Unit) -> frozenset[int]:
    return frozenset(reached_from(unit).values_list("pk", flat=True))


def _own(post: Post) -> Iterator[Grant]:
    for role in post.roles.all():
        for capability in role.capabilities:
            yield Grant(capability, frozenset(role.kinds), post.scope_id)


def _matches(grant: Grant, capability: str, kind: str | None) -> bool:
    return grant.capability == capability and grant.covers(kind)


def _serves(officer: Officer, on: date) -> bool:
    return all(_holds(row, on) for row in (officer, officer.post, officer.post.unit))


def _holds(row: Officer | Post | Unit, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
