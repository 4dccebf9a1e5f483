"""The office's commands: each leaves an entry, refuses what cannot be, and is seen by the queries at once."""

from datetime import UTC, date, datetime

import pytest

from yangguang.kernel.ledger.models import Entry, Stream
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, NotAllowed
from yangguang.kernel.office import commands as office
from yangguang.kernel.office.commands.beginning import Beginning, begin_organisation
from yangguang.kernel.office.vocabulary import (
    EVERYTHING,
    SETUP,
    AlreadyBegun,
    AlreadyRegistered,
    HasEnded,
    MeansAnother,
    WouldLoop,
)
from yangguang.kernel.organisation.models import Officer, Unit
from yangguang.kernel.organisation.queries import capabilities_of, may, name_of, resolve_unit, successor
from yangguang.kernel.organisation.vocabulary import How, Level, Nature

pytestmark = pytest.mark.django_db
BY = Actor.system(SETUP)
AT = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)
DAY = date(2024, 6, 3)
WHEN = {"by": BY, "at": AT}


def trail():
    return list(Entry.objects.filter(stream="organisation").values_list("name", flat=True))


@pytest.fixture
def city():
    province = office.create_division("99", "青禾省", level=Level.PROVINCE, valid_from=date(2000, 1, 1), **WHEN)
    return office.create_division(
        "9901", "云川市", level=Level.PREFECTURE, parent=province, valid_from=date(2000, 1, 1), **WHEN
    )


@pytest.fixture
def government(city):
    return office.create_unit(
        "C", "云川市人民政府", division=city, nature=Nature.GOVERNMENT, valid_from=date(2000, 1, 1), **WHEN
    )


@pytest.fixture
def health(city, government):
    return office.create_unit(
        "H",
        "云川市卫生局",
        division=city,
        nature=Nature.DEPARTMENT,
        superior=government,
        short_names=["市卫生局"],
        valid_from=date(2000, 1, 1),
        **WHEN,
    )


def test_a_unit_is_found_by_its_names_as_soon_as_it_is_entered(city, health):
    assert resolve_unit("市衛生局", city, DAY).unit == health
    assert trail()[-1] == "office.unit_created"
    with pytest.raises(AlreadyRegistered):
        office.create_unit("H", "x", division=city, nature=Nature.DEPARTMENT, valid_from=DAY, **WHEN)
    with pytest.raises(Malformed):
        office.create_unit("X", "", division=city, nature=Nature.DEPARTMENT, valid_from=DAY, **WHEN)


def test_a_division_needs_a_code_that_can_be_one(city):
    for code in ("", "9", "99-01", "九九"):
        with pytest.raises(Malformed):
            office.create_division(code, "某市", level=Level.PREFECTURE, parent=city, valid_from=DAY, **WHEN)


def test_a_merger_on_the_first_day_is_refused(city, government, health):
    with pytest.raises(Malformed):
        office.merge_unit(health, government, valid_from=date(2000, 1, 1), **WHEN)


def test_a_renamed_unit_answers_to_each_name_in_its_time(city, health):
    office.rename_unit(health, "云川市卫生健康委员会", valid_from=date(2019, 1, 1), short_names=["市卫健委"], **WHEN)
    assert name_of(health, date(2018, 12, 31)) == "云川市卫生局"
    assert name_of(health, date(2019, 1, 1)) == "云川市卫生健康委员会"
    assert resolve_unit("市卫生局", city, DAY).how is How.FORMER_NAME
    assert resolve_unit("市卫健委", city, DAY).how is How.SHORT_NAME
    with pytest.raises(HasEnded):
        office.rename_unit(health, "y", valid_from=date(1999, 1, 1), **WHEN)


def test_a_merger_ends_unit_posts_and_appointments_and_names_the_heir(city, government, health):
    role = office.define_role("clerk", "经办", ["x.do"], **WHEN)
    post = office.create_post(health, "经办人", [role], valid_from=date(2010, 1, 1), **WHEN)
    person = office.add_person("1", "王一", **WHEN)
    officer = office.appoint(person, post, valid_from=date(2010, 1, 1), **WHEN)
    heir = office.create_unit(
        "N", "云川市卫生健康局", division=city, nature=Nature.DEPARTMENT, superior=government,
        valid_from=date(2000, 1, 1), **WHEN,
    )  # fmt: skip
    office.merge_unit(health, heir, valid_from=date(2019, 1, 1), **WHEN)
    officer = Officer.objects.get(pk=officer.pk)
    assert officer.valid_to == officer.post.valid_to == Unit.objects.get(code="H").valid_to == date(2018, 12, 31)
    assert not may(officer, "x.do", on=DAY)
    assert successor(Unit.objects.get(code="H"), DAY) == heir
    assert resolve_unit("市卫生局", city, DAY).how is How.MERGED
    assert resolve_unit("市卫生局", city, date(2018, 12, 31)).unit == health
    with pytest.raises(HasEnded):
        office.merge_unit(health, heir, valid_from=DAY, **WHEN)


def test_nothing_becomes_its_own_superior_or_heir(government, health):
    with pytest.raises(WouldLoop):
        office.move_unit(government, superior=health, counterpart=None, **WHEN)
    with pytest.raises(WouldLoop):
        office.merge_unit(government, health, valid_from=DAY, **WHEN)
    with pytest.raises(WouldLoop):
        office.merge_unit(health, health, valid_from=DAY, **WHEN)


def test_an_alias_is_learned_once_and_never_against_another_unit(city, government, health):
    office.learn_alias(health, "市卫办", context=city, **WHEN)
    before = len(trail())
    office.learn_alias(health, "市卫办", context=city, **WHEN)
    assert len(trail()) == before
    assert resolve_unit("市卫办", city, DAY).unit == health
    with pytest.raises(MeansAnother):
        office.learn_alias(government, "市卫办", context=city, **WHEN)
    with pytest.raises(MeansAnother):
        office.learn_alias(government, "市卫生局", **WHEN)


def test_a_renamed_division_keeps_its_units_names_comparable(city, health):
    office.rename_division(city, "云海市", **WHEN)
    assert resolve_unit("云海市卫生局", city.parent, DAY).unit == health
    assert resolve_unit("市卫生局", city, DAY).unit == health


def test_roles_name_every_capability(city):
    with pytest.raises(Malformed):
        office.define_role("god", "一切", ["*"], **WHEN)
    with pytest.raises(Malformed):
        office.define_role("god", "一切", ["directives.*"], **WHEN)


def test_collectives_name_known_units_only(city, health):
    office.define_collective("成员单位甲", {"units": ["H"]}, division=city, valid_from=DAY, **WHEN)
    with pytest.raises(Malformed, match="填写"):
        office.define_collective("成员单位乙", {"units": ["H", "ZZ"]}, division=city, valid_from=DAY, **WHEN)
    with pytest.raises(Malformed):
        office.define_collective("成员单位丙", {"where": "here"}, division=city, valid_from=DAY, **WHEN)


@pytest.fixture
def managers(city, government, health):
    role = office.define_role("personnel", "人事", ["office.people"], **WHEN)
    work = office.define_role("work", "经办", ["x.do"], **WHEN)
    made = {}
    for name, unit in (("city", government), ("health", health)):
        post = office.create_post(unit, "人事", [role, work], valid_from=date(2020, 1, 1), **WHEN)
        person = office.add_person(name, name, **WHEN)
        made[name] = office.appoint(person, post, valid_from=date(2020, 1, 1), **WHEN)
    return made


def test_nobody_widens_his_own_reach(government, health, managers):
    by = Actor.officer(managers["health"].pk, health.pk)
    role = managers["health"].post.roles.first()
    office.create_post(health, "副职", [role], valid_from=DAY, by=by, at=AT)
    with pytest.raises(NotAllowed):
        office.create_post(health, "越权", [role], scope=government, valid_from=DAY, by=by, at=AT)
    with pytest.raises(NotAllowed):
        office.create_post(government, "越权", [role], valid_from=DAY, by=by, at=AT)
    with pytest.raises(NotAllowed):
        office.appoint(managers["health"].person, managers["city"].post, valid_from=DAY, by=by, at=AT)
    with pytest.raises(NotAllowed):
        office.define_role("more", "更多", ["office.units"], by=by, at=AT)


def test_a_giver_delegates_only_what_he_holds_himself(government, health, managers):
    giver, taker = managers["city"], managers["health"]
    by = Actor.officer(giver.pk, government.pk)
    days = {"valid_from": DAY, "valid_to": date(2024, 6, 30)}
    with pytest.raises(Malformed):
        office.delegate(giver, taker, ["y.do"], **days, by=by, at=AT)
    with pytest.raises(Malformed):
        office.delegate(giver, taker, [], **days, by=by, at=AT)
    with pytest.raises(NotAllowed):
        office.delegate(giver, taker, ["x.do"], **days, by=Actor.officer(taker.pk, health.pk), at=AT)
    office.delegate(giver, taker, ["x.do"], **days, by=by, at=AT)
    assert may(taker, "x.do", government, on=DAY)
    office.end_appointment(giver, valid_to=date(2024, 6, 10), **WHEN)
    assert not may(taker, "x.do", government, on=date(2024, 6, 11))


def test_what_was_refused_leaves_no_trace(city, government):
    before = (Unit.objects.count(), Stream.objects.get(key="organisation").length)
    with pytest.raises(NotAllowed):
        office.create_unit(
            "Q", "某局", division=city, nature=Nature.DEPARTMENT, valid_from=DAY, by=Actor.system("nobody"), at=AT
        )
    with pytest.raises(AlreadyRegistered):
        office.create_unit("C", "某局", division=city, nature=Nature.DEPARTMENT, valid_from=DAY, **WHEN)
    assert (Unit.objects.count(), Stream.objects.get(key="organisation").length) == before


def test_no_name_of_a_person_stands_in_the_trail(managers):
    office.add_person("77", "欧阳某某", **WHEN)
    texts = Entry.objects.filter(name="office.person_added").values_list("body", flat=True)
    assert texts
    assert all(set(body) == {"person"} for body in texts)


BEGINNING = Beginning("99", "青禾省", Level.PROVINCE, "P", "青禾省人民政府", "001", "李管")


def test_an_instance_begins_once_with_an_administrator_who_sees_no_case():
    officer = begin_organisation(BEGINNING, at=AT)
    assert {grant.capability for grant in capabilities_of(officer, DAY)} == set(EVERYTHING)
    assert resolve_unit("省政府", officer.post.unit.division, date(2011, 5, 5)).unit == officer.post.unit
    with pytest.raises(AlreadyBegun):
        begin_organisation(BEGINNING, at=AT)
