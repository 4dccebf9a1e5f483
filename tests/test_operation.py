"""An instance tells how it is: the doctor, the health board, what machines ask, and the log."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import get_resolver

from yangguang.demo.testkit.copies import demo_copy
from yangguang.journeys.operation import looking_at_machine, looking_at_records
from yangguang.journeys.operation.findings import Health
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office.commands import define_role
from yangguang.kernel.office.vocabulary import SETUP
from yangguang.platform import telemetry
from yangguang.platform.logs import InRequest, JsonLines
from yangguang.platform.now import now
from yangguang.platform.testkit import databases
from yangguang.platform.unusable import Unusable

#: read once as the demonstration's: a test below looks at the settings of a real instance
ADDRESSES = get_resolver().url_patterns


def states(part):
    return {finding.code: finding.state for finding in part()}


def alive():
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers default values")


def doctor(url, data, *arguments):
    environment = {key: value for key, value in os.environ.items() if key not in ("YG_DEMO", "YG_DATA")}
    environment |= {"DATABASE_URL": url, "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "yangguang.faces.cli", "doctor", "--data", str(data), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_doctor_names_each_part_and_changes_nothing(tmp_path):
    with databases.test_server() as url, demo_copy(url, tmp_path) as copy:
        done = doctor(copy.url, tmp_path, "--json")
        told = json.loads(done.stdout)
        found = {one["code"]: one for one in told["findings"]}
        assert (done.returncode, told["state"]) == (1, "fail")
        assert [code for code, one in found.items() if one["state"] == "fail"] == ["worker"]
        assert found["worker"]["remedy"] == "yangguang worker run"
        assert set(found) >= {
            "python", "disk", "data", "secrets", "debug", "secret-key", "hosts", "https", "static", "database", "time",
            "migrations", "jobs", "failed-jobs", "outbox", "ledger", "vault", "backup", "powers", "calendar",
        }  # fmt: skip
        assert all(one["remedy"] for one in found.values() if one["state"] != "ok")
        plain = doctor(copy.url, tmp_path, "--quiet")
        assert "FAIL worker" in plain.stdout
        assert "The worker is not running" in plain.stdout


def test_the_doctor_says_that_there_is_no_instance(tmp_path):
    done = doctor("postgresql://nobody@127.0.0.1:1/nothing", tmp_path)
    assert done.returncode == 1
    assert "does not answer" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code", "state"),
    [
        ({"DEBUG": True}, "debug", Health.FAIL),
        ({"SECRET_KEY": "for-demonstrations-and-tests-only"}, "secret-key", Health.FAIL),
        ({"SECRET_KEY": "short"}, "secret-key", Health.FAIL),
        ({"ALLOWED_HOSTS": ["*"]}, "hosts", Health.FAIL),
        ({"ALLOWED_HOSTS": ["localhost"]}, "hosts", Health.WARN),
        ({"ALLOWED_HOSTS": ["a.example"], "SESSION_COOKIE_SECURE": False}, "https", Health.FAIL),
        ({"STATIC_ROOT": "/nowhere"}, "static", Health.FAIL),
    ],
)
def test_what_is_unsafe_in_production_is_named(changed, code, state):
    with override_settings(DEMO=False, **changed):
        assert states(looking_at_machine.look_at_settings)[code] is state


def test_keys_that_others_read_are_a_fault(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    (tmp_path / "vault.keys").write_text("x")
    (tmp_path / "vault.keys").chmod(0o644)
    assert states(looking_at_machine.look_at_machine)["secrets"] is Health.FAIL
    (tmp_path / "vault.keys").chmod(0o600)
    tmp_path.chmod(0o755)
    found = states(looking_at_machine.look_at_machine)
    assert (found["secrets"], found["data"]) == (Health.OK, Health.WARN)


@pytest.mark.django_db
def test_a_broken_trail_a_silent_worker_and_failed_jobs_are_found():
    define_role("one", "一", ["directives.read"], by=Actor.system(SETUP), at=now())
    assert states(looking_at_records.look_at_trust)["ledger"] is Health.OK
    with connection.cursor() as cursor:
        cursor.execute("update ledger_stream set length = length + 1")
    assert states(looking_at_records.look_at_trust)["ledger"] is Health.FAIL
    assert looking_at_records.worker().state is Health.FAIL
    alive()
    assert looking_at_records.worker().state is Health.OK
    with connection.cursor() as cursor:
        insert = "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'x', %s)"
        cursor.executemany(insert, [["doing"], ["failed"]])
    found = states(looking_at_records.look_at_work)
    assert (found["jobs"], found["failed-jobs"]) == (Health.WARN, Health.WARN)


@pytest.mark.django_db
def test_readiness_is_database_tables_and_worker():
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "tables": True, "worker": False})
    alive()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, True)


@pytest.mark.django_db
def test_figures_are_for_this_machine_or_for_the_token(settings):
    Client().get("/healthz")
    text = Client().get("/metrics").content.decode()
    for name in ("yangguang_entries", "yangguang_worker_silence_seconds", 'yangguang_jobs{status="failed"} 0.0'):
        assert name in text
    assert 'yangguang_http_requests_total{method="GET",route="portal:healthz",status="200"}' in text
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics").status_code == 404
    assert Client(headers={"X-Forwarded-For": "192.0.2.1"}).get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token of the monitoring"
    assert Client().get("/metrics").status_code == 404
    bearer = {"Authorization": "Bearer a token of the monitoring"}
    assert Client(REMOTE_ADDR="192.0.2.1", headers=bearer).get("/metrics").status_code == 200


@pytest.mark.django_db
def test_each_answer_bears_the_id_of_its_request(settings):
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert Client(headers=given).get("/healthz")["X-Request-ID"] != "from-the-proxy-1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client(headers=given).get("/healthz")["X-Request-ID"] == "from-the-proxy-1"
    assert " " not in Client(headers={"X-Request-ID": "two words\n{}"}).get("/healthz")["X-Request-ID"]


def test_a_line_of_json_names_the_request_and_no_arguments():
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "did %s", "args": ("it",)})
    record.job = {"id": 7, "task_name": "outbox.deliver", "task_kwargs": {"secret": "s"}}
    with InRequest("abc"):
        line = json.loads(JsonLines().format(record))
    assert (line["says"], line["request"], line["job"]["id"]) == ("did it", "abc", 7)
    assert "secret" not in json.dumps(line)


@pytest.mark.django_db
def test_a_committed_entry_is_told_with_its_request(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO, "yangguang.ledger")
    with django_capture_on_commit_callbacks(execute=True):
        define_role("two", "二", ["directives.read"], by=Actor.system(SETUP), at=now())
    (told,) = [record for record in caplog.records if record.name == "yangguang.ledger"]
    assert (told.stream, told.entry) == ("organisation", "office.role_defined")


def test_telemetry_is_asked_for_or_absent(monkeypatch):
    monkeypatch.delenv("YG_OTEL", raising=False)
    assert telemetry.start_telemetry() is False
    monkeypatch.setenv("YG_OTEL", "1")
    monkeypatch.setattr(telemetry, "INSTRUMENTS", (("no_such_package_of_telemetry", "X"),))
    with pytest.raises(Unusable, match="is not installed"):
        telemetry.start_telemetry()
