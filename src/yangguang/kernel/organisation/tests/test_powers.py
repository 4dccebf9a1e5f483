"""Who may do what, where, for which kind and when: denied unless some row says otherwise."""

from datetime import date

import pytest

from yangguang.kernel.organisation.models import Officer, Unit
from yangguang.kernel.organisation.queries import capabilities_of, current_officers, may, officers_who_may, units_within
from yangguang.kernel.organisation.tests.world import START, build, delegate

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 3)


@pytest.fixture
def world():
    return build()


@pytest.fixture
def cast(world):
    return {
        "clerk": world.officer("柳一", "KFIN", {"duty.report": ["duty"]}),
        "head": world.officer("柳二", "K", {"duty.report": ["duty"], "duty.sign": ["duty"]}),
        "inspector": world.officer("云一", "CEFF", {"duty.review": ["duty"], "case.read": ["*"]}, scope="C"),
        "retired": world.officer("云二", "C", {"duty.report": ["*"]}, end=date(2024, 6, 2)),
        "coming": world.officer("云三", "C", {"duty.report": ["*"]}, start=date(2024, 6, 4)),
        "justice": world.officer("青一", "PJUS", {"case.read": ["*"]}),
        "nobody": world.officer("云四", "C", {}),
    }


TABLE = [
    # who, capability, unit, kind, allowed, why
    ("clerk", "duty.report", "KFIN", "duty", True, "own unit, own kind"),
    ("clerk", "duty.report", None, "duty", True, "no unit asked for"),
    ("clerk", "duty.report", "K", "duty", False, "the superior is not below"),
    ("clerk", "duty.report", "WFIN", "duty", False, "another unit"),
    ("clerk", "duty.report", "KFIN", "request", False, "another kind"),
    ("clerk", "duty.repor", "KFIN", "duty", False, "no such capability"),
    ("clerk", "duty.sign", "KFIN", "duty", False, "not among his capabilities"),
    ("head", "duty.sign", "KFIN", "duty", True, "below his unit"),
    ("head", "duty.sign", "V", "duty", True, "far below"),
    ("head", "duty.sign", "C", "duty", False, "above"),
    ("head", "duty.sign", "M", "duty", False, "beside"),
    ("inspector", "duty.review", "CFIN", "duty", True, "the post's scope is the government"),
    ("inspector", "duty.review", "T", "duty", True, "and all that is below it"),
    ("inspector", "duty.review", "SFIN", "duty", False, "not another prefecture"),
    ("inspector", "case.read", "V", "complaint", True, "every kind"),
    ("inspector", "case.read", "V", None, True, "no kind asked for"),
    ("retired", "duty.report", "C", "duty", False, "appointment ended yesterday"),
    ("coming", "duty.report", "C", "duty", False, "appointment begins tomorrow"),
    ("justice", "case.read", "PLEG", "duty", True, "the unit merged into his"),
    ("justice", "case.read", "PFIN", "duty", False, "a department beside"),
    ("nobody", "case.read", "C", "duty", False, "no role at all"),
    ("nobody", "", None, None, False, "an empty capability is none"),
]


@pytest.mark.parametrize(("who", "capability", "unit", "kind", "allowed", "why"), TABLE)
def test_may(world, cast, who, capability, unit, kind, allowed, why):
    assert may(cast[who], capability, world[unit] if unit else None, kind, on=DAY) is allowed, why


def test_lists_and_single_questions_agree(world, cast):
    for officer in cast.values():
        for capability in ("duty.report", "duty.sign", "duty.review", "case.read"):
            listed = set(units_within(officer, capability, "duty", on=DAY))
            asked = {unit for unit in Unit.objects.all() if may(officer, capability, unit, "duty", on=DAY)}
            assert listed == asked, (officer, capability)


def test_a_deputy_stands_in_only_for_what_was_named_and_while_it_lasts(world, cast):
    head, clerk = cast["head"], cast["clerk"]
    delegate(head, clerk, "duty.sign", start=date(2024, 6, 1), end=date(2024, 6, 30))
    assert may(clerk, "duty.sign", world["T"], "duty", on=DAY)
    assert not may(clerk, "duty.report", world["T"], "duty", on=DAY)
    assert not may(clerk, "duty.sign", world["T"], "duty", on=date(2024, 7, 1))
    assert not may(clerk, "duty.sign", world["C"], "duty", on=DAY)
    (grant,) = [grant for grant in capabilities_of(clerk, DAY) if grant.capability == "duty.sign"]
    assert grant.on_behalf_of == head.pk


def test_a_delegation_gives_nothing_the_giver_lacks_or_lost_and_is_not_passed_on(world, cast):
    clerk, head, inspector = cast["clerk"], cast["head"], cast["inspector"]
    delegate(clerk, inspector, "duty.sign")
    assert not may(inspector, "duty.sign", world["KFIN"], "duty", on=DAY)
    delegate(head, clerk, "duty.sign")
    assert not may(inspector, "duty.sign", world["KFIN"], "duty", on=DAY)
    Officer.objects.filter(pk=head.pk).update(valid_to=date(2024, 1, 1))
    assert not may(clerk, "duty.sign", world["T"], "duty", on=DAY)


def test_nobody_acts_from_a_unit_that_has_ended(world):
    officer = world.officer("青二", "PLEG", {"case.read": ["*"]})
    assert may(officer, "case.read", on=date(2018, 10, 31))
    assert not may(officer, "case.read", on=date(2018, 11, 1))


def test_who_may_is_asked_nearest_first(world, cast):
    upper = world.officer("云五", "C", {"duty.sign": ["*"]})
    assert list(officers_who_may("duty.sign", world["T"], "duty", on=DAY)) == [cast["head"], upper]
    assert list(officers_who_may("duty.sign", world["T"], "request", on=DAY)) == [upper]


def test_the_posts_a_person_can_act_in(world, cast):
    person = cast["clerk"].person
    post = cast["head"].post
    Officer.objects.create(person=person, post=post, valid_from=START, valid_to=date(2023, 1, 1))
    second = Officer.objects.create(person=person, post=post, valid_from=date(2024, 1, 1))
    assert set(current_officers(person, DAY)) == {cast["clerk"], second}


def test_one_question_costs_few_queries(world, cast, django_assert_max_num_queries):
    officer = Officer.objects.select_related("post__unit").get(pk=cast["clerk"].pk)
    with django_assert_max_num_queries(3):
        may(officer, "duty.report", world["KFIN"], "duty", on=DAY)
