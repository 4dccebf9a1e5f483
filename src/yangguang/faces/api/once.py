"""A write that may be sent twice is done once: the answer of an Idempotency-Key is kept with what it wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.outbox import requests
from yangguang.platform.now import now


def once(request: HttpRequest, payload: str, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run, or return what the same key gave before; another request under the key is refused."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return run()
    if len(key) > 200 or not key.isprintable():
        raise Malformed(errors={"header/Idempotency-Key": "至多 200 个可见字符。"})
    actor = request.actor  # type: ignore[attr-defined]
    answer, _new = requests.once(f"api {actor.key} {request.path} {key}", payload, run, at=now())
    return answer
