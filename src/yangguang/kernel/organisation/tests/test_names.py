"""Comparison of names: folding, contraction, place prefixes, order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.organisation.names import (
    comparison_key,
    fold,
    is_contraction,
    pinyin_key,
    short_division_name,
    signboards,
    stem,
)
from yangguang.kernel.organisation.vocabulary import Level, Predicate, PredicateRefused, Within

HAN = st.text(alphabet="省市县区州青禾云川财政局厅委办公室人民政府和与监督管理员会（）() ", max_size=20)


@given(HAN)
def test_folding_and_abbreviating_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
    assert not any(character.isspace() for character in comparison_key(text))


@given(HAN)
def test_a_stem_is_an_ending_of_the_key(text):
    assert comparison_key(text).endswith(stem(text, [("青禾省", "青禾"), ("云川市", "云川")]))


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("发展和改革委员会", "发展改革委"),
        ("人民政府办公厅", "政府办"),
        ("市场监督管理局", "市场监管局"),
        ("人力資源和社會保障廳", "人力资源社会保障厅"),
        ("开发区管理委员会", "开发区管委会"),
    ],
)
def test_full_and_short_official_forms_meet(full, short):
    assert comparison_key(full) == comparison_key(short)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("青禾省", "青禾"),
        ("清溪彝族苗族自治州", "清溪"),
        ("石林彝族自治县", "石林"),
        ("大理市", "大理"),
        ("回县", "回县"),
        ("青石镇", "青石"),
        ("城东街道", "城东"),
    ],
)
def test_short_names_of_divisions(name, short):
    assert short_division_name(name) == short


@pytest.mark.parametrize(
    ("short", "full", "is_one"),
    [
        ("发改委", "发展改革委", True),
        ("人社厅", "人力资源社会保障厅", True),
        ("财政局", "财政局", False),
        ("改发委", "发展改革委", False),
        ("发改局", "发展改革委", False),
        ("委", "发展改革委", False),
    ],
)
def test_contractions(short, full, is_one):
    assert is_contraction(short, full) is is_one


def test_signboards_need_one_flat_bracket():
    assert signboards("市甲办（市乙辦）") == ("市甲办", "市乙办")
    assert signboards("市甲办") is signboards("市甲办(市乙办)等") is signboards("市甲办(市(乙)办)") is None


def test_names_are_ordered_by_pinyin_syllables():
    assert sorted(["张三", "安四", "赵五", "白六"], key=pinyin_key) == ["安四", "白六", "张三", "赵五"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"level": ["county"]}, "unknown keys: level"),
        ({"levels": ["country"]}, "country"),
        ({"levels": "county"}, "list of words"),
        ({"within": "everywhere"}, "everywhere"),
        ({"branch": "yes"}, "branch"),
    ],
)
def test_a_predicate_of_unknown_form_is_refused(written, says):
    with pytest.raises(PredicateRefused, match=says):
        Predicate.of(written)


def test_a_predicate_survives_writing():
    predicate = Predicate(frozenset({Level.COUNTY}), within=Within.BELOW, branch=False)
    assert Predicate.of(predicate.written) == predicate
