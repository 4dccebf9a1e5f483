"""The clock is read in one place and can be moved in a demonstration only."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yangguang.platform import now as clock
from yangguang.platform.unusable import Unusable


@pytest.fixture(autouse=True)
def _fresh_clock(monkeypatch):
    monkeypatch.delenv("YG_TODAY", raising=False)
    clock._shift.cache_clear()
    yield
    clock._shift.cache_clear()
    clock.set_clock(None)


def test_the_day_is_the_day_in_china():
    clock.set_clock(lambda: datetime(2026, 2, 12, 16, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 2, 13)


def test_a_demonstration_may_live_on_another_day(monkeypatch):
    monkeypatch.setenv("YG_DEMO", "1")
    monkeypatch.setenv("YG_TODAY", "2031-05-06")
    assert clock.today() in {date(2031, 5, 6), date(2031, 5, 7)}  # the second where the test runs over midnight
    assert clock.now().tzinfo is UTC


def test_a_real_instance_refuses_a_moved_clock(monkeypatch):
    monkeypatch.setenv("YG_DEMO", "0")
    monkeypatch.setenv("YG_TODAY", "2031-05-06")
    with pytest.raises(Unusable, match="not a demonstration"):
        clock.now()


def test_a_day_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("YG_DEMO", "1")
    monkeypatch.setenv("YG_TODAY", "2026-06-31")
    with pytest.raises(Unusable, match="YG_TODAY is '2026-06-31', which is not a day"):
        clock.now()
