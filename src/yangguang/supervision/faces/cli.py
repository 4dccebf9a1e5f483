"""`yangguang watch …`: run the rules of supervision, or list them."""

from __future__ import annotations

import json
from datetime import date, datetime

import click
import django

from yangguang.platform import now as clock
from yangguang.platform.now import BEIJING


@click.group()
def watch() -> None:
    """Supervise: run the rules and read them."""


@watch.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to sweep for; default: the present day.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def sweep(today: datetime | None, as_json: bool) -> None:
    """Run every rule in force and raise what it finds, each finding once.

    Exit code 0 also where another sweep is at work; this one then did nothing and says so.
    """
    django.setup()
    from yangguang.supervision.commands import sweep as run  # noqa: PLC0415 - needs Django

    now = clock.now().astimezone(BEIJING)
    day = today.date() if today else now.date()
    report = run(today=day, at=datetime.combine(day, now.time(), BEIJING))
    if as_json:
        counts = {code: {"found": n, "raised": report.raised[code]} for code, n in report.found.items()}
        told = {"today": day.isoformat(), "ran": report.ran, "rules": counts, "published": report.published}
        click.echo(json.dumps(told))
    elif not report.ran:
        click.echo("Another sweep is at work; nothing was done.", err=True)
    else:
        for code, found in report.found.items():
            click.echo(f"{code}  found {found:>5}  raised {report.raised[code]:>5}")
        click.echo(f"published {report.published}")


@watch.command()
@click.option("--json", "as_json", is_flag=True, help="Print the rules as JSON.")
def rules(as_json: bool) -> None:
    """List the rules in force: code, version, level, and the sentence anyone can read. Needs no database."""
    from yangguang.supervision.rules import rules_on  # noqa: PLC0415 - loaded only when called

    today: date = clock.today()
    if as_json:
        listed = [
            {
                "code": rule.code, "version": rule.version, "level": rule.level.value, "kinds": list(rule.kinds),
                "name": rule.name.zh, "name_en": rule.name.en, "sentence": rule.sentence.zh,
                "sentence_en": rule.sentence.en, "parameters": dict(rule.parameters), "sha256": rule.sha256,
            }
            for rule in rules_on(today)
        ]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for rule in rules_on(today):
        click.echo(f"{rule.code} v{rule.version}  {rule.level.value:<8}  {rule.name.zh}：{rule.sentence.zh}")
