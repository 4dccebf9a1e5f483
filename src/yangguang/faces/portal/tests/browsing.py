"""A browser that is answered by the test client: the same transaction, no server, no port."""

from __future__ import annotations

import mimetypes
from contextvars import Context, copy_context
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

ADDRESS = "http://localhost"


def open_page(browser: Browser, client: Client, path: str, width: int) -> Page:
    """Open a page of the house in a window of this width; ``page.problems`` are the console's errors."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))  # type: ignore[attr-defined]
    here = copy_context()  # the browser's driver answers in a context of its own, where the connection is another one
    page.route("**/*", lambda route: _answer(client, here, route))
    page.goto(ADDRESS + path)
    return page


def _answer(client: Client, here: Context, route: Route) -> None:
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        assert isinstance(found, str), parts.path
        kind = mimetypes.guess_type(found)[0] or "text/plain"
        route.fulfill(status=200, body=Path(found).read_bytes(), headers={"Content-Type": kind})
        return
    response = here.run(client.get, f"{parts.path}?{parts.query}" if parts.query else parts.path)
    assert response.status_code == 200, f"{parts.path} answers {response.status_code}"
    route.fulfill(status=response.status_code, body=response.content, headers=dict(response.headers))
