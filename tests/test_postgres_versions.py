"""The oldest PostgreSQL that we promise: a server of its own is started where Debian's 15 is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yangguang.platform.instance import open_instance

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
pytestmark = [
    pytest.mark.wide,
    pytest.mark.wide,
    pytest.mark.skipif(not (PROGRAMS / "initdb").exists(), reason="PostgreSQL 15 is not installed here"),
]

#: a clerk of the demonstration is asked in, pages are opened, a writing is made, the trail is walked
SMOKE = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["testserver"]
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from yangguang.kernel.ledger.models import Case, Entry
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.office.commands import define_role
from yangguang.kernel.office.vocabulary import SETUP
from yangguang.platform.now import now
from yangguang.supervision.commands import sweep
from yangguang.platform.now import today
call_command("makemigrations", "--check", "--dry-run", verbosity=0)
before = Entry.objects.count()
define_role("postgres-15", "旧库", ["directives.read"], by=Actor.system(SETUP), at=now())
assert Entry.objects.count() == before + 1
sweep(today=today(), at=now())
client = Client()
names = "portal:home directives:public_duties portal:lights supervision:public_cards portal:search portal:healthz"
for page in map(reverse, names.split()):
    status = client.get(page).status_code
    assert status == 200, (page, status)
client.post("/accounts/demo/enter/", {"username": "shenji"})
names = "directives:desk directives:duties supervision:overview supervision:cards desk:processes desk:search"
for page in (*map(reverse, names.split()), "/desk/search/?q=公开"):
    assert client.get(page, follow=True).status_code == 200, page
print(Case.objects.count(), Entry.objects.count(), len(list(verify())))
"""


@pytest.fixture(scope="module")
def old_server() -> Iterator[str]:
    """Give the address of an empty database on a fresh PostgreSQL 15 that listens on a socket only."""
    home = Path(tempfile.mkdtemp(prefix="yg15-", dir="/tmp"))
    account = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    if account:
        shutil.chown(home, "nobody")
    try:
        make = [PROGRAMS / "initdb", "-D", home / "data", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*make, "--auth=trust", "--no-sync"], check=True, capture_output=True, cwd=home, **account)
        options = f"-k {home} -c listen_addresses= -c fsync=off -c synchronous_commit=off"
        control = [PROGRAMS / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w"]
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=home, **account)
        try:
            with psycopg.connect(f"postgresql://postgres@/postgres?host={home}", autocommit=True) as connection:
                connection.execute("create role yangguang login")
                connection.execute("create database yangguang owner yangguang")
                assert connection.info.server_version // 10000 == 15
            yield f"postgresql://yangguang@/yangguang?host={home}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=home, **account)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_tables_demonstration_pages_and_ledger_on_postgresql_15(old_server, tmp_path):
    environment = os.environ | {"DATABASE_URL": old_server, "YG_DATA": str(tmp_path), "YG_DEMO": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "yangguang.config.settings"}
    open_instance(tmp_path, old_server, demo=True)
    python = [sys.executable, "-m"]
    for command in (["django", "migrate", "--no-input", "--skip-checks", "-v", "0"], ["django", "createcachetable"]):
        subprocess.run([*python, *command], env=environment, check=True)
    subprocess.run([*python, "yangguang.faces.cli", "demo", "build"], env=environment, check=True, capture_output=True)
    told = subprocess.run([sys.executable, "-c", SMOKE], env=environment, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    cases, entries, faults = map(int, told.stdout.split())
    assert (cases > 50, entries > 1000, faults) == (True, True, 0)
