"""The drill: an instance is saved, brought back elsewhere, compared, verified and served; what is wrong is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yangguang.demo.testkit.copies import DemoCopy, demo_copy
from yangguang.demo.testkit.site import served
from yangguang.journeys.operation import copies
from yangguang.platform.testkit import databases

PASSPHRASE = "four words of a sealed envelope"


def call(*arguments: object, url: str, code: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("YG_DEMO", "YG_DATA")}
    environment |= {"DATABASE_URL": url, **settings}
    command = [sys.executable, "-m", "yangguang.faces.cli", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def server():
    with databases.test_server() as url:
        yield url


@pytest.fixture(scope="module")
def house(server, tmp_path_factory):
    """A demonstration with a file and keys, the folder of its backups, and the file of the passphrase."""
    data, folder = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("backups")
    passphrase = folder / "passphrase"
    copies.write_private(passphrase, PASSPHRASE.encode())
    with demo_copy(server, data) as copy:
        yield copy, folder / "kept", passphrase


@pytest.fixture(scope="module")
def saved(house):
    copy, folder, passphrase = house
    done = call("backup", folder, "--data", copy.data, "--passphrase-file", passphrase, "--json", url=copy.url)
    return json.loads(done.stdout)


@pytest.fixture
def empty(server):
    """The address of an empty database."""
    name = f"yangguang_restored_{os.getpid()}"
    admin = make_conninfo(server, dbname="postgres")
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        parts = urlsplit(server)
        yield f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
        connection.execute(drop)


def test_the_drill(house, saved, empty, tmp_path):
    copy, _folder, passphrase = house
    backup, new = Path(saved["folder"]), tmp_path / "new"
    assert saved["entries"] > 1000
    assert saved["sealed"]
    assert {path.name for path in backup.iterdir()} >= {copies.MANIFEST, copies.DUMP, copies.SEALED_KEYS}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (backup, *backup.iterdir()))
    key = (copy.data / "vault.keys").read_text().split(":")[1].split()[0]
    assert not any(key.encode() in path.read_bytes() for path in backup.iterdir() if path.is_file())
    arguments = ("restore", backup, "--data", new, "--passphrase-file", passphrase, "--manifest", saved["manifest"])
    told = call(*arguments, url=empty)
    assert f"{saved['entries']} entries as the manifest says" in told.stdout
    assert re.search(r"entries, \d+ closed days, 0 faults", told.stdout)
    assert (new / "vault.keys").read_text().split() == (copy.data / "vault.keys").read_text().split()
    assert (new / "vault.keys").stat().st_mode & 0o777 == 0o600
    with served(DemoCopy(empty, new)) as site:
        page = urllib.request.urlopen(f"{site.url}/", timeout=30).read().decode()
    assert "青禾省" in page
    assert "in use" in call(*arguments, url=empty, code=1).stderr


def test_a_second_backup_links_what_the_first_one_holds_and_old_ones_go(house, saved):
    copy, folder, _passphrase = house
    content = b"a file of the house"
    sha256 = copies.hashlib.sha256(content).hexdigest()
    place = copies.stored_at(copy.data / "files", sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    row = "insert into documents_blob (sha256, size, media_type) values (%s, %s, 'text/plain') on conflict do nothing"
    with psycopg.connect(copy.url) as connection:
        connection.execute(row, [sha256, len(content)])
    made = []
    for _ in range(2):
        arguments = ("backup", folder, "--data", copy.data, "--without-keys", "--json")
        made.append(Path(json.loads(call(*arguments, url=copy.url).stdout)["folder"]))
    first, second = (copies.stored_at(one / "files", sha256).stat() for one in made)
    assert first.st_ino == second.st_ino
    place.write_bytes(b"a fil3 of the house")
    fresh = folder.parent / "fresh"
    told = call("backup", fresh, "--data", copy.data, "--without-keys", url=copy.url, code=1)
    assert f"The file {sha256}" in told.stderr
    assert "is damaged" in told.stderr
    assert list(fresh.iterdir()) == []
    place.write_bytes(content)
    call("backup", folder, "--data", copy.data, "--without-keys", "--keep", 1, url=copy.url)
    assert len([path for path in folder.iterdir() if path.name.startswith("yangguang-")]) == 1


@pytest.mark.parametrize("part", [copies.DUMP, copies.SEALED_KEYS, copies.MANIFEST])
def test_a_changed_backup_is_refused_before_anything_is_written(house, empty, tmp_path, part):
    copy, _folder, passphrase = house
    made = call("backup", tmp_path, "--data", copy.data, "--passphrase-file", passphrase, "--json", url=copy.url)
    told = json.loads(made.stdout)
    backup, new = Path(told["folder"]), tmp_path / "new"
    changed = bytearray((backup / part).read_bytes())
    changed[len(changed) // 2] ^= 1
    (backup / part).write_bytes(changed)
    keys = ("--passphrase-file", passphrase, "--manifest", told["manifest"])
    call("restore", backup, "--data", new, *keys, url=empty, code=1)
    assert not new.exists()
    with psycopg.connect(empty) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_another_passphrase_does_not_open_the_keys(house, empty, tmp_path):
    copy, _folder, passphrase = house
    made = call("backup", tmp_path, "--data", copy.data, "--passphrase-file", passphrase, "--json", url=copy.url)
    other = tmp_path / "other"
    copies.write_private(other, b"another sealed envelope")
    arguments = ("restore", json.loads(made.stdout)["folder"], "--data", tmp_path / "new", "--passphrase-file", other)
    assert "do not open with this passphrase" in call(*arguments, url=empty, code=1).stderr
    other.chmod(0o644)
    assert "can be read by others" in call(*arguments, url=empty, code=1).stderr


def test_one_says_what_becomes_of_the_keys(house, tmp_path):
    copy, _folder, _passphrase = house
    assert "--without-keys" in call("backup", tmp_path, "--data", copy.data, url=copy.url, code=2).stderr


def test_a_missing_file_makes_no_backup(house, tmp_path):
    copy, _folder, _passphrase = house
    missing = "f" * 64
    row = "insert into documents_blob (sha256, size, media_type) values (%s, 1, 'text/plain')"
    with psycopg.connect(copy.url) as connection:
        connection.execute(row, [missing])
    told = call("backup", tmp_path / "kept", "--data", copy.data, "--without-keys", url=copy.url, code=1)
    assert f"The file {missing} is missing" in told.stderr
    with psycopg.connect(copy.url) as connection:
        connection.execute("delete from documents_blob where sha256 = %s", [missing])


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path):
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)
