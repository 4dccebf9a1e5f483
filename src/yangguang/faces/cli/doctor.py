"""`yangguang doctor`: the instance looked over, each fault with its remedy."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from yangguang.faces.cli.setup import language
from yangguang.journeys.operation.findings import Finding, Health, fail, worst
from yangguang.platform.instance import data_folder, look_at_instance
from yangguang.platform.postgres import database_url
from yangguang.platform.unusable import Unusable

WORDS = {Health.OK: "ok  ", Health.WARN: "warn", Health.FAIL: "FAIL"}
COLOURS = {Health.OK: "green", Health.WARN: "yellow", Health.FAIL: "red"}


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: .data in the checkout)."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--quiet", is_flag=True, help="Print only what is not well.")
def doctor(data: Path | None, as_json: bool, quiet: bool) -> None:
    """Look an instance over: machine, settings, database, worker, trail, keys, backups, calendar.

    Nothing is changed. Exit code 0: nothing failed (there may be warnings). 1: something failed.
    """
    findings = _findings((data or data_folder()).absolute())
    state = worst(findings)
    if as_json:
        told = {"state": state.value, "findings": [finding.as_json() for finding in findings]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print([finding for finding in findings if not quiet or finding.state is not Health.OK])
    sys.exit(1 if state is Health.FAIL else 0)


def _findings(data: Path) -> Sequence[Finding]:
    try:
        if "DATABASE_URL" not in os.environ and not (data / "postgres.json").exists():
            raise Unusable(f"{data} holds no instance.", "Name its data folder with --data, or its DATABASE_URL.")
        os.environ.update(look_at_instance(data, database_url(data)).environment())
        import django  # noqa: PLC0415 - settings may refuse, which is a finding

        django.setup()
    except Unusable as problem:
        return [fail("instance", problem.says, problem.remedy)]
    from django.utils import translation  # noqa: PLC0415 - needs Django

    from yangguang.journeys.operation.health import look_over  # noqa: PLC0415 - as above

    with translation.override(language()):
        return look_over()


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"{click.style(WORDS[finding.state], COLOURS[finding.state])} {finding.code:<14} {finding.says}")
        if finding.remedy and finding.state is not Health.OK:
            click.echo(f"{'':>20}→ {finding.remedy}")
