"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.vocabulary import Channel


def notices_of(*, unit: int | None = None, officer: int | None = None, account: str = "") -> QuerySet[Message]:
    """Return the in-app notices to any of these readers (an officer reads his unit's too), newest first."""
    reader = Q()
    if unit is not None:
        reader |= Q(unit=unit)
    if officer is not None:
        reader |= Q(officer=officer)
    if account:
        reader |= Q(account=account)
    if not reader:
        raise ValueError("a reader is a unit, an officer or an account")
    return Message.objects.filter(reader, channel=Channel.INAPP)


def unread_of(*, unit: int | None = None, officer: int | None = None, account: str = "") -> QuerySet[Message]:
    """Return the notices these readers have not yet read, newest first."""
    return notices_of(unit=unit, officer=officer, account=account).filter(read_at__isnull=True)


def messages_of(case: str, *, units: Collection[int] | None = None) -> QuerySet[Message]:
    """Return what was sent about a case by any channel, oldest first; ``units`` narrows the readers."""
    found = Message.objects.filter(case=case).order_by("created_at", "pk")
    return found if units is None else found.filter(unit__in=units)
