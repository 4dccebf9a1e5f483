"""The small language of conditions: it reads the facts it is given and can reach nothing else.

Literals, names (Chinese ones too), comparison, ``and or not``, ``+ - * / %``, ``in``, lists, and six functions.
The text is parsed and turned into closures of our own; nothing is ever handed to ``eval``. There are no attributes,
no subscripts, no strings times numbers, no powers. Numbers with a fraction are exact decimals.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from yangguang.kernel.processes.vocabulary import ExpressionFault, UnsafeExpression

MAX_LENGTH = 500
"""Characters an expression may have."""
MAX_DEPTH = 24
"""Levels an expression may be nested."""
MAX_NUMBER = Decimal(10) ** 18
"""Largest size of a number anywhere in a computation."""
MAX_ITEMS = 10_000
"""Entries a list among the facts may have."""
MAX_TEXT = 100_000
"""Characters a text among the facts may have."""

Facts = Mapping[str, Any]
_Closure = Callable[[Facts], Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its text, the names it reads, and how to answer it.

    ``outcome`` is the answer it asks for where it has the plain form ``outcome == "…"``, else empty.
    """

    text: str
    names: frozenset[str]
    outcome: str
    _answer: _Closure

    def value(self, facts: Facts) -> Any:
        """The value for these facts; ExpressionFault where a fact is missing or kinds do not fit."""
        try:
            return self._answer(facts)
        except (TypeError, ArithmeticError) as fault:
            raise ExpressionFault(
                "条件无法按现有事实计算", cite=self.text, remedy="请核对事实的类型，例如文字与数字不能比较大小。"
            ) from fault

    def holds(self, facts: Facts) -> bool:
        """The answer of a condition; ExpressionFault where it is not plainly true or false."""
        answer = self.value(facts)
        if not isinstance(answer, bool):
            raise ExpressionFault("条件的结果须为真或假", cite=self.text, remedy="请写成比较，例如 金额 > 0。")
        return answer


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Parse ``text``; UnsafeExpression names the first thing that is not in the language."""
    if len(text) > MAX_LENGTH:
        raise UnsafeExpression(f"条件长度超过 {MAX_LENGTH} 字", cite=text[:40], remedy="请拆成几个条件。")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise UnsafeExpression("条件写法有误", cite=text, remedy="请按说明文件的条件写法改写。") from fault
    compiler = _Compiler(text)
    answer = compiler.closure(tree.body, 0)
    return Expression(text, frozenset(compiler.names), _asked_outcome(tree.body), answer)


def _asked_outcome(node: ast.expr) -> str:
    match node:
        case ast.Compare(
            left=ast.Name(id="outcome"), ops=[ast.Eq()], comparators=[ast.Constant(value=str() as outcome)]
        ):
            return outcome
    return ""


def _number(value: Any) -> Any:
    """The value with fractions made exact; TypeError for what is no number, or too large a one."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError("not a number")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise TypeError("number too large")
    return value


def _plain(value: Any) -> Any:
    """A fact as the language sees it: only plain values and flat lists of them pass."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise TypeError("text too long")
    if value is None or isinstance(value, bool | str | date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        if len(value) > MAX_ITEMS:
            raise TypeError("list too long")
        return tuple(_plain_item(item) for item in value)
    return _number(value)


def _plain_item(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset | dict):
        raise TypeError("nested list")
    return _plain(value)


def _listed(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, tuple):
        raise TypeError("not a list")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, tuple | str):
        raise TypeError("cannot be counted")
    return len(value)


def _smallest(*values: Any) -> Any:
    return min(_listed(values[0]) if len(values) == 1 else values, default=None)


def _largest(*values: Any) -> Any:
    return max(_listed(values[0]) if len(values) == 1 else values, default=None)


def _starts_with(text: Any, start: Any) -> bool:
    if not isinstance(text, str) or not isinstance(start, str):
        raise TypeError("not a text")
    return text.startswith(start)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda value: abs(_number(value)),
    "count": _count,
    "max": _largest,
    "min": _smallest,
    "starts_with": _starts_with,
    "sum": lambda values: _number(sum(_number(value) for value in _listed(values))),
}
"""The functions of the language: size of a number, length of a list or text, extremes, prefix, total."""

_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: Decimal(left) / Decimal(right),
    ast.Mod: operator.mod,
}


def _contains(item: Any, holder: Any) -> bool:
    if isinstance(holder, str) and isinstance(item, str):
        return item in holder
    return item in _listed(holder)


_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: _contains,
    ast.NotIn: lambda item, holder: not _contains(item, holder),
}


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


_NAMES: Mapping[type[ast.AST], str] = {
    ast.Attribute: "取属性（.）",
    ast.Subscript: "取下标（[ ]）",
    ast.Lambda: "lambda",
    ast.IfExp: "if … else",
    ast.NamedExpr: "赋值（:=）",
    ast.JoinedStr: "格式化文字（f）",
    ast.ListComp: "推导式",
    ast.SetComp: "推导式",
    ast.DictComp: "推导式",
    ast.GeneratorExp: "推导式",
    ast.Dict: "字典",
    ast.Set: "集合",
    ast.Starred: "展开（*）",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Pow: "乘方（**）",
    ast.FloorDiv: "整除（//）",
    ast.MatMult: "@",
    ast.LShift: "移位（<<）",
    ast.RShift: "移位（>>）",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Invert: "~",
    ast.UAdd: "正号（+）",
    ast.Is: "is",
    ast.IsNot: "is not",
}
"""What a refusal calls the things that are not in the language."""


class _Compiler:
    """Turns one syntax tree into closures and notes the names it reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()

    def closure(self, node: ast.expr, depth: int) -> _Closure:
        if depth > MAX_DEPTH:
            raise self._refusal("嵌套过深")
        build = _BUILDERS.get(type(node))
        if build is None:
            raise self._refusal(_NAMES.get(type(node), type(node).__name__))
        return build(self, node, depth + 1)

    def _refusal(self, what: str) -> UnsafeExpression:
        remedy = "只能使用字面值、事实名称、比较、与或非、四则运算和所列函数。"
        return UnsafeExpression(f"条件中不允许使用“{what}”", cite=self.text, remedy=remedy)

    def constant(self, node: ast.Constant, depth: int) -> _Closure:
        value = node.value
        if value is not None and not isinstance(value, bool | str | int | float):
            raise self._refusal(type(value).__name__)
        try:
            plain = _plain(value)
        except (TypeError, ArithmeticError) as fault:
            raise self._refusal("过大的数") from fault
        return lambda facts: plain

    def name(self, node: ast.Name, depth: int) -> _Closure:
        name, text = node.id, self.text
        if name.startswith("_"):
            raise self._refusal(name)
        self.names.add(name)

        def read(facts: Facts) -> Any:
            if name not in facts:
                raise ExpressionFault(f"缺少事实“{name}”", cite=text, remedy="请先填写该项。")
            return _plain(facts[name])

        return read

    def sequence(self, node: ast.List | ast.Tuple, depth: int) -> _Closure:
        items = [self.closure(item, depth) for item in node.elts]
        return lambda facts: tuple(item(facts) for item in items)

    def boolean(self, node: ast.BoolOp, depth: int) -> _Closure:
        parts = [self.closure(part, depth) for part in node.values]
        if isinstance(node.op, ast.And):
            return lambda facts: all(_truth(part(facts)) for part in parts)
        return lambda facts: any(_truth(part(facts)) for part in parts)

    def unary(self, node: ast.UnaryOp, depth: int) -> _Closure:
        inner = self.closure(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda facts: not _truth(inner(facts))
        if isinstance(node.op, ast.USub):
            return lambda facts: -_number(inner(facts))
        raise self._refusal(_NAMES.get(type(node.op), type(node.op).__name__))

    def arithmetic(self, node: ast.BinOp, depth: int) -> _Closure:
        act = _ARITHMETIC.get(type(node.op))
        if act is None:
            raise self._refusal(_NAMES.get(type(node.op), type(node.op).__name__))
        left, right = self.closure(node.left, depth), self.closure(node.right, depth)
        return lambda facts: _number(act(_number(left(facts)), _number(right(facts))))

    def comparison(self, node: ast.Compare, depth: int) -> _Closure:
        acts = []
        for operator_node in node.ops:
            act = _COMPARISONS.get(type(operator_node))
            if act is None:
                raise self._refusal(_NAMES.get(type(operator_node), type(operator_node).__name__))
            acts.append(act)
        terms = [self.closure(term, depth) for term in (node.left, *node.comparators)]

        def compare(facts: Facts) -> bool:
            values = [term(facts) for term in terms]
            return all(act(values[i], values[i + 1]) for i, act in enumerate(acts))

        return compare

    def call(self, node: ast.Call, depth: int) -> _Closure:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self._refusal(ast.unparse(node.func)[:40])
        if node.keywords:
            raise self._refusal("具名参数")
        act = FUNCTIONS[node.func.id]
        arguments = [self.closure(argument, depth) for argument in node.args]
        return lambda facts: act(*(argument(facts) for argument in arguments))


_BUILDERS: Mapping[type[ast.expr], Callable[[_Compiler, Any, int], _Closure]] = {
    ast.Constant: _Compiler.constant,
    ast.Name: _Compiler.name,
    ast.List: _Compiler.sequence,
    ast.Tuple: _Compiler.sequence,
    ast.BoolOp: _Compiler.boolean,
    ast.UnaryOp: _Compiler.unary,
    ast.BinOp: _Compiler.arithmetic,
    ast.Compare: _Compiler.comparison,
    ast.Call: _Compiler.call,
}
