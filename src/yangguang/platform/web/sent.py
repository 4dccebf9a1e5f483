"""What a form carries so that it counts once, and what its sender typed beside what others wrote meanwhile.

The field ``once`` names the page that was opened: two sendings of it are one request.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import HttpRequest

#: what every form carries and nobody typed
CARRIED = frozenset({"csrfmiddlewaretoken", "once", "seen", "revision", "then"})
#: fields that are never shown back
SECRET = frozenset({"password", "password1", "password2"})


@dataclass(frozen=True, slots=True)
class Version:
    """One field in two versions: what others wrote meanwhile, and what the reader typed."""

    label: str
    theirs: str
    mine: str


def new_token() -> str:
    """Return a name for a page that is opened now."""
    return secrets.token_urlsafe(12)


def sent_once(request: HttpRequest) -> tuple[str, str]:
    """Return the key of a form that was sent, empty where it carries none, and what it asks."""
    token = request.POST.get("once", "")
    if not token or len(token) > 40:
        return "", ""
    actor = getattr(request, "actor", None)
    files = sorted(
        (name, str(getattr(file, "name", "")), int(getattr(file, "size", 0) or 0))
        for name, file in request.FILES.items()
    )
    return f"form {getattr(actor, 'key', '')} {request.path} {token}", f"{sorted(typed(request))} {files}"


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a person typed, by field, without what is empty or secret."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in CARRIED | SECRET
        for value in values
        if isinstance(value, str) and value.strip()
    ]
