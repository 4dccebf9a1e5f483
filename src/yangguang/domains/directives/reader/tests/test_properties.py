"""Laws of any reading: it never raises, is the same twice, and every field stands where its spans say."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yangguang.domains.directives.reader import Reading, Unreadable, read_bytes, read_text
from yangguang.domains.directives.reader.formats.plain import decode_text

NOTICES = sorted((Path(__file__).parent / "notices").glob("*.txt"))
PIECES = [
    "一、", "二、", "（一）", "(二)", "1.", "2、", "①", "第一条", "。", "；", "，", "、", "：", "\n", "　", " ", "《", "》", "（", "）", "【", "】",
    "牵头单位：", "责任单位：", "完成时限：", "配合部门", "此项工作由", "负责", "牵头", "市发改委", "各县（市、区）人民政府", "省直有关部门", "张三",
    "2012年6月30日前", "6月31日", "每季度", "年底前", "加强政务公开工作", "關於", "務(wù)", "覆盖率达50%", "│", "├", "─", "┌", "┐", "|", "\t", "序号",
    "工作任务", "市政府办公室关于印发要点的通知", "禾政办〔2012〕3号", "二〇一二年三月五日", "同上", "等", "和", "及", "会同", "0", "９", "\u200b", "\x0c", "\u2028",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def readable(text: str) -> Reading | None:
    try:
        return read_text(text, "x")
    except Unreadable:
        return None


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def assert_spans_hold(reading: Reading) -> None:
    """Each field's spans, put end to end, give its words but for white space and repaired characters."""
    for duty in reading.as_json()["duties"]:
        for name, places in duty["spans"].items():
            for start, end in places:
                assert 0 <= start < end <= len(reading.text)
                assert duty["span"][0] <= start
                assert end <= duty["span"][1]
            printed = "".join(
                char
                for start, end in places
                for offset, char in enumerate(reading.text[start:end], start)
                if offset not in reading.silent
            )
            assert bare(printed) == bare(words_of(duty, name)), name


def words_of(duty: dict, name: str) -> str:
    value = duty[name]
    if isinstance(value, str):
        return value
    return "".join(entry if isinstance(entry, str) else entry["expr"] for entry in value)


@QUICK
@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = readable(text)
    if reading is not None:
        assert_spans_hold(reading)
        for warning in [*reading.warnings, *(w for duty in reading.duties for w in duty.warnings)]:
            assert 0 <= warning.span[0] <= warning.span[1] <= len(reading.text)
        assert all(0 <= duty.confidence <= 1 for duty in reading.duties)


@QUICK
@given(TEXTS)
def test_the_same_text_gives_the_same_reading(text: str) -> None:
    first, second = readable(text), readable(text)
    assert (first and first.as_json()) == (second and second.as_json())


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        refusal = None
        read_bytes(data, "x.txt")
    except Unreadable as raised:
        refusal = raised
    assert refusal is None or (refusal.code and refusal.message and refusal.remedy)


@QUICK
@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_decoding_utf8_gives_the_text_back(text: str) -> None:
    assert decode_text(text.encode()) == text.lstrip("\ufeff") or text.startswith("\ufeff")


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_spans_of_the_corpus(path: Path) -> None:
    assert_spans_hold(read_text(path.read_text(encoding="utf-8").split("\n====\n")[0], path.name))


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_the_displayed_text_reads_like_the_file(path: Path) -> None:
    """What the confirm page shows, read again, gives the same duties."""
    first = read_text(path.read_text(encoding="utf-8").split("\n====\n")[0], path.name)
    assert read_text(first.text, path.name).as_json()["duties"] == first.as_json()["duties"]
