"""Writes of the outbox: send a message inside a writing, mark a notice as read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from procrastinate.contrib.django import app as queue

from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.queries import unread_of
from yangguang.kernel.outbox.vocabulary import Channel, State


def send(
    subject: str,
    body: str = "",
    *,
    key: str,
    at: datetime,
    unit: int | None = None,
    officer: int | None = None,
    account: str = "",
    case: str = "",
    channels: Iterable[Channel] = (Channel.INAPP,),
) -> list[Message]:
    """Send a message to a unit, an officer or an account, once a ``key`` and channel; inside a writing only.

    Rows and delivery jobs are written in the writing's own transaction: where
    it is rolled back, nothing was sent. Returns the messages that are new.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("messages are sent inside a ledger writing")
    new = []
    for channel in dict.fromkeys(channels):
        inapp = channel is Channel.INAPP
        message, is_new = Message.objects.get_or_create(
            dedupe_key=f"{key}#{channel.value}",
            defaults={
                "unit_id": unit,
                "officer_id": officer,
                "account": account,
                "channel": channel,
                "subject": subject[:200],
                "body": body,
                "case": case,
                "state": State.SENT if inapp else State.QUEUED,
                "created_at": at,
                "sent_at": at if inapp else None,
            },
        )
        if is_new:
            new.append(message)
    _defer(new)
    return new


@dataclass(frozen=True, slots=True)
class Note:
    """A message to a unit inside the platform; the fields are those of ``send``."""

    subject: str
    body: str
    key: str
    unit: int
    case: str = ""


def send_notes(notes: Iterable[Note], *, at: datetime) -> None:
    """Send messages to units inside the platform with one statement; one that was sent is not sent again."""
    if not connection.in_atomic_block:
        raise RuntimeError("messages are sent inside a ledger writing")
    rows = [
        Message(
            dedupe_key=f"{note.key}#{Channel.INAPP.value}", unit_id=note.unit, channel=Channel.INAPP,
            subject=note.subject[:200], body=note.body, case=note.case, state=State.SENT, created_at=at, sent_at=at,
        )
        for note in notes
    ]  # fmt: skip
    Message.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def mark_read(
    messages: Iterable[int], *, at: datetime, unit: int | None = None, officer: int | None = None, account: str = ""
) -> int:
    """Mark notices of these readers as read and return how many were not; others' notices are left alone."""
    mine = unread_of(unit=unit, officer=officer, account=account)
    return mine.filter(pk__in=list(messages)).update(read_at=at)


def _defer(messages: Iterable[Message]) -> None:
    for message in messages:
        if message.state == State.QUEUED:
            queue.configure_task("outbox.deliver", lock=f"outbox.message.{message.pk}").defer(message=message.pk)
