"""Decision tables: each hit policy, each form of a cell, and the faults an author must see."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.processes.cells import parse_cell
from yangguang.kernel.processes.dmn import DMN, DecisionFault, check_table, decide, read_dmn
from yangguang.kernel.processes.vocabulary import Malformed, Unsupported


def table(policy, rules, aggregation="", order="", inputs=(("金额", ""), ("情节", '"一般","较重","严重"'))):
    def text(tag, body):
        return f"<{tag}><text>{body.replace('<', '&lt;')}</text></{tag}>"

    columns = "".join(
        f'<input label="{name}"><inputExpression><text>{name}</text></inputExpression>'
        + (text("inputValues", allowed) if allowed else "")
        + "</input>"
        for name, allowed in inputs
    )
    outputs = f'<output name="罚款">{text("outputValues", order) if order else ""}</output>'
    rows = "".join(
        "<rule>" + "".join(text("inputEntry", cell) for cell in row[:-1]) + text("outputEntry", row[-1]) + "</rule>"
        for row in rules
    )
    total = f' aggregation="{aggregation}"' if aggregation else ""
    body = f'<decisionTable hitPolicy="{policy}"{total}>{columns}{outputs}{rows}</decisionTable>'
    return read_dmn(f'<definitions xmlns="{DMN}"><decision id="d" name="裁量">{body}</decision></definitions>'.encode())


CLEAN = [("< 1000", '"一般"', "100"), ("< 1000", 'not("一般")', "300"), (">= 1000", "-", "金额 * 2")]
OVERLAP = [("<= 1000", "-", "300"), ("[1000..5000)", "-", "100"), ("> 500", '"严重"', "300")]
FACTS = {"金额": 1000, "情节": "严重"}


def values(decision):
    return [row["罚款"] for row in decision.outputs]


@pytest.mark.parametrize(
    ("policy", "aggregation", "order", "kept", "total"),
    [
        ("FIRST", "", "", [300], None),
        ("RULE ORDER", "", "", [300, 100, 300], None),
        ("PRIORITY", "", "100,300", [100], None),
        ("OUTPUT ORDER", "", "100,300", [100, 300, 300], None),
        ("COLLECT", "", "", [300, 100, 300], None),
        ("COLLECT", "SUM", "", [300, 100, 300], 700),
        ("COLLECT", "MIN", "", [300, 100, 300], 100),
        ("COLLECT", "MAX", "", [300, 100, 300], 300),
        ("COLLECT", "COUNT", "", [300, 100, 300], 3),
    ],
)
def test_hit_policies(policy, aggregation, order, kept, total):
    decision = decide(table(policy, OVERLAP, aggregation, order), FACTS)
    assert decision.matched == (1, 2, 3)
    assert values(decision) == kept
    assert decision.total == total


def test_unique_answers_with_its_one_rule_and_refuses_two():
    decision = decide(table("UNIQUE", CLEAN), {"金额": 1500, "情节": "一般"})
    assert (decision.matched, values(decision)) == ((3,), [3000])
    with pytest.raises(DecisionFault, match="1、2、3 同时命中"):
        decide(table("UNIQUE", OVERLAP), FACTS)


def test_any_accepts_equal_answers_only():
    same = [("<= 1000", "-", "300"), ("> 500", "-", "300")]
    assert values(decide(table("ANY", same), FACTS)) == [300]
    with pytest.raises(DecisionFault, match="结论不同"):
        decide(table("ANY", OVERLAP), FACTS)


def test_no_match_is_an_empty_answer_and_a_forbidden_value_is_refused():
    assert decide(table("COLLECT", [("< 1", "-", "1")], "SUM"), FACTS).total == 0
    assert decide(table("FIRST", [("< 1", "-", "1")]), FACTS).outputs == ()
    with pytest.raises(DecisionFault, match="不允许取值"):
        decide(table("FIRST", CLEAN), {"金额": 1, "情节": "其他"})


def test_a_clean_table_has_no_findings_and_faults_come_with_an_example():
    assert check_table(table("UNIQUE", CLEAN)) == ()
    (overlap,) = [one for one in check_table(table("UNIQUE", OVERLAP)) if one.rules == (1, 2)]
    assert overlap.example["金额"] == 1000
    gaps = [
        one for one in check_table(table("UNIQUE", [("< 1000", "-", "1"), ("> 1000", "-", "2")])) if one.code == "gap"
    ]
    assert gaps[0].example["金额"] == 1000


def test_the_check_minds_the_hit_policy():
    assert {one.code for one in check_table(table("FIRST", [("-", "-", "1"), ("< 5", "-", "2")]))} == {"never_used"}
    equal = [("< 10", "-", "1"), (">= 5", "-", "1")]
    assert check_table(table("ANY", equal)) == ()
    assert check_table(table("COLLECT", equal)) == ()


def test_a_check_that_would_take_too_long_says_so():
    rules = [tuple(f"[{n}..{n + 1})" for _ in range(4)) + ("1",) for n in range(20)]
    inputs = tuple((name, "") for name in "甲乙丙丁")
    assert [one.code for one in check_table(table("FIRST", rules, inputs=inputs))] == ["too_large"]


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        ("-", [1, "x", None], []),
        ("< 1000", [Decimal(999)], [Decimal(1000), "x"]),
        ("[1000..5000)", [Decimal(1000), Decimal(4999)], [Decimal(5000), Decimal(999)]),
        ("]1..2[", [Decimal("1.5")], [Decimal(1), Decimal(2)]),
        ('"一般","较重"', ["一般", "较重"], ["严重"]),
        ('"甲,乙"', ["甲,乙"], ["甲"]),
        ('not("免罚")', ["一般"], ["免罚"]),
        ("1, 3, >= 5", [Decimal(1), Decimal(5)], [Decimal(2), Decimal(4)]),
        ("true", [True], [False, Decimal(1)]),
        ('[date("2026-01-01")..date("2026-02-01"))', [date(2026, 1, 1)], [date(2026, 2, 1)]),
    ],
)
def test_cells(cell, inside, outside):
    test = parse_cell(cell)
    assert all(test.holds(value) for value in inside)
    assert not any(test.holds(value) for value in outside)


@pytest.mark.parametrize(
    "cell", ["一般", '"a" "b"', "[1..", "[2..1]", "(1..1]", "1,,2", "< ", "__import__('os')", '["a"..1]']
)
def test_a_cell_that_is_no_test_is_refused(cell):
    with pytest.raises(Malformed):
        parse_cell(cell)


def test_files_outside_the_subset_are_refused():
    with pytest.raises(Unsupported, match="命中策略"):
        table("SOMETIMES", CLEAN)
    with pytest.raises(Malformed, match="格数"):
        table("FIRST", [("1", "1")])
    with pytest.raises(Malformed, match="DMN"):
        read_dmn(b"<a/>")


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6, unique=True), st.integers(-5, 35))
def test_intervals_laid_end_to_end_are_clean_and_answer_everything(bounds, amount):
    bounds = sorted(bounds)
    rules = [(f"< {bounds[0]}", "-", "0"), (f">= {bounds[-1]}", "-", "99")]
    rules += [
        (f"[{low}..{high})", "-", str(at)) for at, (low, high) in enumerate(zip(bounds, bounds[1:], strict=False), 1)
    ]
    built = table("UNIQUE", rules)
    assert check_table(built) == ()
    assert len(decide(built, {"金额": amount, "情节": "一般"}).matched) == 1
