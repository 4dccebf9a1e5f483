"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.vocabulary import Channel


def notices_of(*, unit: int | None = None, officer: int | None = None) -> QuerySet[Message]:
    """Return the in-app notices of a unit, an officer, or an officer and his unit, newest first."""
    if unit is None and officer is None:
        raise ValueError("a reader is a unit or an officer")
    reader = Q()
    if unit is not None:
        reader |= Q(unit=unit)
    if officer is not None:
        reader |= Q(officer=officer)
    return Message.objects.filter(reader, channel=Channel.INAPP)


def unread_of(*, unit: int | None = None, officer: int | None = None) -> QuerySet[Message]:
    """Return the notices a reader has not yet read, newest first."""
    return notices_of(unit=unit, officer=officer).filter(read_at__isnull=True)


def messages_of(case: str, *, units: Collection[int] | None = None) -> QuerySet[Message]:
    """Return what was sent about a case by any channel, oldest first; ``units`` narrows the readers."""
    found = Message.objects.filter(case=case).order_by("created_at", "pk")
    return found if units is None else found.filter(unit__in=units)
