"""Moving the demonstration to another day, and everything that a day brings with it."""

from __future__ import annotations

from datetime import date, datetime

from yangguang.demo.clock import move_clock
from yangguang.demo.players import Stage
from yangguang.demo.playing import watch_over


def live_on(day: date) -> datetime:
    """Move the clock to a day, settle the lights and run the sweep as the worker does every morning."""
    shown = move_clock(day)
    watch_over(Stage(shown, {}))
    return shown
