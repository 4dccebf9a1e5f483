"""The rulebook answers by day and place, and refuses what is not dated, measured and cited."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.rulebook import (
    Confidence,
    NothingHeld,
    Rulebook,
    RulebookRefused,
    Unit,
    house_rulebook,
)
from yangguang.kernel.rulebook.sources import article_number, is_article

LAW = """
id: tea-law
title: 茶叶法
en: Tea law
kind: law
issuer: 某会
versions:
  - {number: 第1号, from: 2008-05-01, to: 2019-05-14, articles: 38}
  - {number: 第2号, from: 2019-05-15, articles: 56}
"""
VALUES = """
tea.answer:
  zh: 答复
  en: answer
  values:
    - from: 2008-05-01
      to: 2019-05-14
      value: 15
      unit: working_days
      kind: max
      cite: {law: tea-law, article: 第二十四条, confidence: text}
    - from: 2019-05-15
      value: 20
      unit: working_days
      kind: max
      cite: {law: tea-law, article: 第三十三条第二款, confidence: text}
"""
OVERLAY = """
tea.answer:
  values:
    - {from: 2020-01-01, value: 10, unit: working_days, cite: {law: tea-law, article: 第一条, confidence: local}}
"""
NARROW = OVERLAY.replace("2020-01-01, value: 10", "2021-01-01, to: 2021-12-31, value: 5")


def house(root: Path, *, law: str = LAW, values: str = VALUES, **overlays: str) -> Path:
    files = {"laws/tea.yaml": law, "room/content/rulebook/tea.yaml": values}
    files |= {f"regions/{code[1:]}-somewhere/rulebook/tea.yaml": text for code, text in overlays.items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def refusals(root: Path) -> str:
    with pytest.raises(RulebookRefused) as caught:
        Rulebook.load([root])
    return str(caught.value)


@pytest.mark.parametrize(
    ("on", "chain", "days", "why"),
    [
        ("2008-05-01", (), 15, "the first day of force counts"),
        ("2019-05-14", (), 15, "and so does the last"),
        ("2019-05-15", (), 20, "the new wording from its first day"),
        ("2020-06-01", ("99",), 10, "the province overlays"),
        ("2019-12-31", ("99",), 20, "but not before its own first day"),
        ("2021-06-01", ("99", "9901"), 5, "the narrowest division decides"),
        ("2022-06-01", ("99", "9901"), 10, "when its value has ended, the wider one again"),
        ("2021-06-01", ("98",), 20, "another province knows nothing of it"),
    ],
)
def test_the_value_of_the_day_and_the_place(tmp_path, on, chain, days, why):
    book = Rulebook.load([house(tmp_path, _99=OVERLAY, _9901=NARROW)])
    assert book("tea.answer", on=date.fromisoformat(on), chain=chain).value == days, why


def test_a_value_tells_its_source_term_and_name(tmp_path):
    value = Rulebook.load([house(tmp_path, _99=OVERLAY)])("tea.answer", on=date(2024, 1, 1), chain=("99",))
    assert (str(value.cite), value.cite.confidence) == ("《茶叶法》第一条", Confidence.LOCAL)
    assert (value.term, value.overlay, value.zh) == ("10 working days", "99", "答复")


def test_a_day_before_every_value_and_an_unknown_key_are_told_apart(tmp_path):
    book = Rulebook.load([house(tmp_path)])
    with pytest.raises(NothingHeld, match="in force on 2001-01-01"):
        book("tea.answer", on=date(2001, 1, 1))
    with pytest.raises(NothingHeld, match="has no key tea.asnwer"):
        book("tea.asnwer", on=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("    - from: 2008-05-01\n      to", "    - to", 6, "needs from, a date"),
        ("from: 2019-05-15", "from: 2019-02-30", 12, "needs from, a date"),
        ("from: 2019-05-15", "from: 2019-05-14", 2, "two values hold on 2019-05-14"),
        ("      to: 2019-05-14\n", "", 2, "close the earlier one with to"),
        ("to: 2019-05-14", "to: 2007-01-01", 7, "to lies before from"),
        ("      unit: working_days\n      kind: max\n      cite: {law: tea-law, article: 第二十四条",
         "      kind: max\n      cite: {law: tea-law, article: 第二十四条", 6, "needs unit, one of working_days"),
        ("unit: working_days", "unit: fortnights", 9, "needs unit"),
        ("value: 15", "value: fifteen", 8, "'fifteen' cannot be measured in working_days"),
        ("value: 15", "value: -1", 8, "cannot be measured"),
        ("value: 15", "value: 1.5", 8, "cannot be measured"),
        ("value: 15", "value: true", 8, "cannot be measured"),
        ("      value: 15\n", "", 6, "value is missing"),
        ("cite: {law: tea-law, article: 第二十四条, confidence: text}", "note: x", 6, "needs cite"),
        ("{law: tea-law, article: 第二十四条", "{law: coffee-law, article: 第二十四条", 11, "no source coffee-law"),
        ("confidence: text}\n    - from", "confidence: sure}\n    - from", 11, "needs confidence, one of text, local"),
        ("第二十四条", "二十四", 11, "is no article"),
        ("第二十四条", "第三十九条", 11, "has only 38 articles"),
        ("kind: max\n      cite: {law: tea-law, article: 第三", "kind: least\n      cite: {law: tea-law, article: 第三",
         15, "needs kind, one of max"),
        ("value: 15", "vaule: 15", 8, "does not know the key 'vaule'"),
        ("value: 15", "value: 15\n      value: 16", 9, "given twice"),
        ("from: 2008-05-01", "from: 2007-05-01", 11, "was not in force on 2007-05-01"),
        ("  en: answer\n", "", 2, "needs its names zh and en"),
        ("value: 15", "value: [15", 16, "not readable as YAML"),
    ],
)  # fmt: skip
def test_start_up_refuses_by_file_and_line(tmp_path, old, new, line, says):
    assert old in VALUES
    message = refusals(house(tmp_path, values=VALUES.replace(old, new, 1)))
    wanted = [text for text in message.splitlines() if says in text]
    assert wanted, message
    assert any("tea.yaml" in text and (says.startswith("not readable") or f":{line}:" in text) for text in wanted), (
        message
    )


@pytest.mark.parametrize(
    ("overlay", "says"),
    [
        (OVERLAY.replace("tea.answer", "tea.anwser"), "nothing to overlay"),
        (OVERLAY.replace("working_days", "calendar_days"), "overlaid in calendar_days"),
        (OVERLAY.replace("value: 10", "value: 25"), "looser than 20 of 《茶叶法》第三十三条第二款"),
    ],
)
def test_an_overlay_may_tighten_the_law_and_nothing_else(tmp_path, overlay, says):
    assert says in refusals(house(tmp_path, _99=overlay))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("issuer: 某会\n", "", "needs issuer"),
        ("kind: law", "kind: rumour", "kind must be one of"),
        ("id: tea-law", "id: Tea Law", "small letters"),
        ("to: 2019-05-14", "to: 2019-06-30", "overlap in time"),
        ("from: 2008-05-01", "from: spring", "from must be a date"),
    ],
)
def test_the_register_of_sources_is_as_strict(tmp_path, old, new, says):
    assert says in refusals(house(tmp_path, law=LAW.replace(old, new)))


def test_every_fault_is_named_in_one_run(tmp_path):
    values = VALUES.replace("value: 15", "value: x").replace("value: 20", "value: y")
    assert len(refusals(house(tmp_path, values=values)).splitlines()) == 2


def test_the_hash_is_of_the_meaning_not_of_the_writing(tmp_path):
    first = Rulebook.load([house(tmp_path / "a")]).hash
    assert Rulebook.load([house(tmp_path / "b", values="# a remark\n" + VALUES)]).hash == first
    assert Rulebook.load([house(tmp_path / "c", values=VALUES.replace("value: 20", "value: 21"))]).hash != first


def test_jurists_find_values_by_article_in_order(tmp_path):
    (page,) = Rulebook.load([house(tmp_path, _99=OVERLAY)]).values_by_law()
    assert page.source.title == "茶叶法"
    assert [(a.article, [v.value for v in a.values]) for a in page.articles] == [
        ("第一条", [10]),
        ("第二十四条", [15]),
        ("第三十三条第二款", [20]),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第一条", 1),
        ("第十条", 10),
        ("第十七条", 17),
        ("第二十条", 20),
        ("第一百零一条", 101),
        ("第88条第2款", 88),
        ("附则", None),
    ],
)
def test_article_numbers(text, number):
    assert article_number(text) == number
    assert is_article(text) is (number is not None)


def test_the_house_loads_and_every_unread_figure_carries_its_mark():
    book = house_rulebook()
    weak = {value.key for value in book if value.cite.confidence is not Confidence.TEXT}
    assert {"duty.sign", "duty.term.urgent"} <= weak
    apply = book("inspection.review.apply", on=date(2024, 3, 1))
    assert (apply.value, apply.unit, str(apply.cite)) == (30, Unit.CALENDAR_DAYS, "《政府督查工作条例》第十七条")
    assert (
        book("duty.sign", on=date(2026, 1, 1), chain=("99", "9901")).value
        < book("duty.sign", on=date(2026, 1, 1)).value
    )
    with pytest.raises(NothingHeld):
        book("inspection.review.apply", on=date(2021, 1, 31))


def test_a_value_is_read_only_as_what_it_is():
    book = house_rulebook()
    today = date(2026, 1, 1)
    assert book("duty.report.due", on=today).table["quarterly"] == 5
    assert book("duty.verify.separate", on=today).yes is True
    assert book("duty.report.cycle", on=today).word == "quarterly"
    with pytest.raises(TypeError, match="holds True, no int"):
        _ = book("duty.verify.separate", on=today).number


@given(st.dates(date(2008, 5, 1), date(2030, 1, 1)))
def test_exactly_one_value_holds_on_every_day_of_force(day):
    book = house_rulebook()
    held = [value for value in book.values["duty.sign", ""] if value.holds_on(day)]
    assert len(held) == 1
    assert book("duty.sign", on=day) is held[0]
