"""What machines ask: is it alive, is it ready, what are its figures."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.journeys.operation import figures
from yangguang.journeys.operation.findings import Health
from yangguang.journeys.operation.looking_at_records import pending_migrations, worker


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether work can be done: database, tables and worker; 503 where not. Names no version and no reason."""
    parts = {"database": False, "tables": False, "worker": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        parts["database"] = True
        parts["tables"] = not pending_migrations()
        parts["worker"] = worker().state is Health.OK
    except Error:
        pass  # the parts say it
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to who holds the token, or, where none is set, to this machine; to others there is no page."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(figures.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))
    # A proxy on this machine brings the world's requests from a local address.
    forwarded = {"X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded"} & set(request.headers)
    return not forwarded and settings.SECURE_PROXY_SSL_HEADER is None and _is_local(request.META.get("REMOTE_ADDR", ""))


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
