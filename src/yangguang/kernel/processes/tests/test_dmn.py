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
    "cell",
    [
        "NaN",
        "Infinity",
        "1e9",
        "1_000",
        "１２",
        "[1..Infinity]",
        'date("2026-02-30")',
        "9" * 501,
        "一般",
        '"a" "b"',
        "[1..",
        "[2..1]",
        "(1..1]",
        "1,,2",
        "< ",
        "__import__('os')",
        '["a"..1]',
    ],
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


THREE = [("> 1", "-", "1"), ("> 2", "-", "3"), ("> 3", "-", "2")]


@pytest.mark.parametrize(
    ("policy", "aggregation", "order", "rules", "matched", "kept", "total"),
    [
        # one table, every policy: which rules match, which outputs hold, in which order, what they come to
        ("UNIQUE", "", "", [("< 5", "-", "1"), (">= 5", "-", "2")], (2,), [2], None),
        ("ANY", "", "", [("> 1", "-", "7"), ("> 2", "-", "7")], (1, 2), [7], None),
        ("PRIORITY", "", "3,2,1", THREE, (1, 2, 3), [3], None),
        ("FIRST", "", "", [("> 9", "-", "1"), ("> 2", "-", "3"), ("> 3", "-", "2")], (2, 3), [3], None),
        ("RULE ORDER", "", "", [("> 1", "-", "1"), ("> 9", "-", "3"), ("> 3", "-", "2")], (1, 3), [1, 2], None),
        ("OUTPUT ORDER", "", "3,2,1", THREE, (1, 2, 3), [3, 2, 1], None),
        ("COLLECT", "", "", [("> 1", "-", "1"), ("> 9", "-", "3"), ("> 3", "-", "2")], (1, 3), [1, 2], None),
        ("COLLECT", "SUM", "", THREE, (1, 2, 3), [1, 3, 2], 6),
        ("COLLECT", "MIN", "", THREE, (1, 2, 3), [1, 3, 2], 1),
        ("COLLECT", "MAX", "", THREE, (1, 2, 3), [1, 3, 2], 3),
        ("COLLECT", "COUNT", "", THREE, (1, 2, 3), [1, 3, 2], 3),
        # nothing matches: no outputs; a sum of nothing is nought, a smallest of nothing is nothing
        ("COLLECT", "SUM", "", [("> 90", "-", "1")], (), [], 0),
        ("COLLECT", "MIN", "", [("> 90", "-", "1")], (), [], None),
        ("COLLECT", "COUNT", "", [("> 90", "-", "1")], (), [], 0),
        ("FIRST", "", "", [("> 90", "-", "1")], (), [], None),
    ],
)  # fmt: skip
def test_every_hit_policy_on_a_table_of_its_own(policy, aggregation, order, rules, matched, kept, total):
    decision = decide(table(policy, rules, aggregation, order), {"金额": 7, "情节": "一般"})
    assert (decision.matched, values(decision), decision.total) == (matched, kept, total)


def test_a_total_of_texts_is_a_named_fault():
    with pytest.raises(DecisionFault, match="不能汇总"):
        decide(table("COLLECT", [("-", "-", '"x"'), ("-", "-", "1")], "SUM"), FACTS)


def test_a_column_of_two_kinds_is_named_and_still_checked():
    found = check_table(table("UNIQUE", [('"多"', "-", "1"), ("5", "-", "2")]))
    assert {one.code for one in found} == {"mixed", "gap"}


def test_an_input_no_rule_looks_at_is_any_in_an_example():
    (gap,) = check_table(table("UNIQUE", [("< 5", "-", "1")], inputs=(("金额", ""), ("备注", ""))))
    assert gap.example == {"金额": Decimal(5), "备注": "任意"}


def test_a_word_of_the_table_is_not_taken_for_the_words_it_leaves_out():
    assert check_table(table("UNIQUE", [('"其他"', "-", "1"), ('not("其他")', "-", "2")])) == ()


BOUND = st.integers(0, 5)
CELLS = st.one_of(
    st.just("-"),
    BOUND.map(lambda n: f"< {n}"),
    BOUND.map(lambda n: f">= {n}"),
    BOUND.map(str),
    st.tuples(BOUND, BOUND).filter(lambda two: two[0] < two[1]).map(lambda two: f"]{two[0]}..{two[1]}]"),
    BOUND.map(lambda n: f"not({n})"),
)


@given(st.lists(st.tuples(CELLS, CELLS, st.just("1")), min_size=1, max_size=4))
def test_the_check_finds_just_the_overlaps_and_gaps_that_trying_every_value_finds(rules):
    built = table("UNIQUE", rules, inputs=(("甲", ""), ("乙", "")))
    halves = [Decimal(n) / 2 for n in range(-2, 13)]
    overlaps, gaps = set(), False
    for first in halves:
        for second in halves:
            hit = tuple(r.number for r in built.rules if r.tests[0].holds(first) and r.tests[1].holds(second))
            gaps = gaps or not hit
            overlaps |= {hit} if len(hit) > 1 else set()
    found = check_table(built)
    assert {one.rules for one in found if one.code == "overlap"} == overlaps
    assert any(one.code == "gap" for one in found) == gaps
    for one in found:
        if one.code == "overlap":
            with pytest.raises(DecisionFault, match="同时命中"):
                decide(built, {name: 0 if value == "任意" else value for name, value in one.example.items()})
