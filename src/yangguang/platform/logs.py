"""Log lines: for people by default, one JSON object a line with YG_LOG=json; each names the request it belongs to."""

from __future__ import annotations

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

FORMATS = ("text", "json")
#: what a proxy may give as the id of a request
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request: ContextVar[str] = ContextVar("request", default="")
#: attributes that every log record has; what a call adds beyond these is told too
_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName"}


def request_id() -> str:
    """Return the id of the request in hand, empty outside one."""
    return _request.get()


def new_request_id(given: str = "") -> str:
    """Return the id that was given, where it is well formed, or a fresh one."""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


class InRequest:
    """A block whose log lines belong to one request."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> str:
        self._before = _request.set(self.name)
        return self.name

    def __exit__(self, *_: object) -> None:
        _request.reset(self._before)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, words, request, and what the call added as plain values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "says": record.getMessage(),
        }
        if name := request_id():
            line["request"] = name
        for key, value in vars(record).items():
            if key not in _PLAIN and not key.startswith("_"):
                line[key] = _plain(key, value)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _plain(key: str, value: Any) -> Any:
    """Return what may stand in a line: plain values, and of a job its number and task, never its arguments."""
    if key == "job" and isinstance(value, dict):
        return {part: value.get(part) for part in ("id", "task_name", "queue", "attempts")}
    return value if isinstance(value, str | int | float | bool | None) else type(value).__name__


def log_settings(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for a form of lines and a least level."""
    formatter: dict[str, Any] = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    if form == "json":
        formatter = {"()": f"{__name__}.{JsonLines.__name__}"}
    # Requests, entries and jobs are told one by one only where somebody reads them by machine.
    told = "INFO" if form == "json" else level
    loggers = {name: {"level": told} for name in ("yangguang.request", "yangguang.ledger", "procrastinate")}
    # Who came in and who was turned away is kept whatever else is quiet.
    loggers["yangguang.security"] = {"level": "INFO"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": loggers,
    }
