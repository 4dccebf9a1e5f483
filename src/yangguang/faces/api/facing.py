"""Around every operation: the reader's language, conditional answers, what caches may keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request, override

from yangguang.faces.api.problems import plain

View = Callable[..., HttpResponse]


def faced(view: View) -> View:
    """Answer in the language asked for, with an ETag; a method that is not here is a problem like any other."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # the addresses of the API carry no language, so that the house's middleware has not asked the header
        with override(get_language_from_request(request)):
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                allowed = response["Allow"]
                response = plain(405)
                response["Allow"] = allowed
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        response.setdefault("Cache-Control", "no-cache" if request.method == "GET" else "no-store")
        if request.method == "GET" and response.status_code == 200:
            etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            response["ETag"] = etag
            return get_conditional_response(request, etag=etag, response=response) or response
        return response

    return answering


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for an address that is not there."""
    return plain(404)
