"""Whatever is sent, the API answers with an answer or a problem, never with a fault of its own."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yangguang.faces.api.assembly import api

pytestmark = [pytest.mark.django_db, pytest.mark.wide]
SCHEMA = api.get_openapi_schema(path_prefix="/api/v1/")
READS = [(address, one["get"]) for address, one in SCHEMA["paths"].items() if "get" in one]
ODD = st.sampled_from(
    [
        "\0",
        "a\0b",
        "9" * 5000,
        "-1",
        "1e309",
        "NaN",
        "\u202e",
        "😀" * 90,
        "'; drop table x; --",
        "%",
        "_",
        "2026-13-45",
        "0001-01-01",
        "9999-12-31",
        "0",
        "1700000000",
        "5 working days",
        "999999 months",
        "99..00",
        "2026-01-01..9999-12-31",
        "99",
        "eA",
        "====",
        "true",
    ]
)
VALUES = ODD | st.text(max_size=30)
LOOSE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize(("address", "operation"), READS, ids=[address for address, _ in READS])
@LOOSE
@given(data=st.data())
def test_any_question_is_answered(world, address, operation, data):
    query = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            value = data.draw(VALUES.filter(lambda text: text and "/" not in text and text not in (".", "..")))
            address = address.replace(f"{{{parameter['name']}}}", value)
        elif data.draw(st.booleans()) or parameter.get("required"):
            query[parameter["name"]] = data.draw(VALUES)
    response = Client().get(
        address, query, headers={"Accept-Language": data.draw(st.sampled_from(["en", "zh", "xx;q=z", ""]))}
    )
    assert response.status_code < 500
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
    json.loads(response.content)


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES | st.text(st.characters(codec=None), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
REPORT = st.fixed_dictionaries(
    {}, optional={name: JSONISH for name in ("text", "percent", "problems", "next_steps", "final", "revision")}
)


@LOOSE
@given(body=REPORT | JSONISH, key=st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), max_size=12))
def test_any_report_is_answered(issued, body, key):
    client = Client()
    client.force_login(issued.account("civil"))
    address = f"/api/v1/duties/{issued.duty(1).case.number}/reports"
    response = client.post(address, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})
    assert response.status_code < 500
    json.loads(response.content)
