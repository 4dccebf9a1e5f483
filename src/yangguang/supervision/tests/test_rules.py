"""Rule files and what is read from them, without a database."""

from __future__ import annotations

import pytest

from yangguang.kernel.rulebook import house_rulebook
from yangguang.supervision.rules import CONTENT, RuleRefused, bind, house_rules, parse_rule

TEXT = (CONTENT / "D2-overdue-yellow.sql").read_text(encoding="utf-8")


def test_every_parameter_is_a_key_of_the_rulebook() -> None:
    keys = {key for rule in house_rules() for key in rule.parameters.values()}
    assert keys <= house_rulebook().keys


def test_every_rule_speaks_both_languages() -> None:
    for rule in house_rules():
        for words in (rule.name, rule.sentence, rule.protects, rule.because, *rule.facts.values()):
            assert words.zh
            assert words.en


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: D2", "", "missing ['code']"),
        ("version: 1", "version: 1\ncolour: green", "unknown ['colour']"),
        (":yellow_after", ":amber_after", "amber_after"),
        ("red_after: duty.watch.red", "red_after: duty.watch.red, spare: duty.sign", "spare"),
        ("{days} 天", "{weeks} 周", "weeks"),
        ("once: [deadline_id, due_on]", "once: [mood]", "mood"),
        ("AND c.kind IN (:kinds)", "", ":kinds"),
        ("level: yellow", "level: purple", "purple"),
        ("from: 2026-01-01", "from: soon", "no day"),
        ("/* ---", "--", "must begin"),
    ],
)
def test_a_faulty_file_is_refused_by_name(old: str, new: str, says: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        parse_rule(TEXT.replace(old, new), "D2.sql")
    assert "D2.sql" in str(refused.value)
    assert says in str(refused.value)


def test_named_values_in_quotes_comments_and_casts_are_left_alone() -> None:
    sql, used = bind("a = ':x' AND b::date < :x AND c LIKE 'y:%' -- :z", {"x": 7})
    assert sql == "a = ':x' AND b::date < %(x)s AND c LIKE 'y:%%' -- :z"
    assert used == {"x": 7}


def test_the_arithmetic_is_told_with_the_numbers_it_was_done_with() -> None:
    rule = parse_rule(TEXT, "D2.sql")
    row = {"label": "三月底前", "due_on": "2026-03-31", "days": 3}
    told = rule.tell(row, {"today": "2026-04-03", "yellow_after": 1, "red_after": 10})
    assert told.zh == "“三月底前”到期日 2026-03-31；今日 2026-04-03；其间工作日 3 天 ≥ 黄牌阈值 1 天"
    assert "3 working days between ≥ yellow threshold of 1" in told.en


def test_a_moved_deadline_is_another_finding() -> None:
    rule = parse_rule(TEXT, "D2.sql")
    first = rule.dedupe_key({"case_id": 1, "deadline_id": 2, "due_on": "2026-03-31"})
    assert first == "D2|1|2|2026-03-31"
    assert first != rule.dedupe_key({"case_id": 1, "deadline_id": 2, "due_on": "2026-04-15"})
