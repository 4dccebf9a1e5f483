"""The embedded server: who holds it, who stops it, and what it does after accidents."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yangguang.platform.postgres import Hold, database_url, server
from yangguang.platform.postgres.account import server_account
from yangguang.platform.postgres.cluster import cluster_of
from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.tests.world import as_ordinary_user, bystander, holder, postmaster, reachable_folder, value
from yangguang.platform.unusable import Unusable

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="lends the server to another account, which only root can")


@pytest.fixture(scope="module")
def programs() -> Iterator[Path]:
    """One copy of the programs that every account can read, instead of one in each test's folder."""
    with reachable_folder() as folder:
        yield find_programs().copied_to(folder, server_account()).bin


@pytest.fixture(autouse=True)
def _same_programs_and_no_other_server(monkeypatch, programs):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("YG_PG_BIN", str(programs))


@pytest.fixture
def data() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def used() -> Iterator[Path]:
    """A folder whose cluster is made once; each test finds and leaves it stopped."""
    with reachable_folder() as folder:
        yield folder / "data"


def test_a_new_folder_gets_a_server_for_this_user_alone(data):
    with server(data, durable=False) as url:
        assert value(url, "select current_user") == "yangguang"
        assert value(url, "show timezone") == "Asia/Shanghai"
        assert value(url, "show listen_addresses") == ""
        assert value(url, "select upper('é')") == "É"
        assert value(url, "select rolsuper from pg_roles where rolname = 'yangguang'") is False
    home = cluster_of(data).home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert home.stat().st_uid == server_account().uid


def test_the_server_can_do_without_safety_only_for_tests(used):
    with server(used) as url:
        assert value(url, "show fsync") == "on"
        assert value(url, "show synchronous_commit") == "on"


def test_the_last_holder_stops_the_server(used):
    first, second = Hold(used, durable=False), Hold(used, durable=False)
    assert (first.started, second.started) == (True, False)
    first.release()
    assert second.cluster.state() == "answers"
    second.release()
    assert second.cluster.state() == "silent"


def test_letting_go_twice_does_no_harm(used):
    first, second = Hold(used, durable=False), Hold(used, durable=False)
    first.release()
    first.release()
    assert second.cluster.state() == "answers"
    second.release()


def test_a_killed_holder_leaves_no_share_behind(used):
    killed = holder(used)
    assert killed.stdout is not None
    assert killed.stdout.readline().startswith("postgresql://")
    killed.kill()
    killed.communicate()
    hold = Hold(used, durable=False)
    assert hold.started is False
    hold.release()
    assert hold.cluster.state() == "silent"


def test_many_processes_may_start_the_same_new_server_at_once(data):
    holders = [holder(data) for _ in range(4)]
    addresses = {process.stdout.readline() for process in holders if process.stdout}
    assert len(addresses) == 1
    assert all(process.wait() == 0 for process in holders if process.communicate() == ("", None))
    assert cluster_of(data).state() == "silent"


def test_what_was_committed_survives_a_killed_server(used):
    hold = Hold(used)
    with psycopg.connect(hold.url) as connection:
        connection.execute("create table kept as select generate_series(1, 1000) as number")
    os.kill(postmaster(hold.cluster), signal.SIGKILL)
    again = Hold(used)
    assert again.started is True
    assert value(again.url, "select count(*) from kept") == 1000
    again.release()
    hold.release()
    assert hold.cluster.state() == "silent"


def test_a_process_number_taken_by_another_program_hinders_and_harms_nobody(used):
    with server(used, durable=False):
        cluster = cluster_of(used)
        lock_files = {
            path: path.read_text() for path in (cluster.files / "postmaster.pid", cluster.socket / ".s.PGSQL.5432.lock")
        }
    other = bystander(cluster.account)
    for path, text in lock_files.items():
        path.write_text(f"{other.pid}\n{text.partition(chr(10))[2]}")
        os.chown(path, cluster.account.uid, cluster.account.gid)
        path.chmod(0o600)
    with server(used, durable=False) as url:
        assert value(url, "select 1") == 1
    assert other.poll() is None
    other.communicate()
    assert other.returncode == 0


def test_a_half_made_cluster_is_made_anew(data):
    data.mkdir()
    cluster = cluster_of(data, durable=False)
    cluster.account.own(cluster.home / "cluster.unfinished")
    (cluster.home / "cluster.unfinished" / "rest").write_text("of an interrupted start")
    with server(data, durable=False) as url:
        assert value(url, "select 1") == 1


def test_a_long_path_gets_a_short_private_socket(data):
    deep = data / ("long" * 15) / ("path" * 15)
    with server(deep, durable=False) as url:
        assert value(url, "select 1") == 1
    socket = Path(json.loads((deep / "postgres.json").read_text())["socket"])
    assert socket.parent == Path("/tmp")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert cluster_of(deep).socket == socket
    socket.rmdir()


def test_files_of_another_major_version_are_refused_with_a_way_out(data):
    with server(data, durable=False):
        pass
    cluster = cluster_of(data)
    (cluster.files / "PG_VERSION").write_text("13\n")
    with pytest.raises(Unusable, match=r"made with PostgreSQL 13.*db dump"):
        Hold(data)


def test_a_server_told_to_stay_up_stops_when_told_otherwise(used):
    hold = Hold(used, durable=False)
    hold.stay_up()
    hold.release()
    assert hold.cluster.state() == "answers"
    last = Hold(used, durable=False)
    assert last.stay_up_no_more() is False
    last.release()
    assert last.cluster.state() == "silent"


def test_a_given_server_switches_the_embedded_one_off(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert database_url(data) == "postgresql://elsewhere/db"
    assert not data.exists()


def test_a_data_folder_that_cannot_be_made_is_named(data):
    data.write_text("a file")
    with pytest.raises(Unusable, match=r"data folder .* cannot be used.*--data"):
        Hold(data)


def test_programs_that_do_not_run_are_named(data, monkeypatch):
    monkeypatch.setenv("YG_PG_BIN", str(data))
    with pytest.raises(Unusable, match=r"do not run.*YG_PG_BIN"):
        find_programs()


@only_root
def test_root_changes_no_mode_of_any_parent_and_puts_the_cluster_where_the_account_can_go(tmp_path, monkeypatch):
    monkeypatch.delenv("YG_PG_BIN")
    secret = tmp_path / "secret"
    secret.mkdir(mode=0o700)
    data = secret / "data"
    above = [secret, *secret.parents]
    before = [folder.stat().st_mode for folder in above]
    with server(data, durable=False) as url:
        assert value(url, "select 1") == 1
        cluster = cluster_of(data)
    assert [folder.stat().st_mode for folder in above] == before
    assert cluster.home.parent == Path("/var/lib/yangguang")
    assert json.loads((data / "postgres.json").read_text())["home"] == str(cluster.home)
    cluster.remove()
    assert not cluster.home.exists()


@only_root
def test_the_account_that_runs_the_server_cannot_log_in_to_it(used):
    with server(used, durable=False) as url:
        cluster = cluster_of(used)
        refused = cluster.account.run([cluster.tool("psql"), url, "-c", "select 1"], cluster.home)
    assert refused.returncode != 0
    assert "authentication failed" in refused.stdout


@only_root
def test_an_ordinary_user_runs_the_server_himself(data):
    data.parent.chmod(0o777)

    def work() -> None:
        with server(data, durable=False) as url:
            assert value(url, "select current_user") == "yangguang"
        assert cluster_of(data).home == data / "postgres"

    assert as_ordinary_user(work)


@only_root
def test_an_account_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("YG_PG_USER", "no-such-account")
    with pytest.raises(Unusable, match=r"no-such-account.*YG_PG_USER"):
        server_account()
