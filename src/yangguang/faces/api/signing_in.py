"""Who calls: an officer by the session of the pages, with the CSRF token where something is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from yangguang.faces.api.problems import Problem
from yangguang.kernel.ledger.vocabulary import Actor

#: the answers that every operation may give beside its own
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


class OfficerSession(APIKeyCookie):
    """The acting officer of the session; whoever is none is not signed in, before any other check."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the officer, after the CSRF check of methods that write."""
        if getattr(request, "actor", None) is None:
            return None
        actor: Actor | None = super().__call__(request)
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who acts, as the house's middleware found him."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        return actor


OFFICER = OfficerSession()
