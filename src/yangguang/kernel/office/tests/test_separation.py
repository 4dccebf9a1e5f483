"""System, security and audit administration never come into one hand; what is refused leaves nothing behind."""

from datetime import UTC, datetime

import pytest

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office import commands
from yangguang.kernel.office.separation import HELD, held_by
from yangguang.kernel.office.vocabulary import AUDIT, PEOPLE, ROLES, Administration, NotSeparate
from yangguang.kernel.organisation.models import Officer, Role
from yangguang.kernel.organisation.tests.world import build

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
DAY = AT.date()


@pytest.fixture
def house(settings):
    """An administrator of system and security, as the first one is, and a colleague without powers."""
    settings.SEPARATE_ADMINISTRATORS = True
    world = build()
    first = world.officer("柳一", "K", {PEOPLE: ["*"], ROLES: ["*"]})
    other = world.officer("柳二", "K", {"x.do": ["*"]})
    return world, first, other, Actor.officer(first.pk, first.post.unit_id)


def post_with(world, by, *capabilities):
    role = commands.define_role("r" + "".join(capabilities), "岗", capabilities, by=by, at=AT)
    return commands.create_post(world["K"], "岗" + "".join(capabilities), [role], valid_from=DAY, by=by, at=AT)


def test_every_pair_is_refused_to_one_person_and_granted_to_two(house):
    world, _first, other, by = house
    for which, capabilities in HELD.items():
        for another, theirs in HELD.items():
            if which == another:
                continue
            person = commands.add_person(f"{which}-{another}", "某", by=by, at=AT)
            post = Role.objects.count()
            one = (
                post_with(world, by, min(capabilities))
                if not _has(world, min(capabilities))
                else _post(min(capabilities))
            )
            two = post_with(world, by, min(theirs)) if not _has(world, min(theirs)) else _post(min(theirs))
            commands.appoint(person, one, valid_from=DAY, by=by, at=AT)
            entries = Entry.objects.count()
            with pytest.raises(NotSeparate) as refused:
                commands.appoint(person, two, valid_from=DAY, by=by, at=AT)
            assert which.zh in refused.value.says
            assert Entry.objects.count() == entries
            assert held_by(person, DAY) == {which}
            assert post <= Role.objects.count()
    assert held_by(other.person, DAY) == frozenset()


def _has(world, capability):
    return Role.objects.filter(code="r" + capability).exists()


def _post(capability):
    from yangguang.kernel.organisation.models import Post  # noqa: PLC0415

    return Post.objects.get(name="岗" + capability)


def test_a_role_cannot_unite_them_nor_be_widened_until_it_does(house):
    world, _first, other, by = house
    with pytest.raises(NotSeparate):
        commands.define_role("both", "都管", [ROLES, AUDIT], by=by, at=AT)
    commands.appoint(other.person, post_with(world, by, AUDIT), valid_from=DAY, by=by, at=AT)
    mine = other.post.roles.get()
    with pytest.raises(NotSeparate):
        commands.define_role(mine.code, mine.name, [PEOPLE], by=by, at=AT)
    assert Role.objects.get(pk=mine.pk).capabilities == ["x.do"]


def test_standing_in_for_somebody_unites_nothing_either(house):
    world, first, other, by = house
    commands.appoint(other.person, post_with(world, by, AUDIT), valid_from=DAY, by=by, at=AT)
    with pytest.raises(NotSeparate):
        commands.delegate(first, other, [PEOPLE], valid_from=DAY, valid_to=DAY, by=by, at=AT)


def test_the_first_administrator_keeps_what_he_had_and_gains_no_audit(house, settings):
    world, first, _other, by = house
    assert held_by(first.person, DAY) == {Administration.SYSTEM, Administration.SECURITY}
    commands.appoint(first.person, post_with(world, by, PEOPLE), valid_from=DAY, by=by, at=AT)
    audit = post_with(world, by, AUDIT)
    with pytest.raises(NotSeparate):
        commands.appoint(first.person, audit, valid_from=DAY, by=by, at=AT)
    settings.SEPARATE_ADMINISTRATORS = False
    commands.appoint(first.person, audit, valid_from=DAY, by=by, at=AT)
    assert Officer.objects.filter(person=first.person).count() == 3
