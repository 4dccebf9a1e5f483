"""Writes on people, roles, posts, appointments and delegations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Malformed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.separation import (
    administrations,
    held_by,
    holders,
    require_separate,
    require_separate_role,
)
from yangguang.kernel.office.vocabulary import (
    PEOPLE,
    ROLES,
    STREAM,
    AlreadyRegistered,
    AppointmentEnded,
    HasEnded,
    OfficerAppointed,
    PersonAdded,
    PostCreated,
    PowersDelegated,
    RoleDefined,
)
from yangguang.kernel.organisation.models import Delegation, Officer, Person, Post, Role, Unit
from yangguang.kernel.organisation.names import pinyin_key
from yangguang.kernel.organisation.queries import capabilities_of
from yangguang.platform.now import beijing_day


def add_person(number: str, name: str, *, by: Actor, at: datetime) -> Person:
    """Enter a member of staff: staff number (工号) and name, nothing more."""
    require(by, PEOPLE, on=beijing_day(at))
    with writing(STREAM, by=by, at=at) as draft:
        if Person.objects.filter(number=number).exists():
            raise AlreadyRegistered(what=number)
        person = Person.objects.create(number=number, name=name, sort_key=pinyin_key(name))
        draft.record(PersonAdded(person=person.pk))
    return person


def define_role(
    code: str, name: str, capabilities: Iterable[str], *, by: Actor, at: datetime, kinds: Sequence[str] = ("*",)
) -> Role:
    """Give a role its capabilities, each spelled out, and the kinds of case they hold for (`*`: all)."""
    require(by, ROLES, on=beijing_day(at))
    held = tuple(sorted(set(capabilities)))
    if any(not capability or "*" in capability for capability in held):
        raise Malformed(errors={"capabilities": "权限须逐项写明，不能使用通配符。"})
    with writing(STREAM, by=by, at=at) as draft:
        day = beijing_day(at)
        require_separate_role(Role.objects.filter(code=code).first(), held, name=name, by=by)
        before = [(person, held_by(person, day)) for person in holders(code, day)]
        role, _made = Role.objects.update_or_create(
            code=code, defaults={"name": name, "capabilities": list(held), "kinds": list(kinds)}
        )
        for person, those in before:
            require_separate(those, held_by(person, day), who=person.name, by=by)
        draft.record(RoleDefined(code=code, capabilities=held, kinds=tuple(kinds)))
    return role


def create_post(
    unit: Unit,
    name: str,
    roles: Sequence[Role],
    *,
    valid_from: date,
    by: Actor,
    at: datetime,
    scope: Unit | None = None,
) -> Post:
    """Set up a post (岗位) in a unit; its roles reach over `scope` and what is below, by default its own unit.

    Whoever sets up a post must manage people of both the unit and the scope, so nobody can widen his own reach.
    """
    day, reach = beijing_day(at), scope or unit
    require(by, PEOPLE, on=day, unit=unit.pk)
    require(by, PEOPLE, on=day, unit=reach.pk)
    with writing(STREAM, by=by, at=at) as draft:
        _holds(unit, unit.name, valid_from)
        if Post.objects.filter(unit=unit, name=name, valid_to__isnull=True).exists():
            raise AlreadyRegistered(what=f"{unit.name}{name}")
        post = Post.objects.create(unit=unit, name=name, scope=reach, valid_from=valid_from)
        post.roles.set(roles)
        draft.record(
            PostCreated(
                post=post.pk, title=str(post), unit=unit.pk, scope=reach.pk, roles=tuple(role.code for role in roles)
            )
        )
    return post


def appoint(person: Person, post: Post, *, valid_from: date, by: Actor, at: datetime) -> Officer:
    """Let a person hold a post from a day."""
    day = beijing_day(at)
    require(by, PEOPLE, on=day, unit=post.unit_id)
    require(by, PEOPLE, on=day, unit=post.scope_id)
    with writing(STREAM, by=by, at=at) as draft:
        _holds(post, str(post), valid_from)
        if Officer.objects.filter(person=person, post=post, valid_to__isnull=True).exists():
            raise AlreadyRegistered(what=f"{post} {person.number}")
        before = held_by(person, day)
        officer = Officer.objects.create(person=person, post=post, valid_from=valid_from)
        require_separate(before, held_by(person, day), who=person.name, by=by)
        draft.record(
            OfficerAppointed(
                officer=officer.pk,
                person=person.pk,
                post=post.pk,
                post_title=str(post),
                valid_from=valid_from.isoformat(),
            )
        )
    return officer


def end_appointment(officer: Officer, *, valid_to: date, by: Actor, at: datetime) -> None:
    """Let a person leave a post after a last day; delegations given or taken die with it."""
    require(by, PEOPLE, on=beijing_day(at), unit=officer.post.unit_id)
    with writing(STREAM, by=by, at=at) as draft:
        _holds(officer, str(officer.post), valid_to)
        officer.valid_to = valid_to
        officer.save(update_fields=["valid_to"])
        draft.record(AppointmentEnded(officer=officer.pk, valid_to=valid_to.isoformat()))


def delegate(
    giver: Officer,
    taker: Officer,
    capabilities: Iterable[str],
    *,
    valid_from: date,
    valid_to: date,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Let one officer stand in for another (AB岗) for named capabilities and days.

    The giver does it himself, or whoever manages people of both units. What the giver lacks cannot be given.
    """
    day = beijing_day(at)
    if by != Actor(ActorKind.OFFICER, str(giver.pk), giver.post.unit_id):
        require(by, PEOPLE, on=day, unit=giver.post.unit_id)
        require(by, PEOPLE, on=day, unit=taker.post.unit_id)
    named = tuple(sorted(set(capabilities)))
    own = {grant.capability for grant in capabilities_of(giver, valid_from) if grant.on_behalf_of is None}
    lacking = [capability for capability in named if capability not in own]
    if lacking or not named:
        which = "、".join(lacking) if lacking else "—"
        raise Malformed(errors={"capabilities": "委托人没有这些权限：{which}"}, which=which)
    if giver == taker or valid_to < valid_from:
        raise Malformed(errors={"taker": "代理人须为另一任职，且止日不早于起日。"})
    with writing(STREAM, by=by, at=at) as draft:
        _holds(taker, str(taker.post), valid_from)
        before = held_by(taker.person, day)
        require_separate(before, before | administrations(named), who=taker.person.name, by=by)
        delegation = Delegation.objects.create(
            giver=giver, taker=taker, capabilities=list(named), valid_from=valid_from, valid_to=valid_to
        )
        draft.record(
            PowersDelegated(
                giver=giver.pk,
                taker=taker.pk,
                capabilities=named,
                valid_from=valid_from.isoformat(),
                valid_to=valid_to.isoformat(),
            )
        )
    return delegation


def _holds(row: Unit | Post | Officer, what: str, on: date) -> None:
    if row.valid_from > on or (row.valid_to is not None and row.valid_to < on):
        raise HasEnded(what=what, on=on.isoformat())
