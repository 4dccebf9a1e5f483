"""Writes of supervision: ``sweeping`` raises signals; ``cards`` is what unit and supervisor do with a card."""

from yangguang.supervision.commands.cards import (
    SUPERVISION,
    acknowledge_card,
    close_card,
    explain_card,
    judge_card,
    publish_cards,
    withdraw_card,
)
from yangguang.supervision.commands.sweeping import SweepReport, sweep

__all__ = [
    "SUPERVISION",
    "SweepReport",
    "acknowledge_card",
    "close_card",
    "explain_card",
    "judge_card",
    "publish_cards",
    "sweep",
    "withdraw_card",
]
