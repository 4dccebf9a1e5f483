"""What the web is told and shown: policy and headers on every page, no way out, no foreign host, safe files."""

from __future__ import annotations

import csv
import io
import re
import socket

import openpyxl
import pytest
from django.test import Client

from yangguang.demo.testkit.addresses import ADMINISTRATOR, CLERK, EVERY, HANDLER, PUBLIC

#: attributes that a policy without unsafe-inline would silence, and elements with code or style of their own
INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<[^>]+\s(?:on[a-z]+|style)=[\"']", re.I
)
DANGER = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1+1")


@pytest.mark.parametrize(("who", "path"), EVERY, ids=lambda part: part or "public")
def test_every_page_has_the_policy_and_the_headers_and_no_inline_code(visited, who, path):
    addresses, clients = visited
    response = clients[who].get(addresses.filled(path))
    assert response.status_code in (200, 302), path
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert INLINE.findall(response.content) == []


ELSEWHERE = (
    "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "javascript:alert(1)",
    "http:///elsewhere.example", "https:elsewhere.example", "\thttps://elsewhere.example/", "ftp://elsewhere.example/",
)  # fmt: skip
WITH_NEXT = (
    ("/accounts/demo/enter/", {"username": HANDLER}),
    ("/accounts/login/", {"login": "caizheng", "password": "x"}),
    ("/accounts/logout/", {}),
    ("/accounts/post/", {"officer": "1"}),
    ("/accounts/reauthenticate/", {"password": "x"}),
    ("/demo/clock/", {"day": "2026-06-01"}),
)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(("path", "sent"), WITH_NEXT, ids=[path for path, _ in WITH_NEXT])
def test_no_link_leads_out_of_the_house(visited, path, sent, target):
    for client in (Client(raise_request_exception=False), visited[1][HANDLER] if "logout" not in path else Client()):
        for response in (
            client.post(f"{path}?next={target}", {**sent, "next": target}),
            client.get(path, {"next": target}),
        ):
            assert "elsewhere" not in response.get("Location", "").partition("?")[0]
            assert not response.get("Location", "").startswith(("javascript", "//", "/\\"))
    visited[1][HANDLER].post("/accounts/demo/enter/", {"username": HANDLER})


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "testserver.elsewhere.example", "testserver@elsewhere.example", ""]
)
@pytest.mark.parametrize("path", ["/", "/desk/", "/accounts/login/", "/api/v1/units"])
def test_a_foreign_host_is_refused_and_never_repeated(visited, settings, host, path):
    response = Client(raise_request_exception=False).get(path, HTTP_HOST=host or "[")
    assert response.status_code == 400
    assert b"elsewhere" not in response.content
    forwarded = visited[1][PUBLIC].get(path, HTTP_X_FORWARDED_HOST="elsewhere.example")
    assert b"elsewhere" not in forwarded.content


def test_cookies_of_a_real_instance_are_kept_to_https(visited, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/demo/enter/", {"username": HANDLER})
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert (csrf["secure"], csrf["samesite"]) == (True, "Lax")


EXPORTS = (
    (CLERK, "/desk/duties/export.csv"), (CLERK, "/desk/duties/export.xlsx"),
    (CLERK, "/desk/units/99-finance/export.csv"), (CLERK, "/desk/units/99-finance/export.xlsx"),
    (CLERK, "/desk/watch/cases/?format=csv"), (CLERK, "/desk/watch/cases/?format=xlsx"),
    (CLERK, "/desk/watch/cards/?format=csv"), (CLERK, "/desk/watch/cards/?format=xlsx"),
    (ADMINISTRATOR, "/desk/setup/units/?file=csv"), (ADMINISTRATOR, "/desk/setup/units/?file=xlsx"),
    (ADMINISTRATOR, "/desk/setup/people/?file=csv"), (ADMINISTRATOR, "/desk/setup/people/?file=xlsx"),
    (PUBLIC, "/watch/duties/export.csv"), (PUBLIC, "/watch/duties/export.xlsx"), (PUBLIC, "/data/lights.csv"),
)  # fmt: skip
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")


@pytest.fixture(scope="module")
def poisoned(visited):
    """Names that a spreadsheet would run, wherever a file prints a name."""
    from yangguang.domains.directives.models import Duty  # noqa: PLC0415 - the database stands now
    from yangguang.kernel.ledger.models import Case  # noqa: PLC0415
    from yangguang.kernel.organisation.models import Person, Unit  # noqa: PLC0415

    for model, column in ((Unit, "name"), (Person, "name"), (Case, "title"), (Duty, "text")):
        for place, row in enumerate(model.objects.order_by("pk")):
            model.objects.filter(pk=row.pk).update(**{column: f"{DANGER[place % len(DANGER)]}{place}"})
    return visited


@pytest.mark.parametrize(("who", "path"), EXPORTS, ids=lambda part: part or "public")
def test_no_file_holds_a_formula(poisoned, who, path):
    response = poisoned[1][who].get(path)
    assert response.status_code == 200, path
    content = response.content if not response.streaming else b"".join(response.streaming_content)
    if "csv" in path:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        cells = [cell for row in rows for cell in row]
        bad = [cell for cell in cells if FORMULA.match(cell) and not re.fullmatch(r"[+-]?\d+(\.\d+)?%?", cell)]
    else:
        sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        found = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
        cells = [cell.value for cell in found if cell.value]
        bad = [cell.value for cell in found if cell.data_type == "f" or cell.hyperlink]
    assert cells
    assert bad == []


def test_every_file_of_cells_is_in_the_walk():
    """A new export joins the list above: who writes CSV or XLSX is one of the known modules."""
    from pathlib import Path  # noqa: PLC0415

    import yangguang  # noqa: PLC0415

    house = Path(yangguang.__file__).parent
    writers = {
        str(file.relative_to(house))
        for file in house.rglob("*.py")
        if "tests" not in file.parts
        and re.search(r"csv\.writer|xlsxwriter|openpyxl\.Workbook\(", file.read_text("utf-8"))
    }
    assert writers == {
        "kernel/documents/official/delimited.py", "kernel/documents/official/sheet.py", "faces/portal/views.py",
        "domains/directives/reader/export.py", "kernel/office/sheets.py",
    }  # fmt: skip


def test_no_page_opens_a_connection(visited, monkeypatch):
    """Nothing that a visitor sends makes the server ask another one: there is no address it would fetch."""
    addresses, clients = visited
    real = socket.socket.connect

    def connect(self, where):
        if isinstance(where, tuple) and where[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a page connects to {where}")
        return real(self, where)

    monkeypatch.setattr(socket.socket, "connect", connect)
    bait = "http://169.254.169.254/latest/"
    for path in ("/search/", "/desk/search/", "/desk/notices/new/"):
        assert clients[CLERK].get(path, {"q": bait, "url": bait}).status_code == 200
    clients[CLERK].post("/desk/notices/new/", {"text": f"{bait}\n<img src={bait}>", "url": bait})
    html = f"<html><link href='{bait}'><img src='{bait}'><p>关于印发任务的通知</p></html>"
    clients[CLERK].post("/api/v1/directives/read", {"text": html, "name": "x.html"}, content_type="application/json")
