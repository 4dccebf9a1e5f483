"""The small language answers from the facts it is given, and no text makes it reach anything else."""

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.processes.expressions import MAX_NUMBER, compile_expression
from yangguang.kernel.processes.vocabulary import ExpressionFault, UnsafeExpression

FACTS = {
    "金额": 1200,
    "税率": 0.1,
    "情节": "较重",
    "单位": ["发改", "住建"],
    "紧急": True,
    "收到": date(2026, 3, 2),
    "期限": date(2026, 3, 9),
    "outcome": "signed",
    "空": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("金额 >= 1000 and 金额 < 5000", True),
        ("1000 <= 金额 < 1200", False),
        ('情节 in ("一般", "较重")', True),
        ('"发改" in 单位 and "财政" not in 单位', True),
        ("not 紧急 or 金额 == 1200", True),
        ("收到 < 期限", True),
        ("金额 * 税率", Decimal("120.0")),
        ("0.1 + 0.2 == 0.3", True),
        ("金额 / 8", Decimal(150)),
        ("-金额 % 7", -1200 % 7),
        ("count(单位) + max(1, 2) + min([3, 4]) + sum([1, 2]) + abs(-1)", 2 + 2 + 3 + 3 + 1),
        ('starts_with(情节, "较")', True),
        ('outcome == "signed"', True),
        ("空 == 1", False),
        ("True and False", False),
    ],
)
def test_what_an_expression_is_worth(text, value):
    assert compile_expression(text).value(FACTS) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd()",
        "().__class__.__bases__[0].__subclasses__()",
        "金额.bit_length()",
        "单位[0]",
        "open('/etc/passwd')",
        "eval('1')",
        "lambda: 1",
        "[x for x in 单位]",
        "{'a': 1}",
        "{1, 2}",
        "f'{金额}'",
        "b'x'",
        "1j",
        "...",
        "2 ** 99",
        "1 << 40",
        "~1",
        "+金额",
        "金额 if 紧急 else 0",
        "(y := 3)",
        "await x",
        "yield",
        "max(*单位)",
        "max(1, key=abs)",
        "abs.__call__(1)",
        "金额 is None",
        "_private",
        "__builtins__",
        "import os",
        "金额 = 3",
        "",
        "金额 >",
        "1;2",
        "金额 == 1\n2",
        "9" * 30,
        "1e999",
        "not " * 40 + "紧急",
        "(" * 230 + "1" + ")" * 230,
        "金" * 501,
        "\x00",
    ],
)
def test_what_is_not_in_the_language_is_refused_before_it_runs(text):
    with pytest.raises(UnsafeExpression):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("金额.real", "取属性"),
        ("().__class__.__mro__", "取属性"),
        ("情节.format(金额)", "情节.format"),
        ("__import__", "__import__"),
        ("__import__('os')", "__import__"),
        ("ｅｖａｌ('1')", "eval"),
        ("getattr(金额, 'real')", "getattr"),
        ("type(金额)", "type"),
        ("[金额 for 金额 in 单位]", "推导式"),
        ("{x for x in 单位}", "推导式"),
        ("{x: 1 for x in 单位}", "推导式"),
        ("sum(x for x in 单位)", "推导式"),
        ("9 ** 9 ** 9", "乘方"),
        ("1 << 99999999", "移位"),
        ("(x := 3) > 1", "赋值"),
        ('f"{金额.__class__}" == ""', "格式化文字"),
        ("(lambda: 1)()", "lambda"),
        ("lambda: 1", "lambda"),
        ("单位[0]", "取下标"),
        ("单位[0:9]", "取下标"),
        ("max(*单位)", "展开"),
        ("max(1, key=abs)", "具名参数"),
        ("1 if 紧急 else 2", "if … else"),
        ("金额 // 1", "整除"),
        ("金额 is None", "is"),
        ("not " * 30 + "紧急", "嵌套过深"),
        ("[" * 60 + "]" * 60, "嵌套过深"),
        ("1" + "+1" * 40, "嵌套过深"),
        ('"' + "长" * 600 + '"', "500 字"),
        ("import os", "写法有误"),
        ("del 金额", "写法有误"),
        ("exec('1'); 1", "写法有误"),
    ],
)
def test_a_refusal_names_what_it_refuses(text, named):
    with pytest.raises(UnsafeExpression) as refused:
        compile_expression(text)
    assert named in refused.value.says
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (" or ".join(['"b" in x'] * 40), {"x": "a" * 100_000}),
        (" or ".join(['"b" in x'] * 40), {"x": ["a" * 100] * 10_000}),
        (" and ".join(["x == x"] * 45), {"x": ["a"] * 10_000}),
        ("*".join(["x"] * 20), {"x": Decimal("1e-999999999")}),
        ("x / y", {"x": Decimal(10**18), "y": Decimal("1e-999999999")}),
        ("x % y", {"x": Decimal(10**18), "y": Decimal("1e-999999999")}),
    ],
)
def test_the_dearest_expression_is_cheap(text, facts):
    compiled = compile_expression(text)
    begun = process_time()
    try:
        compiled.value(facts)
    except ExpressionFault:
        pass
    assert process_time() - begun < 2


def test_a_giant_text_among_the_facts_is_refused():
    with pytest.raises(ExpressionFault):
        compile_expression("x == y").value({"x": "a" * 100_001, "y": "b"})


@pytest.mark.parametrize(
    "text",
    [
        "未知 > 1",
        "情节 > 1",
        "情节 * 3",
        "单位 + 单位",
        "金额 / 0",
        "金额 % 0",
        "not 金额",
        "紧急 + 1",
        "sum(情节)",
        "max(1, 情节)",
    ],
)
def test_facts_that_do_not_fit_are_a_named_fault(text):
    with pytest.raises(ExpressionFault):
        compile_expression(text).value(FACTS)


def test_numbers_cannot_grow_without_bound():
    text = "*".join(["大"] * 40)
    with pytest.raises((ExpressionFault, UnsafeExpression)):
        compile_expression(text).value({"大": 10**17})
    with pytest.raises(ExpressionFault):
        compile_expression("大 + 1").value({"大": MAX_NUMBER * 10})


def test_only_plain_facts_are_seen():
    for fact in (object(), {"a": 1}, [[1]], print):
        with pytest.raises(ExpressionFault):
            compile_expression("x == 1").value({"x": fact})


def test_a_condition_must_be_plainly_true_or_false():
    with pytest.raises(ExpressionFault, match="真或假"):
        compile_expression("金额").holds(FACTS)


def test_it_knows_the_names_it_reads_and_the_answer_it_asks_for():
    assert compile_expression("金额 > 1 and 情节 == '一般'").names == {"金额", "情节"}
    assert compile_expression('outcome == "signed"').outcome == "signed"
    assert compile_expression('outcome != "signed"').outcome == ""


@given(st.text(max_size=60))
def test_no_text_whatever_does_more_than_be_refused_or_answer(text):
    try:
        compile_expression(text).value(FACTS)
    except (UnsafeExpression, ExpressionFault):
        return


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_arithmetic_agrees_with_arithmetic(a, b):
    assert compile_expression("(a + b) * 2 - a").value({"a": a, "b": b}) == (a + b) * 2 - a
    assert compile_expression("a < b").holds({"a": a, "b": b}) is (a < b)
