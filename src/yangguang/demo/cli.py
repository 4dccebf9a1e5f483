"""`yangguang demo …`: build the demonstration, list its logins, move its clock."""

from __future__ import annotations

import json

import click

from yangguang.platform.instance import Instance, enter_instance
from yangguang.platform.now import parse_day
from yangguang.platform.unusable import Unusable


@click.group()
def demo() -> None:
    """Build the invented province 青禾省, list its logins, move its clock."""


def _enter() -> Instance:
    instance = enter_instance()
    if not instance.demo:
        raise Unusable("This instance is for real work, not a demonstration.", "Name a demonstration's data folder.")
    return instance


@demo.command()
@click.option("--today", metavar="DATE", help="The day the demonstration lives on, as 2026-11-23.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(today: str | None, as_json: bool) -> None:
    """Set the province up and play its history until a day; a second time does nothing."""
    day = parse_day(today, "--today") if today else None
    _enter()
    from yangguang.demo.building import USUAL_DAY, build_demo  # noqa: PLC0415 - needs Django

    built = build_demo(day or USUAL_DAY)
    if as_json:
        click.echo(json.dumps({"played": built.played, "steps": built.steps, "today": built.today.isoformat()}))
    else:
        click.echo(f"{built.played} of {built.steps} steps played; the demonstration lives on {built.today}.")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def logins(as_json: bool) -> None:
    """List the demonstration's logins with their posts, and their password."""
    _enter()
    from yangguang.demo.logins import demo_logins  # noqa: PLC0415 - needs Django

    rows = demo_logins()
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"  {row.username:<14}{row.post}")
    if rows:
        click.echo(f"  Password of all: {rows[0].password}")


@demo.command()
@click.argument("day", metavar="DATE|+DAYS|now")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def clock(day: str, as_json: bool) -> None:
    """Let the demonstration live on another day; lights and supervision follow."""
    _enter()
    from yangguang.demo.clock import chosen_day  # noqa: PLC0415 - needs Django
    from yangguang.demo.moving import live_on  # noqa: PLC0415 - as above

    shown = live_on(chosen_day(day))
    click.echo(json.dumps({"now": shown.isoformat()}) if as_json else f"The demonstration lives at {shown}.")
