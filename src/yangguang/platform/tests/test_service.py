"""One foreground process: what it refuses before it starts, and how it ends what it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yangguang.platform.instance import Instance, open_instance, schema_version
from yangguang.platform.postgres import server
from yangguang.platform.service import __main__ as service
from yangguang.platform.service.__main__ import check_port, main, prepare
from yangguang.platform.service.options import read_options
from yangguang.platform.tests.world import reachable_folder
from yangguang.platform.unusable import Unusable

#: supervises one shell command, whose output is this process's own
SUPERVISE = """
import os, sys
from yangguang.platform.service.supervisor import Child, Supervisor
supervisor = Supervisor()
supervisor.add(Child("thing", ["/bin/sh", "-c", sys.argv[1]], os.environ))
supervisor.watch()
supervisor.stop()
"""


def supervise(script: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    command = [sys.executable, "-c", SUPERVISE, script]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_that_was_started(number):
    # The grandchild keeps the pipe open: its end is seen only when no process of the group is left.
    running = supervise("cat /dev/zero >/dev/null & echo up; cat /dev/zero >/dev/null")
    assert running.stdout.readline() == "up\n"
    running.send_signal(number)
    assert running.communicate()[0] == ""
    assert running.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_children_do_not_outlive_a_killed_supervisor():
    running = supervise("echo up; exec cat /dev/zero >/dev/null")
    assert running.stdout.readline() == "up\n"
    running.kill()
    assert running.communicate()[0] == ""


def test_what_fails_is_started_again():
    running = supervise("echo up; exit 3")
    assert [running.stdout.readline() for _ in range(2)] == ["up\n", "up\n"]
    running.send_signal(signal.SIGINT)
    assert "The thing ended (code 3); starting it again in 1 s." in running.communicate()[1]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_with_a_free_one(taken, capsys, tmp_path):
    assert main(["--port", str(taken), "--data", str(tmp_path / "data")]) == 1
    said = capsys.readouterr().err
    assert (
        f"Port {taken} on 127.0.0.1 is in use by another program. Stop it, or choose another port: ./run --port" in said
    )
    check_port("127.0.0.1", int(said.split()[-1]))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 99999), ("no such host", 8000)])
def test_an_address_that_is_not_ours_is_refused(host, port):
    with pytest.raises(Unusable, match="Cannot listen on"):
        check_port(host, port)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--today", "2026-06-31"], "not a day"),
        (["--no-demo", "--today", "2026-06-01"], "no movable clock"),
        (["no-such-notice.txt"], "no file no-such-notice.txt"),
    ],
)
def test_options_that_cannot_be_are_refused(arguments, complaint):
    with pytest.raises(Unusable, match=complaint):
        read_options(arguments)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with reachable_folder() as folder, server(folder / "data", durable=False) as address:
        yield address


@pytest.fixture
def empty(url) -> str:
    with psycopg.connect(url) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    return url


def test_an_empty_database_becomes_a_demonstration_unless_told_otherwise(empty, tmp_path):
    assert open_instance(tmp_path, empty).demo is True
    assert open_instance(tmp_path, empty).environment()["YG_DEMO"] == "1"


def test_what_upgrades_an_empty_database_begins_a_real_instance(empty, tmp_path):
    assert open_instance(tmp_path, empty, begins_as_demo=False).demo is False
    assert open_instance(tmp_path, empty).demo is False


def test_a_demonstration_is_upgraded_as_one(empty, tmp_path):
    open_instance(tmp_path, empty)
    assert open_instance(tmp_path, empty, begins_as_demo=False).demo is True


def test_a_demonstration_never_turns_into_a_real_instance(empty, tmp_path):
    open_instance(tmp_path, empty)
    with pytest.raises(Unusable, match=r"holds the demonstration province.*--data DIR"):
        open_instance(tmp_path, empty, demo=False)


def test_a_real_instance_never_turns_into_a_demonstration(empty, tmp_path):
    open_instance(tmp_path, empty, demo=False)
    assert open_instance(tmp_path, empty).demo is False


def test_a_used_database_of_unknown_kind_is_taken_for_real(empty, tmp_path):
    with psycopg.connect(empty) as connection:
        connection.execute("create table django_migrations ()")
    assert open_instance(tmp_path, empty).demo is False


def test_a_real_instance_gets_a_secret_of_its_own_once(empty, tmp_path, monkeypatch):
    monkeypatch.delenv("YG_SECRET_KEY", raising=False)
    monkeypatch.delenv("YG_SECRET_KEY_FILE", raising=False)
    instance = open_instance(tmp_path, empty, demo=False)
    file = Path(instance.environment()["YG_SECRET_KEY_FILE"])
    secret = file.read_text()
    assert len(secret) > 50
    assert file.stat().st_mode & 0o077 == 0
    assert Path(instance.environment()["YG_SECRET_KEY_FILE"]).read_text() == secret
    monkeypatch.setenv("YG_SECRET_KEY", "the administrator's own")
    assert "YG_SECRET_KEY_FILE" not in instance.environment()


def test_what_an_instance_remembers_travels_with_its_database(empty, tmp_path):
    open_instance(tmp_path, empty).remember("schema", schema_version())
    assert open_instance(tmp_path / "elsewhere", empty).remembered["schema"] == schema_version()


def test_a_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(Unusable, match="database does not answer"):
        open_instance(tmp_path, f"postgresql://nobody@/none?host={tmp_path}")


def test_what_browsers_load_is_laid_out_again_only_when_it_changed(tmp_path, monkeypatch):
    collected = []
    monkeypatch.setattr(service, "_manage", lambda _complaint, _environment, *command: collected.append(command[0]))
    for version in ("one", "one", "two"):
        monkeypatch.setattr(service, "static_version", lambda version=version: version)
        prepare(Instance(tmp_path, "", demo=False, remembered={"schema": schema_version()}), {}, None)
    assert collected == ["collectstatic", "collectstatic"]
    prepare(Instance(tmp_path / "demo", "", demo=True, remembered={"schema": schema_version(), "built": "1"}), {}, None)
    assert len(collected) == 2, "a demonstration finds them where they are"
