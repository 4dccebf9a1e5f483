"""A database of every released version can be restored and brought up to the present one, its trail still whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.testkit import databases

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
