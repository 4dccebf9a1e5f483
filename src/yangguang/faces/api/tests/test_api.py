"""The API: nobody sees past his sight, every refusal is a problem, a write sent twice is done once."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yangguang.domains.directives.models import Notice, Report
from yangguang.domains.directives.reader import read_bytes
from yangguang.domains.directives.tests.world import NOTICE
from yangguang.faces.api.assembly import api
from yangguang.kernel.ledger.models import Case

pytestmark = pytest.mark.django_db
SECRET = NOTICE.replace("21号", "22号").replace("民生服务", "内部事务")
JSON = "application/json"


def paths():
    """Every operation with a number put in, as (method, address)."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return [(method, address) for address, operations in schema["paths"].items() for method in operations]


def as_problem(response, status, code=""):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail", "code", "cite", "remedy", "errors"}
    assert not code or body["code"] == code
    return body


def numbers(response):
    assert response.status_code == 200, response.content
    return {row["number"] for row in response.json()["items"]}


# --- sight ---------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(issued, callers):
    """A second notice that is not public, besides the public one."""
    notice = issued.issue(SECRET, public=False)
    return Case.objects.get(pk=notice.duties.get(position=1).case_id)


# who -> whether he sees the civil affairs bureau's duty of the notice that is not public
CAST = {"": False, "building": True, "yunchuan": False, "civil": True, "clerk": True, "auditor": True, "leader": True}


@pytest.mark.wide
@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("way", ["", "/events", "/deadlines"])
def test_a_record_out_of_sight_is_as_if_it_were_not_there(hidden, callers, who, way):
    client = callers(who)
    response = client.get(f"/api/v1/duties/{hidden.number}{way}")
    if CAST[who]:
        assert response.status_code == 200
    else:
        missing = client.get(f"/api/v1/duties/99-D2026-9999{way}")
        assert as_problem(response, 404, "not_found") == as_problem(missing, 404)
    assert (hidden.number in numbers(client.get("/api/v1/duties?view=all&limit=200"))) is CAST[who]


def test_the_public_sees_public_notices_only(hidden, callers, issued):
    public, kept = Notice.objects.order_by("pk").values_list("case__number", flat=True)
    assert numbers(callers().get("/api/v1/notices")) == {public}
    as_problem(callers().get(f"/api/v1/notices/{kept}"), 404)
    assert numbers(callers("clerk").get("/api/v1/notices")) == {public, kept}


def test_what_is_public_is_not_the_whole_trail(callers, issued):
    issued.sign(1, "civil")
    number = issued.duty(1).case.number
    ways = {who: callers(who).get(f"/api/v1/duties/{number}/deadlines").json() for who in ("", "yunchuan", "civil")}
    inside = {clock["key"].split(":")[0] for clock in ways["civil"]}
    assert "sign" in inside
    for who in ("", "yunchuan"):
        assert {clock["key"].split(":")[0] for clock in ways[who]} == inside - {"sign", "review"}


@pytest.mark.parametrize(("method", "address"), [path for path in paths() if path[0] == "post"])
def test_only_officers_write(callers, method, address):
    body = as_problem(callers().post(address.replace("{number}", "X"), {}, content_type=JSON), 401, "not_signed_in")
    assert body["remedy"]


def test_a_session_writes_only_with_its_csrf_token(callers, issued):
    number = issued.duty(1).case.number
    issued.sign(1, "civil")
    client = callers("civil", csrf=True)
    report = {"text": "已建60个。", "percent": 50}
    as_problem(client.post(f"/api/v1/duties/{number}/reports", report, content_type=JSON), 403)
    client.get("/accounts/logout/")
    token = client.cookies["csrftoken"].value
    done = client.post(f"/api/v1/duties/{number}/reports", report, content_type=JSON, headers={"X-CSRFToken": token})
    assert done.status_code == 201
    assert done.json()["percent"] == 50


def test_another_unit_may_not_report(callers, issued):
    issued.sign(1, "civil")
    number = issued.duty(1).case.number
    report = {"text": "代办。", "percent": 10}
    body = as_problem(callers("yunchuan").post(f"/api/v1/duties/{number}/reports", report, content_type=JSON), 403)
    assert body["detail"]
    as_problem(callers("auditor").post(f"/api/v1/duties/{number}/reports", report, content_type=JSON), 403)
    assert not Report.objects.exists()


def test_people_are_no_part_of_the_organisation_given(callers, issued):
    text = callers("clerk").get("/api/v1/units?limit=200").content.decode()
    assert "青禾省民政厅" in text
    assert not any(str(officer.post.name) in text for officer in issued.officers.values())
    assert set(callers().get("/api/v1/units?limit=1").json()["items"][0]) == {
        "code",
        "name",
        "division",
        "nature",
        "level",
        "superior",
        "counterpart",
        "merged_into",
        "valid_from",
        "valid_to",
    }


# --- what is given -------------------------------------------------------------------------------------------


def test_a_duty_with_its_units_clocks_and_trail(callers, issued):
    number = issued.duty(1).case.number
    duty = callers().get(f"/api/v1/duties/{number}").json()
    assert [unit["name"] for unit in duty["units"]["lead"]] == ["青禾省民政厅"]
    assert {unit["name"] for unit in duty["units"]["support"]} == {"青禾省财政厅", "青禾省住房和城乡建设厅"}
    assert duty["public"] is True
    clocks = callers("civil").get(f"/api/v1/duties/{number}/deadlines").json()
    by = next(clock for clock in clocks if clock["key"].startswith("by"))
    assert by["due_on"] == "2026-11-30"
    sign = next(clock for clock in clocks if clock["key"].startswith("sign"))
    assert sign["cite"]
    events = callers().get(f"/api/v1/duties/{number}/events").json()
    assert events[0]["occurred_at"].endswith("+08:00")
    assert [event["seq"] for event in events] == sorted((event["seq"] for event in events), reverse=True)
    english = callers().get(f"/api/v1/duties/{number}/events", headers={"Accept-Language": "en"}).json()
    assert english[0]["label"] != events[0]["label"]


def test_lists_are_paged_without_gap_or_repetition(callers, issued):
    client, seen, cursor = callers("clerk"), [], ""
    while True:
        page = client.get(f"/api/v1/duties?view=all&limit=2&cursor={cursor}").json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == len(numbers(client.get("/api/v1/duties?view=all&limit=200"))) > 4


def test_filters_are_those_of_the_page(callers, issued):
    client = callers("clerk")
    assert len(numbers(client.get("/api/v1/duties?q=助餐点"))) == 1
    assert numbers(client.get("/api/v1/duties?due_before=2026-01-01")) == set()
    assert numbers(client.get("/api/v1/duties?lamp=overdue")) == set()
    as_problem(client.get("/api/v1/duties?lamp=blue"), 422)
    as_problem(client.get("/api/v1/duties?due_before=0"), 422)


def test_an_answer_that_has_not_changed_is_not_sent_again(callers, issued):
    client = callers()
    first = client.get("/api/v1/duties")
    assert client.get("/api/v1/duties", headers={"If-None-Match": first["ETag"]}).status_code == 304
    issued.go(issued.at.date() + timedelta(days=1))
    issued.sign(1, "civil")
    assert client.get("/api/v1/duties", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "Cookie" in first["Vary"]


def test_the_clock_answers_as_the_shell_does(callers):
    due = callers().get("/api/v1/clock/due", {"from": "2026-02-13", "term": "5 working days"}).json()
    assert due["due_on"] == "2026-02-27"
    assert len(due["counted"]) == 5
    paused = (
        callers()
        .get("/api/v1/clock/due", {"from": "2026-02-13", "term": "5个工作日", "pause": ["2026-02-24..2026-02-25"]})
        .json()
    )
    assert paused["due_on"] == "2026-03-02"
    assert {"2026-02-24", "2026-02-25"} <= {day["day"] for day in paused["skipped"] if day["why"] == "paused"}
    year = callers().get("/api/v1/calendar/2026?place=9901").json()
    assert year["working_days"] == 248
    assert any(day["day"] == "2026-02-14" and day["is_work"] for day in year["days"])


def test_the_rulebook_gives_law_with_every_value(callers):
    book = callers().get("/api/v1/rulebook").json()
    assert len(book["hash"]) == 64
    assert all(value["law"] and value["article"] and value["confidence"] for value in book["values"])
    as_problem(callers().get("/api/v1/rulebook?place=77"), 422)


# --- notices -------------------------------------------------------------------------------------------------


def test_reading_gives_what_the_shell_gives_and_keeps_nothing(callers, issued):
    before = Case.objects.count()
    upload = SimpleUploadedFile("表.txt", SECRET.encode(), "text/plain")
    got = callers("clerk").post("/api/v1/directives/read", {"file": upload})
    assert got.json() == json.loads(json.dumps(read_bytes(SECRET.encode(), "表.txt").as_json()))
    pasted = callers("clerk").post("/api/v1/directives/read", {"text": SECRET, "name": "表.txt"}, content_type=JSON)
    assert pasted.json() == got.json()
    assert Case.objects.count() == before


def test_a_notice_registered_twice_is_the_same_notice(callers, issued):
    client = callers("clerk")
    first = client.post("/api/v1/notices", {"text": SECRET}, content_type=JSON)
    assert first.status_code == 201
    again = client.post("/api/v1/notices", {"text": SECRET, "name": "other.txt"}, content_type=JSON)
    assert again.status_code == 200
    assert again.json() == first.json()
    as_problem(callers("civil").post("/api/v1/notices", {"text": SECRET}, content_type=JSON), 403)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", JSON, "malformed"),
        (b"[1]", JSON, "malformed"),
        (b'{"text": 3}', JSON, "malformed"),
        (b'{"text": "\\ud800"}', JSON, "malformed"),
        (b"[" * 100_000, JSON, "malformed"),
        (b'{"text": ""}', JSON, ""),
        (b"x", "text/plain", "malformed"),
        (b"x", "multipart/form-data; boundary=y", ""),
        (b"x", "multipart/form-data", ""),
    ],
)
@pytest.mark.parametrize("address", ["/api/v1/directives/read", "/api/v1/notices"])
def test_what_is_no_notice_is_told_so(callers, address, body, kind, code):
    response = callers("clerk").generic("POST", address, body, content_type=kind)
    assert response.status_code in (400, 422), response.content
    as_problem(response, response.status_code, code)


def test_a_character_that_no_table_holds_is_refused(callers):
    body = as_problem(callers("clerk").post("/api/v1/notices", {"text": "a\0b" + SECRET}, content_type=JSON), 422)
    assert body["remedy"]


def test_too_much_is_refused_before_it_is_read(callers):
    response = callers("clerk").generic(
        "POST", "/api/v1/directives/read", b"x", content_type=JSON, CONTENT_LENGTH="99999999"
    )
    as_problem(response, 413, "too_large")


# --- once ----------------------------------------------------------------------------------------------------


def test_a_report_sent_twice_under_one_key_is_taken_once(callers, issued):
    issued.sign(1, "civil")
    client, number = callers("civil"), issued.duty(1).case.number
    send = {"path": f"/api/v1/duties/{number}/reports", "content_type": JSON, "headers": {"Idempotency-Key": "k1"}}
    first = client.post(data={"text": "已建60个。", "percent": 50}, **send)
    again = client.post(data={"text": "已建60个。", "percent": 50}, **send)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Report.objects.count() == 1
    as_problem(client.post(data={"text": "另一份。", "percent": 60}, **send), 422, "idempotency_key_reused")


def test_a_refused_report_may_be_sent_again_under_its_key(callers, issued):
    client, number = callers("civil"), issued.duty(1).case.number
    send = {"path": f"/api/v1/duties/{number}/reports", "content_type": JSON, "headers": {"Idempotency-Key": "k2"}}
    body = as_problem(client.post(data={"text": "早了。", "percent": 5}, **send), 409)
    assert body["detail"]
    issued.sign(1, "civil")
    assert client.post(data={"text": "早了。", "percent": 5}, **send).status_code == 201


def test_a_report_on_an_old_state_is_a_conflict(callers, issued):
    issued.sign(1, "civil")
    number = issued.duty(1).case.number
    body = {"text": "已建。", "percent": 5, "revision": 0}
    as_problem(callers("civil").post(f"/api/v1/duties/{number}/reports", body, content_type=JSON), 409, "conflict")


# --- the schema ----------------------------------------------------------------------------------------------


def test_every_operation_documents_its_refusals():
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert {"401", "403", "404", "422"} <= set(answers), (method, address)
            for status in ("401", "403", "404", "422"):
                assert list(answers[status]["content"]) == ["application/problem+json"], (method, address)
            assert operation["summary"]
            assert method == "get" or operation["security"], (method, address)


def test_each_address_and_method_that_is_not_there_is_a_problem():
    as_problem(Client().get("/api/v1/nowhere"), 404, "not_found")
    refused = Client().delete("/api/v1/notices")
    as_problem(refused, 405)
    assert "GET" in refused["Allow"]


@pytest.mark.parametrize("address", ["/api/docs/", "/en/api/docs/"])
def test_the_documentation_names_every_operation_and_loads_nothing_from_elsewhere(address):
    page = Client().get(address).content.decode()
    for method, where in paths():
        assert f"{method.upper()} {where}" in page
    assert "https://" not in page.split("<body", 1)[1]
