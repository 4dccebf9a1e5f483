"""Run every kind of test, one after the other, and say plainly how it went.

At import it needs nothing but the standard library, so that --help answers before the set-up.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from yangguang.platform.unusable import Unusable

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / ".cache" / "test-results"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: pytest's own exit code for: there was nothing to run
NOTHING_TO_RUN = 5


@dataclass(frozen=True)
class Step:
    """One kind of test: its name in the summary and the command that runs it."""

    name: str
    command: tuple[str, ...]

    @property
    def results(self) -> Path | None:
        """Return the file in which pytest counts, for steps that run pytest."""
        return next((Path(part.partition("=")[2]) for part in self.command if part.startswith("--junitxml=")), None)


@dataclass(frozen=True)
class Outcome:
    """How a step went."""

    step: Step
    code: int
    seconds: float

    def line(self) -> str:
        """Return the step's line of the summary."""
        word = "ok" if self.code == 0 else "NONE FOUND" if self.code == NOTHING_TO_RUN else "FAILED"
        return f"  {word:<10} {self.step.name:<28} {self.seconds:6.1f} s  {self.counts()}".rstrip()

    def counts(self) -> str:
        """Return how many tests ran, failed and were skipped, where the step counts them."""
        file = self.step.results
        if file is None or not file.exists():
            return ""
        suites = [suite.attrib for suite in ElementTree.parse(file).getroot().iter("testsuite")]
        total, failed, skipped = (
            sum(int(suite.get(key, 0)) for suite in suites for key in keys)
            for keys in (("tests",), ("failures", "errors"), ("skipped",))
        )
        parts = [f"{total - failed - skipped} passed"]
        parts += [f"{failed} failed"] if failed else []
        parts += [f"{skipped} skipped"] if skipped else []
        return ", ".join(parts)


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of one run of the tests."""
    parser = argparse.ArgumentParser(prog="./test", description="Run every kind of test and print a summary.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="no browser; under two minutes")
    size.add_argument("--all", action="store_true", help="full sizes: many random cases, slow tests")
    size.add_argument("--campaign", metavar="KILLS", type=int, help="only the fault campaign, with so many kills")
    parser.add_argument("--only", metavar="WORD", help="only the steps whose name holds WORD")
    return parser.parse_args(arguments)


def steps(options: argparse.Namespace) -> list[Step]:
    """Return the steps of a run, quick ones first."""
    python = sys.executable
    if options.campaign:
        return [Step("fault campaign", (python, "-m", "tests.campaign", "--kills", str(options.campaign)))]
    tools = Path(python).parent
    small = "" if options.all else " and not full"
    plain = "not browser" + small + (" and not wide" if options.quick else "")
    halves = ("-n", "2", "--dist")
    every = [
        Step("style (ruff)", (str(tools / "ruff"), "check", "--quiet", ".")),
        Step("room borders (import-linter)", (str(tools / "lint-imports"), "--no-logo")),
        Step("types (mypy)", (python, "-m", "mypy", "--no-error-summary")),
        Step("translations", (python, "-m", "yangguang.platform.i18n", "missing")),
        Step("units, properties, pages", _pytest("pages", *halves, "worksteal", "-m", plain)),
        Step("browser, accessibility", _pytest("browser", *halves, "loadfile", "-m", "browser" + small)),
    ]
    if options.quick:
        every = [step for step in every if not step.name.startswith("browser")]
    return [step for step in every if not options.only or options.only in step.name]


def _pytest(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", f"--junitxml={RESULTS / name}.xml", *arguments)


def find_browser() -> str | None:
    """Return the path of the Chromium that drives the browser tests, or None where there is none."""
    chosen = os.environ.get("YG_CHROMIUM")
    return chosen or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def require_browser() -> str:
    """Return the path of Chromium, installing it first where this is root on Debian or Ubuntu."""
    if found := find_browser():
        return found
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "--quiet=2"], [*install, "--quiet=2"]):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if found := find_browser():
            return found
    raise Unusable(
        "The browser tests need Chromium, which is not here.",
        f"Run `sudo {' '.join(install)}` (macOS: brew install --cask chromium), "
        "or name a browser in YG_CHROMIUM, or leave them out: ./test --quick",
    )


def run(step: Step, environment: Mapping[str, str]) -> Outcome:
    """Run one step with its output on the terminal."""
    print(f"\n== {step.name}", flush=True)
    if step.results is not None:
        step.results.unlink(missing_ok=True)
    began = time.monotonic()
    code = subprocess.run(step.command, cwd=ROOT, env=dict(environment), check=False).returncode
    return Outcome(step, code, time.monotonic() - began)


def check(options: argparse.Namespace) -> bool:
    """Run all steps, print the summary, and return whether everything went well."""
    chosen = steps(options)
    environment = {"YG_DEMO": "1"} | os.environ | {"YG_TEST_SIZE": "full" if options.all else "small"}
    if any(step.name.startswith("browser") for step in chosen):
        environment["YG_CHROMIUM"] = require_browser()
    RESULTS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if any(step.results for step in chosen):
            from yangguang.platform.testkit.databases import test_server  # noqa: PLC0415 - not needed for --help

            stack.enter_context(test_server())
        outcomes = [run(step, environment) for step in chosen]
    failed = [outcome for outcome in outcomes if outcome.code != 0]
    print(f"\n{'Summary':-<70}")
    print("\n".join(outcome.line() for outcome in outcomes))
    total = sum(outcome.seconds for outcome in outcomes)
    words = f"{len(failed)} of {len(outcomes)} kinds FAILED" if failed else f"all {len(outcomes)} kinds passed"
    print(f"{words} in {total:.0f} s", flush=True)
    return not failed


def main(arguments: Sequence[str]) -> int:
    """Run the tests and return the exit code."""
    try:
        return 0 if check(read_options(arguments)) else 1
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
