"""A request that may come twice is done once: what it wrote and that it came are one transaction.

Whoever sends again - a person who pressed twice, a program whose connection was lost before the answer - gets the
answer of the first time. A process killed in between leaves neither the effect nor the mark.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from yangguang.kernel.ledger.vocabulary import Refused
from yangguang.kernel.outbox.models import Request

#: how long it is known that a request came
KEPT = timedelta(days=7)


class KeyReused(Refused):
    """A key came again with another request."""

    code = "idempotency_key_reused"
    status = 422
    says = "这个 Idempotency-Key 已用于另一个请求。"
    remedy = "每个新的请求请换一个 Idempotency-Key。"


class StillRunning(Refused):
    """The first request of a key has not ended."""

    code = "still_running"
    says = "同一请求正在办理。"
    remedy = "请稍后再试。"


def once(
    key: str, asked: str, run: Callable[[], dict[str, Any]], *, at: datetime, wait: bool = False
) -> tuple[dict[str, Any], bool]:
    """Run, or give what the same key gave before; the second value says whether it was run now.

    Where the first request of the key has not ended, ``wait`` for it or refuse. What is refused or fails leaves no
    mark, so that it can be sent again.
    """
    place, content = sha256(key.encode()).hexdigest(), sha256(asked.encode()).hexdigest()
    with transaction.atomic():
        _hold(place, wait=wait)
        known = Request.objects.filter(pk=place).first()
        if known is not None:
            if known.asked != content:
                raise KeyReused
            return dict(known.answer), False
        answer = run()
        Request.objects.create(key=place, asked=content, answer=answer, at=at)
    return answer, True


def forget(*, before: datetime) -> int:
    """Forget requests that came before a moment; return how many."""
    return Request.objects.filter(at__lt=before).delete()[0]


def _hold(place: str, *, wait: bool) -> None:
    """Keep every other process from the same key until the transaction ends; a killed one lets go by itself."""
    number = int(place[:15], 16)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_xact_lock(%s)", [number])
            return
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillRunning
