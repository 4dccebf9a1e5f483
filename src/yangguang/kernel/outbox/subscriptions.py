"""Events to subscribers after commit: a job for each, its effect exactly once.

    @on("directives.duty_issued")
    def tell_the_lead(entry: Entry) -> None: ...

The job is written with the entry; it runs in its own transaction together with
a ``Delivery`` row, so a job that is run twice has one effect.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app as queue

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Event
from yangguang.kernel.ledger.writing import subscribe
from yangguang.kernel.outbox.models import Delivery

AfterCommit = Callable[[Entry], None]

#: key of a subscriber -> the function; the key stays the same when code moves
AFTER_COMMIT: dict[str, AfterCommit] = {}


def on(*names: str, key: str = "") -> Callable[[AfterCommit], AfterCommit]:
    """Subscribe a function to events by name, after their commit; called from ``apps.py`` only.

    ``key`` names the subscriber for good (default: module and function name):
    it decides what counts as already delivered.
    """

    def register(function: AfterCommit) -> AfterCommit:
        subscriber = key or f"{function.__module__}.{function.__qualname__}"
        if AFTER_COMMIT.setdefault(subscriber, function) is not function:
            raise TypeError(f"two subscribers are keyed {subscriber}")
        subscribe(*names)(_deferring(subscriber))
        return function

    return register


def hand_over(subscriber: str, stream: str, seq: int, *, at: datetime) -> bool:
    """Run a subscriber on an entry unless it has had it; return whether it ran now."""
    entry = Entry.objects.select_related("stream").get(stream=stream, seq=seq)
    # Not a writing of its own: the mark and whatever the subscriber writes stand or fall together.
    with transaction.atomic():
        _, is_first = Delivery.objects.get_or_create(subscriber=subscriber, entry=entry, defaults={"at": at})
        if is_first:
            AFTER_COMMIT[subscriber](entry)
    return is_first


def _deferring(subscriber: str) -> Callable[[Entry, Event], None]:
    def defer(entry: Entry, _event: Event) -> None:
        job = queue.configure_task("outbox.hand_over", lock=f"outbox.{subscriber}.{entry.stream_id}")
        job.defer(subscriber=subscriber, stream=entry.stream_id, seq=entry.seq)

    return defer
