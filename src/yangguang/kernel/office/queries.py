"""Reads of the office: lists of units, divisions, people and collectives as its pages show them."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.vocabulary import Actor, NotAllowed, NotFound
from yangguang.kernel.office.vocabulary import PEOPLE
from yangguang.kernel.organisation.models import Collective, Delegation, Division, Officer, Person, Role, Unit
from yangguang.kernel.organisation.queries import division_subtree, in_force, units_within


def units(*, q: str = "", division: Division | None = None, level: str = "", nature: str = "") -> QuerySet[Unit]:
    """Return the units by what they are or were called, by division with what is below it, by level and nature."""
    listed = Unit.objects.select_related("division", "superior", "merged_into").order_by("division__code", "sort_key")
    if q:
        called = Q(code__icontains=q) | Q(names__name__icontains=q) | Q(aliases__text__icontains=q)
        listed = listed.filter(called).distinct()
    if division is not None:
        listed = listed.filter(division__in=division_subtree(division))
    if level:
        listed = listed.filter(level=level)
    return listed.filter(nature=nature) if nature else listed


def unit(code: str) -> Unit:
    """Return one unit by its code, or raise ``NotFound``."""
    found = Unit.objects.filter(code=code).select_related("division", "superior", "counterpart", "plate_of").first()
    if found is None:
        raise NotFound
    return found


def divisions(*, q: str = "", level: str = "") -> QuerySet[Division]:
    """Return the divisions by code or name and by level, with the number of their units."""
    listed = Division.objects.select_related("parent").annotate(unit_count=Count("units")).order_by("code")
    if q:
        listed = listed.filter(Q(code__startswith=q) | Q(name__icontains=q) | Q(short_name__icontains=q))
    return listed.filter(level=level) if level else listed


def people(by: Actor, *, on: date, q: str = "") -> QuerySet[Person]:
    """Return the people whose posts lie in the actor's reach, and those who hold none; NotAllowed without the power."""
    officer = Officer.objects.select_related("post__unit").filter(pk=int(by.key)).first()
    if officer is None or not is_allowed(by, PEOPLE, on=on):
        raise NotAllowed(capability=PEOPLE)
    serving = Officer.objects.filter(in_force(on)).select_related("post__unit")
    reached = Officer.objects.filter(post__unit__in=units_within(officer, PEOPLE, on=on)).values("person")
    listed = Person.objects.filter(Q(pk__in=reached) | Q(appointments__isnull=True))
    if q:
        known = Q(number__icontains=q) | Q(name__icontains=q) | Q(appointments__post__unit__name__icontains=q)
        listed = listed.filter(known)
    shown = Prefetch("appointments", queryset=serving, to_attr="serving")
    return listed.distinct().prefetch_related(shown).order_by("sort_key", "number")


def person(number: str, by: Actor, *, on: date) -> Person:
    """Return one of those people by number, or raise ``NotFound``."""
    found = people(by, on=on).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def appointments(who: Person) -> QuerySet[Officer]:
    """Return all a person's appointments, newest first."""
    return Officer.objects.filter(person=who).select_related("post__unit", "post__scope").order_by("-valid_from", "-pk")


def delegations_of(who: Person, *, on: date) -> QuerySet[Delegation]:
    """Return the delegations a person gave or took that have not ended."""
    mine = Q(giver__person=who) | Q(taker__person=who)
    shown = Delegation.objects.filter(mine, Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return shown.select_related("giver__person", "giver__post__unit", "taker__person", "taker__post__unit")


def officers_of_unit(where: Unit, *, on: date) -> QuerySet[Officer]:
    """Return who serves in a unit on a day."""
    serving = Officer.objects.filter(in_force(on), post__unit=where)
    return serving.select_related("person", "post__scope").prefetch_related("post__roles").order_by("post__name", "pk")


def officer(key: int) -> Officer:
    """Return one appointment, or raise ``NotFound``."""
    found = Officer.objects.filter(pk=key).select_related("person", "post__unit", "post__scope").first()
    if found is None:
        raise NotFound
    return found


def roles() -> QuerySet[Role]:
    """Return the roles with the number of posts that have them."""
    return Role.objects.annotate(post_count=Count("posts")).order_by("code")


def collectives(*, q: str = "") -> QuerySet[Collective]:
    """Return the collectives by name, the newest definition first."""
    listed = Collective.objects.select_related("division").order_by("name", "-valid_from")
    return listed.filter(name__icontains=q) if q else listed
