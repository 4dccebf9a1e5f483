"""Terms as people write them."""

from __future__ import annotations

import pytest

from yangguang.kernel.clock.terms import Term, parse_term
from yangguang.kernel.clock.vocabulary import ClockError, Unit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5 working days", 5, Unit.WORKING_DAYS),
        ("1 working day", 1, Unit.WORKING_DAYS),
        ("5 working_days", 5, Unit.WORKING_DAYS),
        ("5 Business Days", 5, Unit.WORKING_DAYS),
        ("30 calendar days", 30, Unit.CALENDAR_DAYS),
        ("30 days", 30, Unit.CALENDAR_DAYS),
        ("3 months", 3, Unit.MONTHS),
        ("2 years", 2, Unit.YEARS),
        ("24 hours", 24, Unit.HOURS),
        ("8 working hours", 8, Unit.WORKING_HOURS),
        ("5个工作日", 5, Unit.WORKING_DAYS),
        ("5 个 工作日", 5, Unit.WORKING_DAYS),
        ("５个工作日", 5, Unit.WORKING_DAYS),
        ("十五个工作日内", 15, Unit.WORKING_DAYS),
        ("二十日", 20, Unit.CALENDAR_DAYS),
        ("30日", 30, Unit.CALENDAR_DAYS),
        ("七天以内", 7, Unit.CALENDAR_DAYS),
        ("60个自然日", 60, Unit.CALENDAR_DAYS),
        ("两个月", 2, Unit.MONTHS),
        ("3个月", 3, Unit.MONTHS),
        ("一百二十日", 120, Unit.CALENDAR_DAYS),
        ("一百零五日", 105, Unit.CALENDAR_DAYS),
        ("二〇日", 20, Unit.CALENDAR_DAYS),
        ("一年", 1, Unit.YEARS),
        ("24小时", 24, Unit.HOURS),
        ("4个工作小时", 4, Unit.WORKING_HOURS),
    ],
)
def test_a_term_is_read(text: str, amount: int, unit: Unit) -> None:
    assert parse_term(text) == Term(amount, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_term"),
        ("soon", "bad_term"),
        ("working days", "bad_term"),
        ("-5 working days", "bad_term"),
        ("1.5 days", "bad_term"),
        ("5 fortnights", "bad_term"),
        ("个工作日", "bad_term"),
        ("9999999 days", "bad_term"),
        ("5 days 3 hours", "bad_term"),
        ("0 working days", "bad_amount"),
        ("零日", "bad_amount"),
    ],
)
def test_what_is_no_term_is_refused(text: str, code: str) -> None:
    with pytest.raises(ClockError) as caught:
        parse_term(text)
    assert caught.value.code == code
