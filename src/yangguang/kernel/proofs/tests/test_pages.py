"""Roots are public in every form; a receipt is given to who may see its entry, and can be checked by anyone."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yangguang.kernel.ledger.models import Case
from yangguang.kernel.proofs import queries
from yangguang.kernel.proofs.commands import close_days
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.kernel.proofs.tests.test_tampering import rewrite_second_day
from yangguang.kernel.proofs.tests.world import entry, three_days

pytestmark = pytest.mark.django_db
ONE, TWO = "99-T2026-0001", "99-T2026-0002"


@pytest.fixture
def days():
    made = three_days()
    Case.objects.filter(number=ONE).update(public_from=made.at)
    return made


@pytest.fixture
def client():
    return Client()


def test_the_list_can_be_searched_narrowed_ordered_and_taken_away(client, days):
    newest = ClosedDay.objects.first()
    page = client.get("/ledger/").content.decode()
    assert all(f"/ledger/days/2026-03-0{n}/" in page for n in (2, 3, 4))
    found = client.get("/ledger/", {"q": newest.root[:10]}).content.decode()
    assert "/ledger/days/2026-03-04/" in found
    assert "/ledger/days/2026-03-02/" not in found
    assert "没有符合条件" in client.get("/ledger/", {"month": "2025-01"}).content.decode()
    assert client.get("/ledger/", {"sort": "size", "month": "x", "page": "9"}).status_code == 200
    csv = client.get("/ledger/?format=csv").content.decode()
    assert newest.seal in csv
    assert client.get("/ledger/?format=xlsx").content[:2] == b"PK"


def test_a_day_tells_its_proof_and_has_its_file(client, days):
    page = client.get("/ledger/days/2026-03-03/").content.decode()
    middle = ClosedDay.objects.get(day="2026-03-03")
    assert all(step in page for step in (middle.root, middle.seal, middle.previous, *middle.path))
    assert client.get("/ledger/days/2026-03-03.json").json() == queries.day_file(middle)
    assert client.get("/ledger/days/2026-03-05/").status_code == 404
    assert client.get("/ledger/days/2026-02-31/").status_code == 404
    assert "first closed day" in client.get("/en/ledger/days/2026-03-02/").content.decode()


def test_feed_files_and_gazette_carry_the_same_seals(client, days):
    seals = list(ClosedDay.objects.order_by("day").values_list("seal", flat=True))
    feed = client.get("/ledger/roots.atom").content.decode()
    assert all(seal in feed for seal in seals)
    assert [day["seal"] for day in client.get("/ledger/roots.json").json()["days"]] == seals
    sheet = client.get("/ledger/gazette/2026-03/").content.decode()
    assert all(day.published.short in sheet for day in ClosedDay.objects.all())
    assert client.get("/ledger/gazette/2026-03.pdf").content[:5] == b"%PDF-"
    for month in ("2026-13", "0001-01", "9999-12", "x"):
        assert client.get(f"/ledger/gazette/{month}/").status_code == 404
    assert client.get("/ledger/gazette/2025-01.pdf").status_code == 404


def test_the_api_gives_days_consistency_and_receipts(client, days):
    listed = client.get("/api/v1/ledger/days?limit=2").json()
    assert [day["day"] for day in listed["items"]] == ["2026-03-02", "2026-03-03"]
    rest = client.get("/api/v1/ledger/days", {"since": listed["next"]}).json()
    assert ([day["day"] for day in rest["items"]], rest["next"]) == (["2026-03-04"], None)
    proof = client.get("/api/v1/ledger/consistency?earlier=2026-03-02&later=2026-03-04").json()
    assert proof["path"]
    assert client.get("/api/v1/ledger/consistency?earlier=2026-03-04&later=2026-03-02").status_code == 422
    assert client.get("/api/v1/ledger/days/2026-03-09").status_code == 404
    assert client.get(f"/api/v1/ledger/receipts/{ONE}/2").json() == queries.receipt(entry(ONE, 2))


def test_a_receipt_is_given_to_who_sees_the_entry_alone(client, days):
    page = client.get(f"/ledger/receipts/{ONE}/2/")
    assert entry(ONE, 2).hash in page.content.decode()
    assert "有证明" in page.content.decode()
    assert "“一”" not in page.content.decode()
    for address in (f"{TWO}/2/", f"{TWO}/2.json", f"{ONE}/99/", f"{ONE}/{10**20}/", "nowhere/1/"):
        assert client.get(f"/ledger/receipts/{address}").status_code == 404
    assert client.get(f"/api/v1/ledger/receipts/{TWO}/2").status_code == 404


def test_a_receipt_of_an_open_day_promises_and_tells_when_the_proof_comes(client, days):
    page = client.get(f"/ledger/receipts/{ONE}/6/").content.decode()
    assert "证明还没有" in page
    assert "2026-03-06" in page
    kept = client.get(f"/ledger/receipts/{ONE}/6.json").json()
    assert kept["proof"] is None
    assert "还没有封存" in sent(client, kept)
    days.night()
    assert "现在有证明了" in sent(client, kept)


def sent(client, what):
    text = what if isinstance(what, str) else json.dumps(what)
    answer = client.post("/ledger/check/", {"receipt": text})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_receipt_is_checked_pasted_or_as_file(client, days):
    good = queries.receipt(entry(TWO, 3))
    assert "对得上。" in sent(client, good)
    file = SimpleUploadedFile("receipt.json", json.dumps(good).encode())
    assert "对得上。" in client.post("/ledger/check/", {"file": file}).content.decode()
    forged = good | {"hash": "0" * 64}
    assert "对不上。" in sent(client, forged)
    assert "台账里没有这一条" in sent(client, forged | {"proof": None})
    assert client.post("/ledger/check/", {}).status_code == 422
    large = SimpleUploadedFile("receipt.json", b" " * 70_000)
    assert "太大" in client.post("/ledger/check/", {"file": large}).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "xyz"}, {"hash": "00"}, {"hash": 5}, {"format": "x"}, {"seq": -1}, {"seq": 2**40}, {"seq": "1"},
        {"seq": True}, {"proof": 5}, {"proof": {}}, {"stream": "\x00"}, {"proof": {"day": "2026-02-31"}},
    ],
)  # fmt: skip
def test_nonsense_is_no_receipt(client, days, change):
    receipt = queries.receipt(entry(TWO, 3))
    if isinstance(change.get("proof"), dict) and change["proof"]:
        change = {"proof": receipt["proof"] | change["proof"]}
    assert "这不是回执" in sent(client, receipt | change)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 40_000, '{"format": "yangguang-receipt-1"}', "\x00"])
def test_other_texts_are_no_receipts(client, days, text):
    answer = client.post("/ledger/check/", {"receipt": text})
    assert answer.status_code in (200, 422)
    assert "对得上。" not in answer.content.decode()


def test_a_receipt_from_before_a_rewriting_accuses(client, days):
    kept = queries.receipt(entry(TWO, 3))
    rewrite_second_day()
    days.at = days.at.replace(day=5)
    close_days(at=days.at)
    assert "公布的根变了" in sent(client, kept)
    assert "台账里没有这一条" in sent(client, kept | {"proof": None})


def test_the_verifier_is_given_as_it_is_run(client):
    answer = client.get("/ledger/verify_ledger.py")
    assert b"def check_receipt" in answer.content
    assert "verify_ledger.py" in answer["Content-Disposition"]


def test_before_the_first_day_the_pages_say_so(client, db):
    assert "还没有封存的日子" in client.get("/ledger/").content.decode()
    assert client.get("/ledger/roots.json").json()["days"] == []
    assert client.get("/ledger/check/").status_code == 200
