"""Folding and words: both sides of a search fall into the same pieces."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.search.words import LEXEMES_MAX, condition, fold, initials, lexemes, phrases, terms, vector

TEXTS = st.text(st.sampled_from("政府信息公開務办0aZＡ１ \n、（㎡'\\:&|!"), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("政務公開", "政务公开"),
        ("ＡＢｃ１２", "abc12"),
        ("政务  公开\n指南", "政务公开指南"),
        ("OGI  2026 年", "ogi 2026 年"),
        ("面积１０㎡", "面积10m2"),
    ],
)
def test_texts_are_folded(text, folded):
    assert fold(text).text == folded


@given(TEXTS)
def test_every_folded_character_knows_its_place(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert fold(folded.text).text == folded.text


def test_pairs_and_words_carry_the_weight_of_their_place():
    words = lexemes("政务公开", "公开指南")
    assert words["政务"] == "A"
    assert words["务公"] == "B"
    assert words["指南"] == "C"
    assert words["开指"] == "D"
    assert words["开"] == "B", "the last character alone, so that one character can be looked for"


def test_a_query_asks_for_all_its_pairs_and_the_phrase():
    wanted = terms("資產處 2026年")
    assert wanted == ["资产处", "2026年"]
    assert condition(wanted) == "'资产' & '产处' & '2026':* & '年':*"
    assert phrases(wanted) == ["资产处", "2026年"]
    assert phrases(["czt"]) == []


@pytest.mark.parametrize("nothing", ["", "   ", "，。！", "&|!:*'"])
def test_a_query_without_words_asks_for_nothing(nothing):
    assert condition(terms(nothing)) == ""


def test_initials_find_a_name_from_any_of_its_characters():
    assert set(initials("财政厅")) == {"czt", "zt"}
    assert "fgw" in set(initials("青禾省发改委"))


def test_the_vector_never_outgrows_what_the_database_keeps():
    draw = random.Random(1)
    body = "".join(chr(draw.randint(0x20000, 0x2A6DF)) for _ in range(80_000))
    words = lexemes("题", body)
    assert len(words) == LEXEMES_MAX
    assert len(vector(words).encode()) < 1 << 20


def test_quotes_are_doubled():
    assert vector({"a'b\\c": "A"}) == r"'a''b\\c':1A"
