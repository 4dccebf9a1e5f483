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

DUMPS = sorted((Path(__file__).parent / "fixtures").glob("*.dump"))

CHECK = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.verification import verify
print(Case.objects.count(), Entry.objects.count(), len(list(verify())))
"""


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_a_released_database_comes_up_whole(dump):
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
                [sys.executable, "-c", CHECK], env=environment, check=True, capture_output=True, text=True
            )
        finally:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    cases, entries, faults = map(int, told.stdout.split())
    assert cases > 50
    assert entries > 1000
    assert faults == 0


def test_the_present_release_has_its_dump():
    assert [path.stem for path in DUMPS] == ["0.1.0"]


def _url(url: str, database: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415 - one use

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}" + (f"?{parts.query}" if parts.query else "")
