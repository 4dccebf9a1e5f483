"""Printed names meet the unit that is meant, on the day of the paper, seen from where it was issued."""

from datetime import date

import pytest

from yangguang.kernel.organisation.queries import (
    Resolver,
    division_chain,
    local_counterparts,
    members,
    name_of,
    resolve_unit,
    subtree,
    successor,
    unit_chain,
)
from yangguang.kernel.organisation.tests.world import World, build, call
from yangguang.kernel.organisation.vocabulary import How

pytestmark = pytest.mark.django_db

#     text, issuing division, day, unit code (or None), how
TABLE = [
    ("青禾省财政厅", "99", "2024-01-01", "PFIN", "name"),
    ("青禾省财政厅", "990121", "2024-01-01", "PFIN", "name"),
    ("省财政厅", "99", "2024-01-01", "PFIN", "abbreviation"),
    ("财政厅", "99", "2024-01-01", "PFIN", "abbreviation"),
    ("省財政廳", "99", "2024-01-01", "PFIN", "abbreviation"),
    ("青禾省發展和改革委員會", "99", "2024-01-01", "PDRC", "name"),
    ("青禾省发展改革委", "99", "2024-01-01", "PDRC", "abbreviation"),
    ("省发展改革委", "99", "2024-01-01", "PDRC", "short_name"),
    ("发展改革委", "99", "2024-01-01", "PDRC", "abbreviation"),
    ("发展改革委", "9901", "2024-01-01", "CDRC", "abbreviation"),
    ("市发展改革委", "9901", "2024-01-01", "CDRC", "abbreviation"),
    ("省发展改革委", "990121", "2024-01-01", "PDRC", "short_name"),
    ("省发改委", "99", "2024-01-01", "PDRC", "alias"),
    ("发改委", "99", "2024-01-01", "PDRC", "alias"),
    ("省人社廳", "99", "2024-01-01", "PHR", "alias"),
    ("省政府办公厅", "99", "2024-01-01", "POFF", "abbreviation"),
    (" 省 政府 办公厅 ", "99", "2024-01-01", "POFF", "abbreviation"),
    ("市财政局", "9901", "2024-01-01", "CFIN", "abbreviation"),
    ("市财政局", "990121", "2024-01-01", "CFIN", "abbreviation"),
    ("财政局", "990121", "2024-01-01", "KFIN", "abbreviation"),
    ("县财政局", "990121", "2024-01-01", "KFIN", "abbreviation"),
    ("市财政局", "990181", "2024-01-01", "MFIN", "abbreviation"),
    ("云川市财政局", "99", "2024-01-01", "CFIN", "name"),
    ("青禾省云川市财政局", "99", "2024-01-01", "CFIN", "abbreviation"),
    ("清溪州财政局", "99", "2024-01-01", "SFIN", "abbreviation"),
    ("清溪自治州政府", "99", "2024-01-01", "S", "abbreviation"),
    ("州财政局", "9926", "2024-01-01", "SFIN", "abbreviation"),
    ("区财政局", "992601", "2024-01-01", "W2FIN", "abbreviation"),
    ("云川市望江区财政局", "99", "2024-01-01", "WFIN", "abbreviation"),
    ("市场监管局", "9901", "2024-01-01", "CMKT", "abbreviation"),
    ("市市场监管局", "9901", "2024-01-01", "CMKT", "abbreviation"),
    ("市监局", "9901", "2024-01-01", "CMKT", "alias"),
    ("市监局", "990121", "2024-01-01", "CMKT", "alias"),
    ("市监局", "9926", "2024-01-01", None, "nothing"),
    ("省卫生健康委", "99", "2024-01-01", "PHEA", "short_name"),
    ("青禾省卫生厅", "99", "2010-06-01", "PHEA", "name"),
    ("省卫生厅", "99", "2010-06-01", "PHEA", "abbreviation"),
    ("省卫生厅", "99", "2024-01-01", "PHEA", "former_name"),
    ("省卫生计划生育委", "99", "2016-01-01", "PHEA", "abbreviation"),
    ("省卫生健康委", "99", "2010-06-01", "PHEA", "former_name"),
    ("省政府法制办", "99", "2010-06-01", "PLEG", "short_name"),
    ("法制办", "99", "2018-10-31", "PLEG", "short_name"),
    ("法制办", "99", "2018-11-01", "PJUS", "merged"),
    ("市效能办(市政务公开办)", "9901", "2024-01-01", "CEFF", "signboards"),
    ("市效能辦（市政務公開辦）", "9901", "2024-01-01", "CEFF", "signboards"),
    ("市政务公开办", "9901", "2024-01-01", "CEFF", "signboards"),
    ("市效能办(市改革办)", "9901", "2024-01-01", "CEFF", "outer_name"),
    ("市效能办(市财政局)", "9901", "2024-01-01", None, "candidates"),
    ("市改革办(市效能办)", "9901", "2024-01-01", None, "candidates"),
    ("省委组织部", "99", "2024-01-01", "PORG", "short_name"),
    ("省法院", "99", "2024-01-01", "PCOURT", "short_name"),
    ("人力资源社会保障厅", "99", "2024-01-01", "PHR", "abbreviation"),
    ("人资厅", "99", "2024-01-01", None, "candidates"),
    ("柳溪县政府", "9901", "2024-01-01", "K", "abbreviation"),
    ("青石镇人民政府", "990121", "2024-01-01", "T", "name"),
    ("云川高新区管委会", "9901", "2024-01-01", "H", "short_name"),
    ("月球探测局", "99", "2024-01-01", None, "nothing"),
    ("", "99", "2024-01-01", None, "nothing"),
]


@pytest.fixture
def world() -> World:
    return build()


def test_printed_names(world):
    """One table, one province: every row is told with what came out instead."""
    wrong = []
    for text, code, on, unit, how in TABLE:
        got = resolve_unit(text, world.divisions[code], date.fromisoformat(on))
        found = got.unit.code if got.unit else None
        if (found, got.how) != (unit, how):
            wrong.append((text, code, on, f"wanted {unit} {how}", f"got {found} {got.how}"))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_same_name_in_two_places_is_left_to_a_person(world):
    got = resolve_unit("望江区政府", world.divisions["99"], date(2024, 1, 1))
    assert {candidate.unit.code for candidate in got.candidates} == {"W", "W2"}
    assert resolve_unit("望江区政府", world.divisions["9926"], date(2024, 1, 1)).unit == world["W2"]
    assert resolve_unit("望江区政府", world.divisions["9901"], date(2024, 1, 1)).unit == world["W"]


def test_contractions_are_offered_never_decided(world):
    got = resolve_unit("人资厅", world.divisions["99"], date(2024, 1, 1))
    assert [candidate.unit.code for candidate in got.candidates] == ["PHR"]
    assert got.units == ()
    assert got.confidence < 0.85


def test_a_learned_alias_decides_from_then_on(world):
    city, day = world.divisions["9901"], date(2024, 1, 1)
    assert resolve_unit("市改革办", city, day).unit is None
    call(world["CDRC"], "市改革办", context=city)
    assert resolve_unit("市改革办", city, day).unit == world["CDRC"]
    assert resolve_unit("市改革办", world.divisions["9926"], day).unit is None


def test_an_alias_holds_only_in_its_time(world):
    call(world["CDRC"], "市计委", start=date(2000, 1, 1), end=date(2004, 12, 31))
    city = world.divisions["9901"]
    assert resolve_unit("市计委", city, date(2003, 1, 1)).how is How.ALIAS
    assert resolve_unit("市计委", city, date(2024, 1, 1)).how is How.FORMER_NAME


COLLECTIVES = [
    # text, division, members, open, expected
    ("各州(市)人民政府", "99", "C S", False, None),
    ("各州、市人民政府", "99", "C S", False, None),
    ("各县（市、区）人民政府", "99", "K M W W2", False, None),
    ("各縣（市、區）人民政府", "9901", "K M W", False, None),
    ("各区(市)县政府", "9901", "K M W", False, None),
    ("各县、市、区政府", "99", "K M W W2", False, None),
    ("各市、县（市、区）人民政府", "99", "C K M S W W2", False, None),
    ("各市、区人民政府", "9901", "K M W", False, None),
    ("2个州（市）", "99", "C S", False, 2),
    ("全省16个州(市)", "99", "C S", False, 16),
    ("各乡（镇）人民政府、街道办事处", "990121", "T", False, None),
    ("各乡镇", "990121", "T", False, None),
    ("各村", "990121", "V", False, None),
    ("省直有关部门", "99", "PDRC PFIN PHEA PHR PJUS POFF PORG", True, None),
    ("省政府各部门", "99", "PDRC PFIN PHEA PHR PJUS POFF", False, None),
    ("市政府有关部门", "9901", "CDRC CEFF CFIN CMKT", True, None),
    ("市直各单位", "9901", "CDRC CEFF CFIN CMKT CUNI", False, None),
    ("市直各单位", "990121", "CDRC CEFF CFIN CMKT CUNI", False, None),
    ("各有关单位", "9901", "CDRC CEFF CFIN CMKT CUNI", True, None),
    ("有关部门", "9901", "CDRC CEFF CFIN CMKT", True, None),
    ("区直各办、局", "990102", "WFIN", False, None),
    ("各开发区管委会", "9901", "H", False, None),
    ("中央驻省单位", "99", "PBANK", False, None),
    ("全市效能联席会议成员单位", "9901", "CDRC CFIN CMKT", False, None),
    ("省级行政执法部门和单位", "99", "PDRC PFIN PHEA PHR PJUS POFF PORG", True, None),
    ("各地", "99", "C S", False, None),
    ("各地", "9901", "K M W", False, None),
    ("各级人民政府", "9901", "C K M T W", False, None),
    ("有关縣（市、區）人民政府", "9901", "K M W", True, None),
    ("各州、市人民政府", "9901", "", False, None),
    ("省政府效能建设联席会议成员单位", "9901", "PDRC PFIN PHEA PHR PJUS POFF PORG", True, None),
    ("行业主管部门", "9901", "CDRC CEFF CFIN CMKT CUNI", True, None),
]


def test_collectives(world):
    wrong = []
    for text, code, wanted, opened, expected in COLLECTIVES:
        division, day = world.divisions[code], date(2024, 1, 1)
        got = resolve_unit(text, division, day)
        if got.collective is None:
            wrong.append((text, code, got.how))
            continue
        found = sorted(unit.code for unit in members(got.collective, division, day))
        if (found, got.collective.open, got.collective.expected) != (wanted.split(), opened, expected):
            wrong.append((text, code, found, got.collective))
    assert not wrong, "\n".join(map(str, wrong))


def test_members_are_those_of_the_day(world):
    division = world.divisions["99"]
    reading = resolve_unit("省政府各部门", division, date(2010, 1, 1)).collective
    assert world["PLEG"] in members(reading, division, date(2018, 10, 31))
    assert world["PLEG"] not in members(reading, division, date(2018, 11, 1))


def test_one_resolver_serves_a_whole_paper_with_few_questions(world, django_assert_max_num_queries):
    resolver = Resolver(world.divisions["99"], date(2024, 1, 1))
    resolver.resolve("省财政厅")
    with django_assert_max_num_queries(4):
        assert resolver.resolve("省发改委").unit == world["PDRC"]


def test_chains_and_subtrees(world):
    assert division_chain("990121100") == ("99", "9901", "990121", "990121100")
    assert division_chain("77") == ()
    assert [unit.code for unit in unit_chain(world["T"])] == ["P", "C", "K", "T"]
    assert {unit.code for unit in subtree(world["K"])} == {"K", "KFIN", "T", "V"}


def test_names_and_heirs_through_time(world):
    health = world["PHEA"]
    assert [name_of(health, date(year, 6, 1)) for year in (2010, 2016, 2024)] == [
        "青禾省卫生厅",
        "青禾省卫生和计划生育委员会",
        "青禾省卫生健康委员会",
    ]
    assert successor(world["PLEG"], date(2018, 10, 31)) == world["PLEG"]
    assert successor(world["PLEG"], date(2020, 1, 1)) == world["PJUS"]
    assert list(local_counterparts(world["PFIN"], world.divisions["9901"], date(2024, 1, 1))) == [world["CFIN"]]
