"""Tables of supervision: signals as they were raised, cards with their answers, rule texts as they were used.

What a card shares with every case (owner, state, clock, trail) stands in the ledger.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RuleText(models.Model):
    """The text of a rule version, kept for good when it first raises a signal."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    code = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    first_used_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["code", "version"]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Signal(models.Model):
    """What a rule found on a case, with the facts and values as it saw them. Never deleted.

    ``parameters`` hold each threshold with its rulebook key, unit and citation;
    ``facts`` hold the columns the rule selected. With ``calendar_version`` and
    the kept rule text the finding can be reckoned again.
    """

    case = models.ForeignKey("ledger.Case", on_delete=models.PROTECT, related_name="signals")
    deadline = models.ForeignKey("ledger.Deadline", on_delete=models.PROTECT, null=True, related_name="signals")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="signals")
    rule = models.CharField(max_length=12)
    rule_version = models.PositiveSmallIntegerField()
    rule_text = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="signals")
    level = models.CharField(max_length=10)
    facts = models.JSONField()
    parameters = models.JSONField()
    because = models.TextField()
    because_en = models.TextField()
    calendar_version = models.CharField(max_length=64, blank=True)
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="standing")
    dedupe_key = models.CharField(max_length=200, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["rule", "raised_on"], name="signal_rule_day"),
            models.Index(fields=["level", "state"], name="signal_level_state"),
            models.Index(fields=["unit", "raised_on"], name="signal_unit_day"),
        ]
        ordering: ClassVar = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule} {self.case_id} {self.raised_on}"


class Card(models.Model):
    """A yellow or red card (黄牌、红牌): the case that a signal opened, and what was said about it."""

    case = models.OneToOneField("ledger.Case", on_delete=models.PROTECT, related_name="card")
    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="card")
    explanation = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    excuse = models.CharField(max_length=20, blank=True)
    judgement = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    #: why it was withdrawn, or how what it found was put right
    closing = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["verdict"], name="card_verdict")]

    def __str__(self) -> str:
        return self.case.number
