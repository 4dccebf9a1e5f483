"""Each request has an id: in every log line it causes, in the answer's header, and beside the entries it wrote."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.platform import metering
from yangguang.platform.logs import InRequest, new_request_id

HEADER = "X-Request-ID"
logger = logging.getLogger("yangguang.request")


class RequestIds:
    """Give each request its id, time it and tell of it in one line without the words that were asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a proxy's id is taken over where there is a proxy."""
        given = request.headers.get(HEADER, "") if settings.SECURE_PROXY_SSL_HEADER else ""
        began = time.perf_counter()
        with InRequest(new_request_id(given)) as name:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            route = request.resolver_match.view_name if request.resolver_match else "-"
            metering.count_request(request.method or "", route or "-", response.status_code, seconds)
            facts = {"method": request.method, "route": route, "status": response.status_code}
            logger.info("answered", extra={**facts, "ms": round(seconds * 1000, 1)})
        response[HEADER] = name
        return response
