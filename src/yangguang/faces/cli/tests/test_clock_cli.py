"""`yangguang clock` as it is called from a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yangguang.faces.cli import main


def run(*arguments: str, lines: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["clock", *arguments], input=lines, prog_name="yangguang")


def test_the_account_in_json() -> None:
    result = run("due", "--from", "2026-02-13", "--term", "5 working days", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(answer) == ["due_on", "provisional", "counted", "skipped"]
    assert (answer["due_on"], answer["provisional"]) == ("2026-02-27", False)
    assert answer["counted"] == ["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]
    assert [entry["day"] for entry in answer["skipped"]] == [f"2026-02-{day}" for day in range(15, 24)]
    assert all(list(entry) == ["day", "why", "source"] for entry in answer["skipped"])
    assert answer["skipped"][1]["why"] == "statutory_holiday"
    assert "国办发明电〔2025〕7号" in answer["skipped"][1]["source"]


@pytest.mark.parametrize(
    ("arguments", "due_on"),
    [
        (["--from", "2026-02-05", "--term", "10日"], "2026-02-15"),
        (["--from", "2026-02-05", "--term", "10日", "--roll"], "2026-02-24"),
        (["--from", "2026-08-05", "--term", "1个工作日", "--jurisdiction", "513401"], "2026-08-10"),
        (["--from", "2026-08-05", "--term", "1个工作日"], "2026-08-06"),
        (
            ["--from", "2026-03-02", "--term", "5 working days", "--pause", "2026-03-04..2026-03-06",
             "--pause", "2026-03-05..2026-03-09", "--pause", "2026-03-11"],
            "2026-03-16",
        ),
    ],
)  # fmt: skip
def test_due_days(arguments: list[str], due_on: str) -> None:
    assert json.loads(run("due", *arguments, "--json").stdout)["due_on"] == due_on


def test_paused_days_are_told_as_such() -> None:
    result = run("due", "--from", "2026-03-02", "--term", "2 days", "--pause", "2026-03-03..2026-03-04", "--json")
    skipped = json.loads(result.stdout)["skipped"]
    assert [(entry["day"], entry["why"]) for entry in skipped] == [("2026-03-03", "paused"), ("2026-03-04", "paused")]


def test_hours_tell_the_moment() -> None:
    answer = json.loads(run("due", "--from", "2026-02-13T15:00", "--term", "24小时", "--json").stdout)
    assert (answer["due_on"], answer["due_at"]) == ("2026-02-14", "2026-02-14T15:00:00+08:00")


def test_an_unsettled_year_is_provisional() -> None:
    result = run("due", "--from", "2026-12-11", "--term", "20 working days", "--json")
    assert json.loads(result.stdout)["provisional"] is True


def test_the_table_tells_each_day() -> None:
    result = run("due", "--from", "2026-02-13", "--term", "5 working days")
    assert "最后一日 2026-02-27 周五" in result.stdout
    assert "2026-02-17 周二  不计入\t法定节假日" in result.stdout
    assert "2026-02-14 周六  第1日\t调休上班" in result.stdout
    assert "暂定" in run("due", "--from", "2027-03-01", "--term", "5 working days").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--from", "2026-02-30", "--term", "5 working days"], "bad_date"),
        (["--from", "20260213xx", "--term", "5 working days"], "bad_date"),
        (["--from", "2026-W07-5", "--term", "5 working days"], "bad_date"),
        (["--from", "2026-02-13T25:00", "--term", "24 hours"], "bad_date"),
        (["--from", "2026-02-13T15", "--term", "24 hours"], "bad_date"),
        (["--from", "2026-02-13", "--term", "soon"], "bad_term"),
        (["--from", "2026-02-13", "--term", "0 days"], "bad_amount"),
        (["--from", "1999-02-13", "--term", "5 working days"], "before_calendar"),
        (["--from", "2026-02-13", "--term", "900 years"], "beyond_calendar"),
        (["--from", "2026-02-13", "--term", "99999 years"], "beyond_calendar"),
        (["--from", "2026-02-13", "--term", "5 days", "--pause", "2026-03-02..2026-03-01"], "bad_pause"),
        (["--from", "2026-02-13", "--term", "5 days", "--pause", "soon"], "bad_date"),
        (["--from", "2026-02-13", "--term", "5 days", "--jurisdiction", "77"], "no_calendar"),
        (["--from", "2026-02-13", "--term", "24 hours", "--roll"], "bad_limit"),
    ],
)
def test_the_impossible_is_refused(arguments: list[str], code: str) -> None:
    result = run("due", *arguments, "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, code)
    told = run("due", *arguments)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1


def test_a_request_without_its_parts_is_a_usage_error() -> None:
    assert run("due", "--json").exit_code == 2


def test_batch_answers_one_a_line_and_goes_on() -> None:
    requests = [
        '{"from": "2026-02-13", "term": "5 working days"}',
        "not json",
        '{"from": "2026-03-02", "term": "5 working days", "pauses": [["2026-03-04", "2026-03-06"]]}',
        '{"from": "2026-02-30", "term": "5 working days"}',
        '{"from": "2026-02-05", "term": "10日", "roll": true}',
        '{"from": "2026-08-05", "term": "1 working day", "jurisdiction": "513401"}',
        "[]",
        '{"term": "5 days"}',
        '{"from": 5, "term": "5 days"}',
        '{"from": "2026-03-02", "term": "5 days", "pauses": 5}',
        '{"from": "2026-03-02", "term": "5 days", "pauses": [["2026-03-04"], 7]}',
        '{"from": "2026-03-02", "term": "5 days", "roll": "yes"}',
        '{"from": "2026-03-02", "term": "5 days", "jurisdiction": 51}',
        '{"from": "2026-03-02", "term": "\\ud800"}',
        "[" * 100_000,
        "",
        '{"from": "2026-03-02", "term": "1 day"}',
    ]
    result = run("due", "--batch", lines="\n".join(requests) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("due_on") or answer["error"]["code"] for answer in answers] == [
        "2026-02-27",
        "bad_json",
        "2026-03-12",
        "bad_date",
        "2026-02-24",
        "2026-08-10",
        "bad_request",
        "bad_request",
        "bad_request",
        "bad_pause",
        "bad_pause",
        "bad_request",
        "bad_jurisdiction",
        "bad_term",
        "bad_json",
        "bad_json",
        "2026-03-03",
    ]
    assert all(answer["error"]["message"] for answer in answers if "error" in answer)


def test_batch_of_possible_requests_succeeds() -> None:
    assert run("due", "--batch", lines="").exit_code == 0
    assert run("due", "--batch", lines='{"from": "2026-02-13", "term": "5 working days"}\n').exit_code == 0


def test_batch_refuses_what_is_no_text() -> None:
    result = run("due", "--batch", lines=b"\xff\xfe\x00\n")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, "bad_json")


def test_the_calendar_of_a_year() -> None:
    answer = json.loads(run("calendar", "--year", "2026", "--json").stdout)
    assert (answer["working_days"], answer["provisional"], answer["jurisdiction"]) == (248, False, "nation")
    made_up = [day["day"] for day in answer["days"] if day["is_work"]]
    assert made_up == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert "248个工作日" in run("calendar", "--year", "2026").stdout
    assert "火把节" in run("calendar", "--year", "2026", "--jurisdiction", "513400").stdout
    assert "暂定" in run("calendar", "--year", "2027").stdout
    assert json.loads(run("calendar", "--year", "2004", "--json").stdout)["working_days"] == 252
    assert json.loads(run("calendar", "--year", "1999", "--json").stdout)["error"]["code"] == "before_calendar"


def test_an_overlay_folder_brings_its_calendars(tmp_path: Path) -> None:
    (tmp_path / "9931").mkdir()
    (tmp_path / "9931" / "festivals.yaml").write_text(
        "local_festivals:\n"
        "  - {name: 石月节, law: {title: 石月自治州自治条例}, length: 1, since: 2024, until: null, solar: 06-10}\n",
        encoding="utf-8",
    )
    asked = ["due", "--from", "2026-06-09", "--term", "1 working day", "--jurisdiction", "993102", "--json"]
    assert json.loads(run(*asked, "--calendars", str(tmp_path)).stdout)["due_on"] == "2026-06-11"
    assert json.loads(run(*asked).stdout)["error"]["code"] == "no_calendar"


def test_it_runs_without_django_and_numpy() -> None:
    told = (
        "import sys; from yangguang.faces.cli import main\n"
        "main(['clock', 'due', '--from', '2026-02-13', '--term', '5 working days', '--json'], standalone_mode=False)\n"
        "assert not {'django', 'numpy', 'zoneinfo'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, encoding="utf-8")
    assert json.loads(done.stdout)["due_on"] == "2026-02-27"
