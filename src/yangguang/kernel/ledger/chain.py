"""How an entry is hashed into its chain. Pure: a verifier needs this file and nothing else.

The hash of an entry is SHA-256 over the UTF-8 bytes of its canonical text: JSON
with sorted keys, no spaces, moments in UTC with microseconds. The text holds
the hash of the entry before it, so that altering one entry breaks all later ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FORMAT = 1


def moment(at: datetime) -> str:
    """Return a moment as it stands in canonical text; refuses naive moments."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one text that stands for these facts."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a canonical text as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
