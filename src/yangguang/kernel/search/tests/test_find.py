"""Finding: every phrase that stands in a record finds it, within the actor's sight and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yangguang.kernel.search.commands import put, remove
from yangguang.kernel.search.models import Indexed
from yangguang.kernel.search.queries import EXCERPT, excerpt, find, marked

pytestmark = pytest.mark.django_db


def page(ref: str, title: str, body: str = "", **more) -> None:
    put("duty", ref, title=title, body=body, url_name="duty", url_args=[ref], **{"public": True, **more})


def refs(query: str, **more) -> list[str]:
    return [hit.ref for hit in find(query, **more).hits]


@pytest.fixture
def pages():
    page("1", "政府信息公开指南", "各单位应当编制指南并及时更新。", day=date(2026, 1, 1))
    page("2", "昆阳市资产处置办法", "资产处理与处置的程序。", day=date(2026, 2, 1))
    page("3", "资金、产权与处室职责", "资产。产处。")
    page("4", "關於公開電話的通知", "電話：12345-X7")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("公开", ["1", "4"]),
        ("公開", ["1", "4"]),
        ("信息公开指", ["1"]),
        ("资产处", ["2"]),
        ("指", ["1"]),
        ("南", ["1"]),
        ("处置 资产", ["2"]),
        ("12345", ["4"]),
        ("1234", ["4"]),
        ("12345-x7", ["4"]),
        ("电话", ["4"]),
        ("不存在", []),
        ("", []),
        ("公开 不存在", []),
        ("%", []),
        ("资_处", []),
    ],
)
def test_what_stands_in_a_record_finds_it(pages, query, found):
    assert sorted(refs(query)) == found


def test_a_title_counts_more_than_a_body_and_the_later_day_breaks_a_tie():
    page("body", "年度计划", "推进政务公开")
    page("title", "政务公开计划")
    page("older", "财政预算", day=date(2025, 1, 1))
    page("newer", "财政预算", day=date(2026, 1, 1))
    assert refs("政务公开") == ["title", "body"]
    assert refs("财政预算") == ["newer", "older"]


def test_nobody_finds_what_is_out_of_his_sight():
    page("secret", "内部任务", public=False, units=[7, 9])
    page("open", "内部任务公开件")
    assert refs("内部任务") == ["open"]
    assert refs("内部任务", units=[8]) == ["open"]
    assert refs("内部任务", units=[]) == ["open"]
    assert sorted(refs("内部任务", units=[9, 1])) == ["open", "secret"]


def test_the_total_is_of_all_pages_and_kinds_can_be_chosen():
    for number in range(5):
        page(str(number), f"任务{number}")
    put("unit", "u", title="任务办", url_name="unit", public=True)
    first = find("任务", limit=4)
    assert (first.total, len(first.hits)) == (6, 4)
    rest = find("任务", limit=4, offset=4)
    assert len({hit.ref for hit in (*first.hits, *rest.hits)}) == 6
    assert refs("任务", kinds=["unit"]) == ["u"]


def test_a_record_is_one_row_that_can_be_put_anew_and_removed():
    page("1", "旧题目")
    page("1", "新题目")
    assert Indexed.objects.count() == 1
    assert refs("旧题目") == []
    assert refs("新题目") == ["1"]
    remove("duty", "1")
    assert refs("新题目") == []


def test_an_office_is_found_by_its_initials():
    put("unit", "5", title="青禾省财政厅", url_name="unit", names=["青禾省财政厅"], public=True)
    assert refs("qhsczt") == refs("CZT") == refs("czt") == ["5"]


def test_marks_stand_on_the_text_as_it_was_written():
    assert marked("關於政務 公開的通知", ["政务公开"]) == (("關於", False), ("政務 公開", True), ("的通知", False))
    assert marked("公开公开", ["公开"]) == (("公开公开", True),)
    assert marked("无", ["公开"]) == (("无", False),)


def test_an_excerpt_is_cut_around_the_first_hit():
    pieces = excerpt("甲" * 300 + "公开" + "乙" * 300, ["公开"])
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("…", False)
    assert ("公开", True) in pieces
    assert sum(len(text) for text, _ in pieces) == EXCERPT + 2


def test_hits_carry_their_place():
    page("12", "公开台账", "正文公开")
    hit = find("公开").hits[0]
    assert (hit.url_name, hit.url_args, hit.title[0]) == ("duty", ("12",), ("公开", True))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.sampled_from("政府信息公開務办12aB、"), min_size=1, max_size=30), st.data())
def test_any_part_of_a_title_finds_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    # A Latin run is found from its beginning on: move back to where it starts.
    while start and text[start].isascii() and text[start - 1].isascii():
        start -= 1
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    page("1", text)
    if part.strip("、"):
        assert refs(part) == ["1"]


def test_a_zero_byte_does_no_harm():
    page("1", "公\x00开")
    assert refs("公\x00开") == ["1"]
