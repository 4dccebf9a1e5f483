"""A database of every released version can be restored and brought up to the present one, its trail still whole."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yangguang.journeys.operation.copies import stored_at
from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.testkit import databases
from yangguang.platform.vault import Keys

VERIFIER = Path(__file__).parents[1] / "src/yangguang/kernel/proofs/content/verify_ledger.py"
DUMPS = sorted((Path(__file__).parent / "fixtures").glob("*.dump"))

CHECK = """
import json, sys
from datetime import timedelta
from pathlib import Path
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.proofs.commands import close_days
from yangguang.kernel.proofs.queries import ledger_file, roots_file
from yangguang.kernel.proofs.verification import verify_roots
from yangguang.platform.now import now
days = close_days(at=now() + timedelta(days=2))  # the dump may be of today
folder = Path(sys.argv[1])
(folder / "roots.json").write_text(json.dumps(roots_file()))
(folder / "ledger.jsonl").write_text("".join(line + "\\n" for line in ledger_file()))
covered = days[-1].size if days else 0
print(Case.objects.count(), Entry.objects.count(), len(list(verify())), covered, len(list(verify_roots())))
"""


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_a_released_database_comes_up_whole_and_is_covered_by_roots(dump, tmp_path):
    with databases.test_server() as url:
        name = f"yangguang_upgrade_{os.getpid()}"
        admin = make_conninfo(url, dbname="postgres")
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            target = make_conninfo(url, dbname=name)
            restore = find_programs().bin / "pg_restore"
            subprocess.run([restore, "--no-owner", "--no-privileges", f"--dbname={target}", dump], check=True)
            environment = os.environ | {"DATABASE_URL": _url(url, name), "YG_DEMO": "1"}
            told = subprocess.run(
                [sys.executable, "-c", CHECK, tmp_path], env=environment, check=True, capture_output=True, text=True
            )
        finally:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    cases, entries, faults, covered, wrong = map(int, told.stdout.split())
    assert cases > 50
    assert entries > 1000
    assert (faults, wrong) == (0, 0)
    assert covered == entries, "every entry of the older release stands in a root"
    command = [sys.executable, "-I", VERIFIER, "export", tmp_path / "ledger.jsonl", tmp_path / "roots.json"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout[:4]) == (0, "GOOD"), checked.stdout


def test_the_present_release_has_its_dump():
    assert [path.stem for path in DUMPS] == ["0.1.0"]


def _url(url: str, database: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415 - one use

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}" + (f"?{parts.query}" if parts.query else "")


@pytest.fixture
def old_house(tmp_path):
    """An instance of 0.1.0 with data, real and resting: its address, and a folder of its own."""
    with databases.test_server() as url:
        name = f"yangguang_old_{os.getpid()}"
        admin = make_conninfo(url, dbname="postgres")
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(drop)
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            restore = find_programs().bin / "pg_restore"
            options = ["--no-owner", "--no-privileges", f"--dbname={make_conninfo(url, dbname=name)}"]
            subprocess.run([restore, *options, DUMPS[0]], check=True)
            address = _url(url, name)
            with psycopg.connect(address) as inside:
                # The fixture was a demonstration; here it stands for an office's own instance.
                inside.execute("create table if not exists platform_instance (key text primary key, value text)")
                real = "insert into platform_instance values ('demo', '0') on conflict (key) do update set value = '0'"
                inside.execute(real)
            (tmp_path / "data").mkdir(mode=0o700)
            _give_files(address, tmp_path / "data" / "files")
            (tmp_path / "data" / "vault.keys").write_text(Keys.generate().written)
            (tmp_path / "data" / "vault.keys").chmod(0o600)
            yield address, tmp_path
            connection.execute(drop)


def _give_files(address, files):
    """Lay files under the rows that the fixture has without them."""
    with psycopg.connect(address) as connection:
        for (old,) in connection.execute("select sha256 from documents_blob").fetchall():
            content = f"in the place of {old}".encode()
            new = hashlib.sha256(content).hexdigest()
            place = stored_at(files, new)
            place.parent.mkdir(parents=True)
            place.write_bytes(content)
            connection.execute("insert into documents_blob values (%s, %s, 'text/plain')", [new, len(content)])
            connection.execute("update documents_document set blob_id = %s where blob_id = %s", [new, old])
            connection.execute("delete from documents_blob where sha256 = %s", [old])


def upgrade(house, *arguments, **options):
    address, folder = house
    environment = {key: value for key, value in os.environ.items() if key not in ("YG_DEMO", "YG_DATA")}
    environment |= {"DATABASE_URL": address, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "yangguang.faces.cli", "upgrade", "--data", folder / "data", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=environment, **pipes, **options)


def finish(running):
    said = running.communicate()[0]
    assert running.returncode == 0, said
    return said


def asked(house, question):
    with psycopg.connect(house[0]) as connection:
        return connection.execute(question).fetchall()


GRANTED = (
    "select body->>'code' from ledger_entry"
    " where name = 'office.role_defined' and body->'capabilities' ? 'calendar.adopt'"
)
UPGRADED = "select body from ledger_entry where name = 'office.instance_upgraded'"


def test_an_old_instance_is_saved_upgraded_mended_and_walked(old_house):
    folder = old_house[1]
    before = asked(old_house, "select count(*) from ledger_entry")[0][0]
    assert asked(old_house, GRANTED) == []
    said = finish(upgrade(old_house, "--backup", folder / "kept", "--without-keys"))
    assert "Role administrator was given calendar.adopt" in said
    assert "The trail is whole" in said
    (saved,) = (folder / "kept").iterdir()
    manifest = json.loads((saved / "manifest.json").read_text())
    assert manifest["ledger"]["entries"] == before  # saved before anything was changed
    assert asked(old_house, GRANTED) == [("administrator",)]
    assert len(asked(old_house, UPGRADED)) == 1
    again = finish(upgrade(old_house, "--backup", folder / "kept", "--without-keys"))
    assert "of this version already" in again
    assert len(list((folder / "kept").iterdir())) == 1
    assert len(asked(old_house, UPGRADED)) == 1


def test_what_the_administrator_took_away_is_not_given_again(old_house):
    finish(upgrade(old_house, "--without-backup"))
    with psycopg.connect(old_house[0]) as connection:
        connection.execute("update organisation_role set capabilities = capabilities - 'calendar.adopt'")
    assert "of this version already" in finish(upgrade(old_house, "--without-backup"))
    assert asked(old_house, "select 1 from organisation_role where capabilities ? 'calendar.adopt'") == []


@pytest.mark.parametrize("seconds", [0.05, 1.5, 3.0])
def test_a_killed_upgrade_is_begun_again(old_house, seconds):
    running = upgrade(old_house, "--without-backup", start_new_session=True)
    for line in running.stdout:
        if line.startswith("Tables:"):
            break
    time.sleep(seconds)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert "The trail is whole" in finish(upgrade(old_house, "--without-backup"))
    assert asked(old_house, GRANTED) == [("administrator",)]
    assert len(asked(old_house, UPGRADED)) == 1


def test_two_upgrades_do_not_run_at_once(old_house):
    with psycopg.connect(old_house[0], autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [0x5941_4E47])
        running = upgrade(old_house, "--without-backup")
        said = running.communicate()[0]
    assert "Another upgrade" in said
    assert running.returncode == 1
