"""`yangguang ledger` as it is called from a shell, and the jobs that do the same each night."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from procrastinate.contrib.django.models import ProcrastinateJob

from yangguang.faces.cli import main
from yangguang.kernel.proofs import tasks
from yangguang.kernel.proofs.models import ClosedDay, Deposit
from yangguang.kernel.proofs.tests.test_tampering import rewrite_second_day
from yangguang.kernel.proofs.tests.world import Days, superuser, three_days
from yangguang.platform import now as clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _instance(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("yangguang.faces.cli.ledger.enter_instance", lambda: None)
    settings.WITNESSES = {"folder": tmp_path / "witness", "url": "", "token": "", "tsa": "", "tsa_roots": ""}
    yield
    clock.set_clock(None)


def run(*arguments):
    return CliRunner().invoke(main, ["ledger", *map(str, arguments)], prog_name="yangguang")


def do_jobs():
    """Do the deposits that wait, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="proofs.deposit", status="todo"):
        tasks.deposit(**job.args)


def test_a_day_is_closed_once_and_handed_to_the_witness():
    days = Days()
    days.note("99-T2026-0001", "一")
    assert run("close-day").output == "No day to close.\n"
    days.at += timedelta(days=1)
    told = run("close-day")
    assert told.exit_code == 0
    assert told.output.startswith("2026-03-02  2 entries  root ")
    assert run("close-day").output == "No day to close.\n"
    assert ProcrastinateJob.objects.filter(task_name="proofs.deposit").count() == 1
    do_jobs()
    assert [d.witness for d in Deposit.objects.all()] == ["folder"]
    assert run("witness").output == "1 answers, 0 faults\n"


def test_the_nightly_job_closes_and_hands_out():
    days = Days()
    days.note("99-T2026-0001", "一")
    days.at += timedelta(days=2)
    tasks.close_days(0)
    do_jobs()
    assert ClosedDay.objects.count() == Deposit.objects.count() == 2


def test_a_rewritten_day_is_named_by_verify_and_by_witness(tmp_path):
    days = three_days()
    tasks.hand_out()
    do_jobs()
    assert run("roots", tmp_path / "kept.json").exit_code == 0
    printed = ClosedDay.objects.get(day="2026-03-03").published.short
    assert run("verify").exit_code == 0
    rewrite_second_day()
    tasks.close_days(0)
    told = run("verify")
    assert told.exit_code == 1
    assert "day 2026-03-03 #0: witness folder: it holds 9 entries" in told.output
    told = run("witness", "--kept", tmp_path / "kept.json", "--printed", f"2026-03-03={printed}")
    assert told.exit_code == 1
    assert "The first day that differs is 2026-03-03" in told.output
    assert {one["witness"] for one in json.loads(run("witness", "--json").stdout)} == {"folder"}
    assert days.at


def test_a_dropped_entry_is_named_by_verify():
    three_days()
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE stream_id = 'case:99-T2026-0001' AND seq = 3")
    told = run("verify", "--json")
    assert told.exit_code == 1
    assert {"stream": "case:99-T2026-0001", "seq": 3, "what": "missing: the next entry is number 4"} in json.loads(
        told.stdout
    )


def test_an_export_writes_over_nothing(tmp_path):
    three_days()
    assert run("export", tmp_path / "ledger.jsonl").output.startswith("11 entries")
    again = run("export", tmp_path / "ledger.jsonl")
    assert again.exit_code == 1
    assert "Name a new file" in again.output
    assert run("export", tmp_path / "public.jsonl", "--public").exit_code == 0
    assert "开案" not in (tmp_path / "public.jsonl").read_text()


@pytest.mark.parametrize("printed", ["2026-02-31=X", "x"])
def test_a_day_that_is_none_is_refused(printed):
    assert run("witness", "--printed", printed).exit_code == 1
