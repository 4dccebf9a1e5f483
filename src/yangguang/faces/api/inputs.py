"""What the API takes: text without characters no table can hold, days as days, cursors, one notice."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from yangguang.faces.api.problems import TooLarge
from yangguang.kernel.ledger.vocabulary import Malformed

#: largest file of a notice, in bytes; its text is limited by the reader's own setting
LARGEST_FILE = 20 * 1024 * 1024
#: what a request may weigh around its file
AROUND = 64 * 1024
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _writable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text must not contain NUL characters")
    return text


def _written_day(value: object) -> object:
    """Pydantic reads numbers as days too; a slip must not become another day."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write the day as 2026-02-13")
    if isinstance(value, int | float):
        raise ValueError("write the day as 2026-02-13")
    return value


Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(_writable)]
LongText = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_writable)]
Day = Annotated[date, BeforeValidator(_written_day)]
Number = Annotated[str, StringConstraints(max_length=80), AfterValidator(_writable)]
Year = Annotated[int, Field(ge=2004, le=2050)]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[Text, Field(description="`next` of the page before.")]


def page_of(listed: Any, key: str, cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """Return the rows after a cursor in the order of their key, and the cursor of the next page (None at the end)."""
    if cursor:
        listed = listed.filter(**{f"{key}__gt": _uncover(cursor)})
    rows = list(listed.order_by(key)[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last: Any = rows[limit - 1]
    for part in key.split("__"):
        last = getattr(last, part)
    return rows[:limit], base64.urlsafe_b64encode(str(last).encode()).decode().rstrip("=")


def _uncover(cursor: str) -> str:
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return _writable(found)
    except (binascii.Error, ValueError) as error:
        raise Malformed(errors={"query/cursor": "不是上一页给出的 next。"}) from error


def given_notice(request: HttpRequest) -> tuple[bytes, str]:
    """Return the bytes and the name of a notice: the file of a form, or the text of a JSON object.

    Raises TooLarge, or Malformed where there is neither.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_FILE + AROUND:
        raise TooLarge
    if request.content_type == "multipart/form-data":
        upload = request.FILES.get("file")
        if upload is None:
            raise Malformed(errors={"body/file": "没有名为 file 的文件。"})
        if (upload.size or 0) > LARGEST_FILE:
            raise TooLarge
        return upload.read(), _name(upload.name or "notice")
    return _pasted(request)


def _pasted(request: HttpRequest) -> tuple[bytes, str]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Malformed(errors={"body": "不是 JSON，也不是 multipart/form-data。"}) from error
    text = given.get("text") if isinstance(given, dict) else None
    name = given.get("name", "notice.txt") if isinstance(given, dict) else None
    if not isinstance(text, str) or not isinstance(name, str):
        raise Malformed(errors={"body/text": "须是一个对象，text 与 name 是文字。"})
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(errors={"body/text": "文字中有不成对的代理字符。"}) from error
    if len(data) > settings.NOTICE_MAX_BYTES:
        raise TooLarge
    return data, _name(name)


def _name(given: str) -> str:
    """Return a file name that can be kept."""
    kept = "".join(character for character in given if character.isprintable())
    return kept.encode("utf-8", "ignore").decode()[-120:] or "notice"
