"""A write that may be sent twice is done once: the answer of an Idempotency-Key is kept for a day."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from yangguang.faces.api.problems import KeyReused, StillRunning
from yangguang.kernel.ledger.vocabulary import Malformed

#: how long an answer is kept, in seconds
KEPT = 24 * 3600
#: how long a request may run before its key can be tried again, in seconds
RUNS = 60


def once(request: HttpRequest, payload: str, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run, or return what the same key gave before; another request under the key is refused."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return run()
    if len(key) > 200 or not key.isprintable():
        raise Malformed(errors={"header/Idempotency-Key": "至多 200 个可见字符。"})
    actor = request.actor  # type: ignore[attr-defined]
    place = f"api.once:{actor.key}:{sha256(f'{request.path} {key}'.encode()).hexdigest()}"
    asked = sha256(payload.encode()).hexdigest()
    if not cache.add(place, (asked, None), RUNS):
        known_asked, answer = cache.get(place) or (asked, None)
        if known_asked != asked:
            raise KeyReused
        if answer is None:
            raise StillRunning
        return dict(answer)
    try:
        answer = run()
    except BaseException:
        cache.delete(place)
        raise
    cache.set(place, (asked, answer), KEPT)
    return answer
