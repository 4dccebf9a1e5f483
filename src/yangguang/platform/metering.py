"""Figures of the web processes for Prometheus: how many requests, by route and answer, and how long they took."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

#: the library's own variable: a folder in which the web processes put their figures together
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_own = CollectorRegistry()
_requests = Counter(
    "yangguang_http_requests", "Requests answered.", ["method", "route", "status"], registry=_own
)
_seconds = Histogram(
    "yangguang_http_request_seconds", "Time to answer.", ["route"], registry=_own, buckets=BUCKETS
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answered request; routes and methods are of a known, small number."""
    _requests.labels(method if method in METHODS else "other", route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


def fresh_folder(data: Path) -> Path:
    """Return an empty folder for the figures of a start's web processes."""
    folder = data / "metrics"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    return folder


def request_figures() -> CollectorRegistry:
    """Return the figures of all web processes where they share a folder, else of this one."""
    if FOLDER not in os.environ:
        return _own
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
