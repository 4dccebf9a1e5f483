"""Decision tables: DMN 1.3 files, every hit policy, and a check for overlaps and gaps before a table is used.

Cells are S-FEEL-like: ``-``, ``"一般","较重"``, ``< 1000``, ``[1000..5000)``, ``not("免罚")``, ``true``,
``date("2026-01-01")``. Inputs and outputs are expressions of the small language, so Chinese names may be used.
The numbers of the rules that matched are part of every answer: they go into the trail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import product
from math import prod
from typing import Any, ClassVar

from lxml import etree

from yangguang.kernel.processes.bpmn import line_of, local_name, parse_xml
from yangguang.kernel.processes.cells import Cell, parse_cell
from yangguang.kernel.processes.expressions import Expression, Facts, compile_expression
from yangguang.kernel.processes.vocabulary import Malformed, ProcessFault, Unsupported

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
MAX_SAMPLES = 100_000
"""Combinations of inputs the overlap and gap check looks at before it says that it cannot."""
MAX_TESTS = 2_000_000
"""Rules tried on combinations before it does."""
ANYTHING = "任意"
"""Stands in an example for an input that no rule looks at."""


class DecisionFault(ProcessFault):
    """The table gives no lawful answer: rules that must not overlap do, or nothing can be compared."""

    code: ClassVar[str] = "decision_fault"


class HitPolicy(StrEnum):
    """What holds when several rules match."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


_AGGREGATES: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "SUM": lambda values: sum(values, Decimal(0)),
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "COUNT": len,
}


@dataclass(frozen=True, slots=True)
class Input:
    """An input column: label, expression over the facts, and the values it may have."""

    label: str
    expression: Expression
    allowed: Cell


@dataclass(frozen=True, slots=True)
class Output:
    """An output column: name, and its values from the highest priority down."""

    name: str
    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row; ``number`` counts from 1 as on the printed table."""

    number: int
    tests: tuple[Cell, ...]
    results: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table as read."""

    key: str
    name: str
    policy: HitPolicy
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer: the rules that matched, the outputs that hold, and the total where COLLECT asks for one."""

    matched: tuple[int, ...]
    outputs: tuple[Mapping[str, Any], ...]
    total: Any = None


@dataclass(frozen=True, slots=True)
class TableFinding:
    """What is wrong with a table: ``overlap``, ``gap``, ``never_used``, ``mixed`` (a column that compares texts and
    numbers) or ``too_large``, with an example."""

    code: str
    rules: tuple[int, ...]
    example: Mapping[str, Any]
    says: str


def read_dmn(xml: bytes) -> Table:
    """Read the one decision table of a DMN 1.3 file; Malformed or Unsupported where it is something else."""
    root = parse_xml(xml)
    if root.tag != f"{{{DMN}}}definitions":
        raise Malformed("这不是 DMN 1.3 决策表文件")
    decisions = root.findall(f"{{{DMN}}}decision")
    if len(decisions) != 1:
        raise Malformed(f"一个文件只能有一张决策表，此文件有 {len(decisions)} 张")
    decision = decisions[0]
    table = decision.find(f"{{{DMN}}}decisionTable")
    if table is None:
        raise Malformed("文件中没有决策表", cite=decision.get("id") or "")
    policy = _policy(table)
    inputs = tuple(_input(one) for one in table.findall(f"{{{DMN}}}input"))
    outputs = tuple(_output(one) for one in table.findall(f"{{{DMN}}}output"))
    rules = tuple(_rule(n, row, inputs, outputs) for n, row in enumerate(table.findall(f"{{{DMN}}}rule"), 1))
    aggregation = table.get("aggregation") or ""
    if not outputs or not rules or (aggregation and (policy is not HitPolicy.COLLECT or len(outputs) != 1)):
        raise Malformed("决策表缺少输出或规则，或汇总方式与命中策略不合", cite=decision.get("id") or "")
    if aggregation and aggregation not in _AGGREGATES:
        raise Unsupported(f"汇总方式 {aggregation}", table.get("id") or "", line_of(table))
    key = decision.get("id") or ""
    return Table(key, decision.get("name") or key, policy, aggregation, inputs, outputs, rules)


def decide(table: Table, facts: Facts) -> Decision:
    """Answer the table for these facts; DecisionFault where the hit policy is broken."""
    values = [_exact(one.expression.value(facts)) for one in table.inputs]
    for column, value in zip(table.inputs, values, strict=True):
        if not column.allowed.holds(value):
            raise DecisionFault(f"“{column.label}”不允许取值“{value}”", cite=table.name)
    matched = _matching(table, values)
    results = {rule.number: _results(table, rule, facts) for rule in matched}
    numbers = tuple(rule.number for rule in matched)
    kept = _kept(table, results)
    total = None
    if table.aggregation:
        total = _total(table, [next(iter(results[number].values())) for number in kept])
    return Decision(numbers, tuple(results[number] for number in kept), total)


def check_table(table: Table) -> tuple[TableFinding, ...]:
    """Overlaps that the hit policy forbids, inputs no rule answers, and rules that can never be used."""
    samples = [_samples(table, column) for column in range(len(table.inputs))]
    combinations = prod(len(one) for one in samples)
    if combinations > MAX_SAMPLES or combinations * len(table.rules) > MAX_TESTS:
        return (TableFinding("too_large", (), {}, f"取值组合超过 {MAX_SAMPLES} 种，未能全部检查"),)
    findings: dict[tuple[str, tuple[int, ...]], TableFinding] = {}
    findings |= {("mixed", (at,)): _mixed(column) for at, column in enumerate(table.inputs) if _is_mixed(table, at)}
    used: set[int] = set()
    for values in product(*samples):
        matched = _matching(table, values)
        numbers = tuple(rule.number for rule in matched)
        used.update(numbers[:1] if table.policy is HitPolicy.FIRST else numbers)
        example = {column.label: value for column, value in zip(table.inputs, values, strict=True)}
        shown = "，".join(f"{label}＝{value}" for label, value in example.items())
        if not numbers:
            findings.setdefault(("gap", ()), TableFinding("gap", (), example, f"没有规则覆盖：{shown}"))
        elif len(numbers) > 1 and _forbidden(table, matched):
            says = f"规则 {'、'.join(map(str, numbers))} 重叠：{shown}"
            findings.setdefault(("overlap", numbers), TableFinding("overlap", numbers, example, says))
    for rule in table.rules:
        if rule.number not in used:
            finding = TableFinding("never_used", (rule.number,), {}, f"规则 {rule.number} 永远用不到")
            findings[("never_used", (rule.number,))] = finding
    return tuple(findings.values())


def _total(table: Table, values: Sequence[Any]) -> Any:
    try:
        return _AGGREGATES[table.aggregation](values)
    except (TypeError, ArithmeticError) as fault:
        raise DecisionFault(f"结论不能汇总（{table.aggregation}）：不都是同一种值", cite=table.name) from fault


def _bounds(table: Table, column: int) -> set[Any]:
    """Every value that a cell of the column, or its list of allowed values, names."""
    tests = [table.inputs[column].allowed, *(rule.tests[column] for rule in table.rules)]
    return {bound for test in tests for one in test.ranges for bound in (one.low, one.high) if bound is not None}


def _is_mixed(table: Table, column: int) -> bool:
    return len({type(bound) for bound in _bounds(table, column)}) > 1


def _mixed(column: Input) -> TableFinding:
    return TableFinding("mixed", (), {}, f"“{column.label}”一列里既有文字又有数、日期或真假，其中一种永远不会命中")


def _policy(table: etree._Element) -> HitPolicy:
    name = table.get("hitPolicy") or "UNIQUE"
    try:
        return HitPolicy(name)
    except ValueError as fault:
        raise Unsupported(f"命中策略 {name}", table.get("id") or "", line_of(table)) from fault


def _text(element: etree._Element, *path: str) -> str:
    found = element.find("/".join(f"{{{DMN}}}{name}" for name in path))
    return "" if found is None else (found.text or "").strip()


def _input(element: etree._Element) -> Input:
    source = _text(element, "inputExpression", "text")
    allowed = parse_cell(_text(element, "inputValues", "text"))
    return Input(element.get("label") or source, compile_expression(source), allowed)


def _output(element: etree._Element) -> Output:
    if element.find(f"{{{DMN}}}defaultOutputEntry") is not None:
        raise Unsupported("defaultOutputEntry", element.get("id") or "", line_of(element))
    order = parse_cell(_text(element, "outputValues", "text"))
    name = element.get("name") or element.get("label") or ""
    if not name:
        raise Malformed("输出列没有名称", cite=f"第 {line_of(element)} 行")
    return Output(name, tuple(one.low for one in order.ranges))


def _rule(number: int, row: etree._Element, inputs: Sequence[Input], outputs: Sequence[Output]) -> Rule:
    cells = [_text(cell, "text") for cell in row if local_name(cell) == "inputEntry"]
    results = [_text(cell, "text") for cell in row if local_name(cell) == "outputEntry"]
    if len(cells) != len(inputs) or len(results) != len(outputs):
        raise Malformed(f"规则 {number} 的格数与表头不符", cite=f"第 {line_of(row)} 行")
    return Rule(number, tuple(parse_cell(cell) for cell in cells), tuple(compile_expression(one) for one in results))


def _exact(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _matching(table: Table, values: Sequence[Any]) -> list[Rule]:
    return [r for r in table.rules if all(test.holds(v) for test, v in zip(r.tests, values, strict=True))]


def _results(table: Table, rule: Rule, facts: Facts) -> Mapping[str, Any]:
    return {column.name: _exact(one.value(facts)) for column, one in zip(table.outputs, rule.results, strict=True)}


def _kept(table: Table, results: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Numbers of the rules whose outputs hold, in the order the policy asks for."""
    numbers = list(results)
    match table.policy:
        case HitPolicy.UNIQUE if len(numbers) > 1:
            raise DecisionFault(f"规则 {'、'.join(map(str, numbers))} 同时命中", cite=table.name)
        case HitPolicy.ANY:
            if any(results[number] != results[numbers[0]] for number in numbers):
                raise DecisionFault(f"规则 {'、'.join(map(str, numbers))} 同时命中而结论不同", cite=table.name)
            return numbers[:1]
        case HitPolicy.FIRST:
            return numbers[:1]
        case HitPolicy.PRIORITY:
            return sorted(numbers, key=lambda number: _rank(table, results[number]))[:1]
        case HitPolicy.OUTPUT_ORDER:
            return sorted(numbers, key=lambda number: _rank(table, results[number]))
    return numbers


def _rank(table: Table, result: Mapping[str, Any]) -> tuple[int, ...]:
    ranks = []
    for column in table.outputs:
        if column.order:
            if result[column.name] not in column.order:
                raise DecisionFault(f"“{result[column.name]}”不在输出列“{column.name}”的次序中", cite=table.name)
            ranks.append(column.order.index(result[column.name]))
    return tuple(ranks)


def _forbidden(table: Table, matched: Sequence[Rule]) -> bool:
    if table.policy is HitPolicy.ANY:
        return len({tuple(one.text for one in rule.results) for rule in matched}) > 1
    return table.policy is HitPolicy.UNIQUE


def _samples(table: Table, column: int) -> list[Any]:
    """Values that stand for all others: every bound, one value between two neighbours, one beyond each end."""
    bounds = _bounds(table, column)
    if not bounds:
        return [ANYTHING]
    texts = {bound for bound in bounds if isinstance(bound, str)}
    found: list[Any] = []
    if texts:
        other = "其他"
        while other in texts:
            other += "值"
        found += [*sorted(texts), other]
    if any(isinstance(bound, bool) for bound in bounds):
        found += [True, False]
    for kind in (Decimal, date):
        ordered = sorted(bound for bound in bounds if isinstance(bound, kind))
        found += _between(ordered) if ordered else []
    return [value for value in found if table.inputs[column].allowed.holds(value)]


def _between(bounds: list[Any]) -> list[Any]:
    step = timedelta(days=1) if isinstance(bounds[0], date) else Decimal(1)
    found = [bounds[0] - step]
    for low, high in zip(bounds, [*bounds[1:], bounds[-1] + 2 * step], strict=True):
        middle = low + (high - low) / 2
        found += [low] if middle == low else [low, middle]
    return found
