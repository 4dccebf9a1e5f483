"""The runner of the tests: which kinds run, and what it says in the end."""

from __future__ import annotations

import pytest

from yangguang.platform import checks
from yangguang.platform.checks import Outcome, Step
from yangguang.platform.unusable import Unusable


def names(*arguments: str) -> list[str]:
    return [step.name for step in checks.steps(checks.read_options(arguments))]


def test_the_quick_run_leaves_out_the_browser_and_nothing_else():
    assert names("--quick") == [name for name in names() if not name.startswith("browser")]
    assert len(names()) == 6


def test_only_the_full_run_holds_the_slow_tests():
    usual, full = (checks.steps(checks.read_options(arguments)) for arguments in ([], ["--all"]))
    assert [any("not full" in part for part in step.command) for step in usual][-2:] == [True, True]
    assert not any("not full" in part for step in full for part in step.command)


def test_the_summary_counts_what_ran(tmp_path):
    results = tmp_path / "results.xml"
    results.write_text('<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>')
    outcome = Outcome(Step("units", ("pytest", f"--junitxml={results}")), 1, 2.0)
    assert outcome.line().split() == ["FAILED", "units", "2.0", "s", "5", "passed,", "2", "failed,", "2", "skipped"]


@pytest.mark.parametrize(("command", "good"), [("true", True), ("false", False)])
def test_one_failing_kind_fails_the_run(monkeypatch, capsys, command, good):
    monkeypatch.setattr(checks, "steps", lambda options: [Step("first", ("true",)), Step("second", (command,))])
    assert checks.check(checks.read_options([])) is good
    assert ("1 of 2 kinds FAILED" in capsys.readouterr().out) is not good


def test_without_a_browser_the_command_that_installs_one_is_named(monkeypatch):
    monkeypatch.delenv("YG_CHROMIUM", raising=False)
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    with pytest.raises(Unusable, match=r"sudo apt-get install .*chromium"):
        checks.require_browser()
