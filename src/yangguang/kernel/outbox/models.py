"""Tables of the outbox: messages to people, and which subscriber has had which entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yangguang.kernel.outbox.vocabulary import Channel, State


class Message(models.Model):
    """One message to one reader by one channel; the reader is a reference, the address is looked up at delivery."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    officer = models.ForeignKey("organisation.Officer", models.PROTECT, null=True, blank=True, related_name="+")
    #: key of an account; accounts stand above this room
    account = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=8, choices=[(c.value, c.zh) for c in Channel])
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    case = models.CharField(max_length=80, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.zh) for s in State], default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["unit", "-created_at"],
                name="message_unit_unread",
                condition=models.Q(channel=Channel.INAPP, read_at__isnull=True),
            ),
            models.Index(
                fields=["officer", "-created_at"],
                name="message_officer_unread",
                condition=models.Q(channel=Channel.INAPP, read_at__isnull=True),
            ),
            models.Index(fields=["case", "created_at"], name="message_case"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) | models.Q(officer__isnull=False) | ~models.Q(account=""),
                name="message_has_a_reader",
            ),
        ]
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.channel}: {self.subject}"


class Delivery(models.Model):
    """A subscriber has had an entry: this row and the effect stand or fall together."""

    subscriber = models.CharField(max_length=200)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subscriber", "entry"], name="one_delivery")]

    def __str__(self) -> str:
        return f"{self.subscriber} < {self.entry_id}"


class Request(models.Model):
    """A request that was done, by the key its sender gave it: this row and what it did stand or fall together."""

    key = models.CharField(max_length=64, primary_key=True)
    asked = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
