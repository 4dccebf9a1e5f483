"""How the API says no: problem details (RFC 9457) with what, by which rule, and what to do next."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from yangguang.domains.directives.reader import Unreadable
from yangguang.kernel.clock.vocabulary import ClockError
from yangguang.kernel.documents.vocabulary import Unfit
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Refused

MEDIA_TYPE = "application/problem+json"
#: codes of answers that come from the protocol, not from a rule
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


class FieldProblem(Schema):
    """What is wrong with one part of the request."""

    pointer: str = Field(description="Where: `query/limit`, `body/text`, or the name of a field.")
    says: str


class Problem(Schema):
    """Why a request was not done."""

    type: str = Field(description="`urn:yangguang:problem:` and the code.")
    title: str
    status: int
    detail: str = Field(description="What, in the reader's language where there is one.")
    code: str = Field(description="Stable, for programs.")
    cite: str = Field("", description="The law or rule that says so.")
    remedy: str = Field("", description="What to do next.")
    errors: list[FieldProblem] = []


class TooLarge(Exception):
    """What was sent is larger than the setting allows."""


def problem(
    status: int, code: str, detail: str, *, cite: str = "", remedy: str = "", errors: dict[str, str] | None = None
) -> HttpResponse:
    """Return a refusal as the API's one shape of error."""
    body = {
        "type": f"urn:yangguang:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "cite": cite,
        "remedy": remedy,
        "errors": [{"pointer": pointer, "says": says} for pointer, says in (errors or {}).items()],
    }
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE)


def plain(status: int) -> HttpResponse:
    """Return the answer of the protocol itself: not signed in, no such address, not this method."""
    words = {
        400: _("请求的格式有误。"),
        401: _("请先登录。"),
        403: _("没有权限，或者缺少 CSRF 令牌。"),
        404: _("没有找到这条记录。"),
        405: _("这个地址不支持这种方法。"),
        413: _("内容过大。"),
    }
    remedy = {401: _("用网页登录后的会话调用；见接口说明。"), 403: _("写入须带 X-CSRFToken 头；见接口说明。")}
    return problem(
        status,
        CODES.get(status, "refused"),
        words.get(status, HTTPStatus(status).phrase),
        remedy=remedy.get(status, ""),
    )


def add_handlers(api: NinjaAPI) -> None:
    """Let every refusal, wherever raised, become a problem."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Unreadable, lambda request, e: problem(422, e.code, e.message, remedy=e.remedy))
    api.add_exception_handler(Unfit, _unfit)
    api.add_exception_handler(ClockError, lambda request, e: problem(422, e.code, str(e), cite=e.cite, remedy=e.remedy))
    api.add_exception_handler(HttpError, lambda request, e: plain(e.status_code))
    api.add_exception_handler(Http404, lambda request, e: plain(404))
    api.add_exception_handler(TooLarge, lambda request, e: plain(413))
    api.add_exception_handler(SuspiciousOperation, lambda request, e: plain(400))
    api.add_exception_handler(MultiPartParserError, lambda request, e: plain(400))


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    words = told(refusal)
    return problem(
        refusal.status, refusal.code, words.says, cite=words.cite, remedy=words.remedy, errors=dict(words.errors)
    )


def _unfit(request: HttpRequest, unfit: Unfit) -> HttpResponse:
    says, remedy = unfit.sentences(_)
    return problem(422, unfit.code, says, remedy=remedy)


def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    errors = {"/".join(str(part) for part in error["loc"]): str(error["msg"]) for error in invalid.errors}
    return problem(422, "malformed", _("请求中有的内容不对，见 errors。"), errors=errors)
