"""A second site: any server, of somebody else, that takes a file a day by PUT and gives it back by GET."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import date
from urllib.parse import urlsplit

from yangguang.kernel.proofs.vocabulary import Answer, NotDeposited, Published, Seen, as_published, compared
from yangguang.platform.unusable import Unusable

SECONDS = 20
#: a day's file is a few hundred bytes; a longer answer is not one
MOST = 65_536
#: hosts that may be spoken to without encryption
LOCAL = {"127.0.0.1", "::1", "localhost"}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the witness is the server that was named."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class SecondSite:
    """Puts ``URL/2026-11-22.json``; the seal is the idempotency key, so a repeated put changes nothing."""

    name = "site"
    every_day = True
    near = False

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
            raise Unusable("YG_WITNESS_URL is no https address.", "Write https://witness.example.cn/yangguang.")
        self.url, self.token = url.rstrip("/"), token
        self._opener = urllib.request.build_opener(_Stay)

    def deposit(self, published: Published) -> str:
        """Put the day; what the server already holds must say the same."""
        body = json.dumps(published.facts()).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": published.seal}
        try:
            self._ask("PUT", published.day, body, headers)
        except urllib.error.HTTPError as refused:
            if refused.code not in (409, 412) or self.look(published, "").seen is not Seen.AGREES:
                raise NotDeposited(f"{self.url} answered {refused.code}") from refused
        except OSError as error:
            raise NotDeposited(f"{self.url}: {error}") from error
        return self._address(published.day)

    def look(self, published: Published, proof: str) -> Answer:
        """Get the day's file and compare it."""
        try:
            held = as_published(json.loads(self._ask("GET", published.day)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            return Answer(self.name, published.day, Seen.UNREADABLE, f"{self._address(published.day)}: {error}")
        return compared(self.name, published, held)

    def days(self) -> set[date]:
        """Return none: a plain file server has no list that could be relied upon."""
        return set()

    def _address(self, day: date) -> str:
        return f"{self.url}/{day.isoformat()}.json"

    def _ask(self, method: str, day: date, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        given = dict(headers or {})
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self._address(day), data=body, method=method, headers=given)
        with self._opener.open(request, timeout=SECONDS) as answer:
            held: bytes = answer.read(MOST)
        return held
