"""What a reader is told while the database or the disk is away: one sentence, and that nothing was kept by halves.

The page needs neither the database nor a template, and the answer says when to come back.
"""

from __future__ import annotations

import errno
import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

#: seconds after which it is worth trying again
RETRY_SECONDS = 5
FULL = (
    "磁盘已满，这次没有写入任何内容。请把您填写的内容留着，稍后再提交；并告知管理员腾出空间。",
    "The disk is full; nothing was written. Keep what you typed and send it again later; tell the administrator.",
)
AWAY = (
    "数据库正在恢复，这次没有写入任何内容。请稍等片刻，再提交一次。",
    "The database is recovering; nothing was written. Wait a moment and send it again.",
)
#: PostgreSQL's code for a full disk
DISK_FULL = "53100"


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for what no view expected: 503 where the ground is away, else the page of a fault."""
    problem = sys.exc_info()[1]
    words = _words(problem)
    if words is None:
        return server_error(request)
    if request.path.startswith("/api/"):
        body = {
            "type": "urn:yangguang:problem:unavailable", "title": "Service Unavailable", "status": 503,
            "detail": " ".join(words), "code": "unavailable", "cite": "", "remedy": "", "errors": [],
        }  # fmt: skip
        answer = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/problem+json")
    else:
        answer = HttpResponse(
            '<!doctype html><html lang="zh"><meta charset="utf-8"><title>503</title>'
            f'<h1>{words[0]}</h1><p lang="en">{words[1]}</p></html>'
        )
    answer.status_code = 503
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def _words(problem: BaseException | None) -> tuple[str, str] | None:
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return FULL
        if isinstance(problem, OperationalError | InterfaceError):
            return FULL if getattr(problem.__cause__, "sqlstate", None) == DISK_FULL else AWAY
        problem = problem.__cause__
    return None
