"""The pure decisions: cycles, relative terms, periods, plans, lights, counting."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.domains.directives import rules
from yangguang.domains.directives.differences import Row, match_rows, rekey
from yangguang.domains.directives.vocabulary import Cycle, DutyState, Lamp
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.rulebook import house_rulebook

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("expressions", "cycle", "why"),
    [
        (["每月5日前报送"], Cycle.MONTHLY, "month"),
        (["按季调度"], Cycle.QUARTERLY, "quarter"),
        (["每半年报告一次"], Cycle.HALF_YEARLY, "half a year is no year"),
        (["每年2次"], Cycle.HALF_YEARLY, "twice a year"),
        (["每年底总结"], Cycle.YEARLY, "year"),
        (["每年底总结", "逐月通报"], Cycle.MONTHLY, "the shortest of several"),
        (["长期坚持"], None, "no cycle is named"),
        ([], None, "nothing is said"),
    ],
)
def test_the_report_cycle_a_notice_names(expressions, cycle, why):
    assert rules.cycle_of(expressions) == cycle, why


@pytest.mark.parametrize(
    ("expression", "term", "why"),
    [
        ("收到本通知后5个工作日内", (5, "working_days", "receipt"), "from receipt"),
        ("自印发之日起三十日内", (30, "calendar_days", "issue"), "numerals in characters"),
        ("本方案印发后两个月内", (2, "months", "issue"), "months"),
        ("通知下发后24小时内", (24, "hours", "issue"), "hours"),
        ("名单公布后2周内", (14, "calendar_days", "publication"), "weeks are days"),
        ("簽收後十五個工作日內", (15, "working_days", "receipt"), "traditional script"),
        ("尽快", None, "no amount"),
        ("3个工作日内", None, "no start"),
    ],
)
def test_what_a_relative_deadline_is_counted_from(expression, term, why):
    found = rules.relative_term(expression)
    assert (found and (found.amount, found.unit, found.start)) == term, why


@pytest.mark.parametrize(
    ("cycle", "start", "end", "expected", "why"),
    [
        (Cycle.MONTHLY, date(2026, 11, 20), date(2026, 12, 31),
         [("2026-11", date(2026, 12, 5)), ("2026-12", date(2027, 1, 5))],
         "the month under way counts; December is due in January"),
        (Cycle.QUARTERLY, date(2026, 5, 1), date(2026, 7, 1),
         [("2026Q2", date(2026, 7, 5)), ("2026Q3", date(2026, 10, 5))],
         "a quarter that begins on the last day counts"),
        (Cycle.HALF_YEARLY, date(2026, 7, 1), date(2026, 12, 1), [("2026H2", date(2027, 1, 5))], "second half"),
        (Cycle.YEARLY, date(2026, 3, 1), date(2026, 3, 1), [("2026", date(2027, 1, 10))], "a single day"),
    ],
)
def test_the_days_on_which_reports_fall_due(cycle, start, end, expected, why):
    found = rules.periods(cycle, start, end, house_rulebook())
    assert [(p.key, p.due_on) for p in found] == expected, why


@pytest.mark.parametrize(
    ("today", "plan", "percent", "why"),
    [
        (date(2026, 1, 1), {}, 0, "nothing on the first day"),
        (date(2026, 7, 2), {}, 49, "182 of 364 and a half: whole percent, rounded down"),
        (date(2027, 1, 1), {}, 100, "all on the last day"),
        (date(2026, 7, 2), {"2026-06": 20, "2026-12": 100}, 20, "the last month that has ended decides"),
        (date(2026, 6, 29), {"2026-06": 20}, 0, "the month has not ended"),
        (date(2026, 6, 30), {"2026-06": 20}, 20, "it has on its last day"),
    ],
)
def test_how_far_the_work_should_be(today, plan, percent, why):
    assert rules.planned_percent(date(2026, 1, 1), date(2027, 1, 1), today, plan) == percent, why


def clock(due_on, kind="by", **facts):
    return rules.ClockFacts("某期限", due_on, facts.get("provisional", False), facts.get("soft", False), kind)


@pytest.mark.parametrize(
    ("state", "percent", "clocks", "lamp", "why"),
    [
        ("in_progress", 50, [clock(date(2026, 12, 31))], Lamp.NORMAL, "on plan"),
        ("in_progress", 10, [clock(date(2026, 12, 31))], Lamp.BEHIND, "45 percent of the time is gone"),
        ("dispatched", 0, [clock(date(2026, 12, 31))], Lamp.NORMAL, "no progress is asked before receipt"),
        ("in_progress", 100, [clock(date(2026, 6, 15))], Lamp.NORMAL, "on the last day itself nothing is late"),
        ("in_progress", 90, [clock(date(2026, 6, 12))], Lamp.OVERDUE, "the day has passed"),
        ("in_progress", 100, [clock(date(2026, 6, 12), soft=True)], Lamp.BEHIND, "a wish is never red"),
        ("in_progress", 100, [clock(date(2026, 6, 12), provisional=True)], Lamp.NORMAL, "a provisional day"),
        ("in_progress", 50, [clock(date(2026, 6, 5), "report")], Lamp.BEHIND, "a report up to ten working days late"),
        ("in_progress", 50, [clock(date(2026, 5, 5), "report")], Lamp.OVERDUE, "a report later than that"),
        ("under_review", 50, [clock(date(2026, 5, 5), "review")], Lamp.NORMAL, "the office's own delay"),
        ("awaiting_nomination", 0, [clock(date(2026, 5, 5), "nomination")], Lamp.NORMAL, "the office's own delay"),
        ("suspended", 0, [clock(date(2026, 5, 5))], Lamp.SUSPENDED, "clocks stand still"),
        ("completed", 100, [], Lamp.DONE, "handled"),
        ("merged", 0, [], Lamp.DONE, "ended otherwise"),
        ("struck_off", 100, [], Lamp.STRUCK_OFF, "verified"),
    ],
)
def test_the_light_of_a_duty(state, percent, clocks, lamp, why):
    facts = rules.DutyFacts(DutyState(state), date(2026, 1, 1), percent, {}, clocks)
    light = rules.light(facts, today=TODAY, book=house_rulebook(), calendar=calendar_for(None))
    assert light.lamp is lamp, why
    assert light.because
    assert light.because_en


@pytest.mark.parametrize(
    ("states", "counted", "why"),
    [
        (["struck_off", "completed", "in_progress"], (2, 3), "handled and struck off are done"),
        (["struck_off", "cancelled", "merged"], (1, 1), "what fell away does not count"),
        (["carried_over", "in_progress"], (0, 1), "the successor counts in its place"),
        ([], (0, 0), "no parts"),
    ],
)
def test_counting_the_parts(states, counted, why):
    assert rules.roll_up([DutyState(s) for s in states]) == counted, why


def row(position, text, number=""):
    return Row(position, number, text, text)


@pytest.mark.parametrize(
    ("old", "new", "pairs", "why"),
    [
        (["新建助餐点一百个"], ["新建助餐点一百二十个"], [(1, 1)], "a changed figure"),
        (["甲事办好", "乙事做完并公布"], ["乙事做完并公布", "甲事办好"], [(2, 1), (1, 2)], "another order"),
        (["新建助餐点一百个"], ["编制年度审计计划"], [(None, 1), (1, None)], "nothing in common"),
        ([], ["新增一项任务"], [(None, 1)], "added"),
        (["同样的话", "同样的话"], ["同样的话"], [(1, 1), (2, None)], "each row is matched once"),
    ],
)
def test_rows_of_two_papers_are_matched(old, new, pairs, why):
    found = match_rows([row(k, t) for k, t in enumerate(old, 1)], [row(k, t) for k, t in enumerate(new, 1)])
    assert [(m.old and m.old.position, m.new and m.new.position) for m in found] == pairs, why


def test_a_deadline_continues_the_clock_of_the_same_words_or_kind():
    old = [{"k": 0, "kind": "by", "expr": "六月底"}, {"k": 1, "kind": "by", "expr": "年底"}]
    new = [{"kind": "by", "expr": "年底"}, {"kind": "by", "expr": "七月底"}, {"kind": "relative", "expr": "收到后5日"}]
    assert [(d["expr"], d["k"]) for d in rekey(old, new)] == [("年底", 1), ("七月底", 0), ("收到后5日", 2)]
