"""`yangguang setup …`: the first use of a real instance, from the shell of its server."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils import translation

from yangguang.platform.instance import data_folder, enter_instance, open_instance
from yangguang.platform.now import now
from yangguang.platform.postgres import database_url
from yangguang.platform.unusable import Unusable

if TYPE_CHECKING:
    from yangguang.journeys.taking_in import TakenIn
    from yangguang.kernel.ledger.vocabulary import Refused
    from yangguang.kernel.organisation.vocabulary import Level

ADDRESS = "http://127.0.0.1:8000"
LEVELS = ("province", "prefecture", "county", "township", "village")
data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: .data in the checkout)."
)
address_option = click.option("--address", default=ADDRESS, show_default=True, help="Where the site is, for links.")


@click.group()
def setup() -> None:
    """Set a real instance up: organisation, first administrator, processes."""


@setup.command()
@data_option
@address_option
def token(data: Path | None, address: str) -> None:
    """Print the address of the first-use page with its one-time token; nothing once an administrator exists."""
    _enter(data)
    from yangguang.journeys.first_use import has_begun, setup_token  # noqa: PLC0415 - needs Django

    if has_begun():
        return
    click.echo("First use: set the instance up and appoint its first administrator at")
    click.echo(f"  {address.rstrip('/')}/setup/?token={setup_token()}")
    click.echo("or with `yangguang setup begin --help`. Whoever holds this address can claim the instance.")


@setup.command()
@data_option
@address_option
@click.option("--division-code", required=True, help="GB/T 2260 code of the division, such as 99 or 9901.")
@click.option("--division-name", required=True, help="Its name.")
@click.option("--level", type=click.Choice(LEVELS), help="Its level; told from the code's length where left out.")
@click.option("--unit-code", required=True, help="Code of its government.")
@click.option("--unit-name", required=True, help="Name of its government.")
@click.option("--person", required=True, help="Name of the first administrator.")
@click.option("--number", default="1", show_default=True, help="The administrator's staff number.")
@click.option("--username", required=True, help="The administrator's login name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def begin(data: Path | None, address: str, level: str | None, as_json: bool, username: str, **facts: str) -> None:
    """Enter division, government and first administrator; print the link by which he sets a password."""
    _enter(data)
    from yangguang.journeys.first_use import Beginning  # noqa: PLC0415 - needs Django
    from yangguang.journeys.first_use import begin as set_up  # noqa: PLC0415
    from yangguang.kernel.ledger.vocabulary import Refused  # noqa: PLC0415
    from yangguang.kernel.organisation.vocabulary import Level  # noqa: PLC0415

    code = facts["division_code"]
    beginning = Beginning(
        division_code=code,
        division_name=facts["division_name"],
        level=Level(level) if level else _level(code),
        unit_code=facts["unit_code"],
        unit_name=facts["unit_name"],
        person_number=facts["number"],
        person_name=facts["person"],
    )
    try:
        begun = set_up(beginning, username, at=now())
    except Refused as refused:
        _refuse(refused)
    link = _link(address, begun.invitation)
    if as_json:
        click.echo(json.dumps({"link": link, "processes": begun.processes, "roles": begun.roles}))
        return
    click.echo(f"Set up: {begun.roles} roles, {begun.processes} processes published.")
    click.echo(f"{username} sets a password here, once:\n  {link}")


@setup.command("import")
@data_option
@address_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would change and what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(data: Path | None, address: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take the divisions, units, posts and people of a workbook in, all of it or nothing."""
    _enter(data)
    from yangguang.journeys.taking_in import TakenIn, take_in  # noqa: PLC0415 - needs Django
    from yangguang.kernel.ledger.vocabulary import Actor, Refused  # noqa: PLC0415
    from yangguang.kernel.office.commands import plan_import  # noqa: PLC0415
    from yangguang.kernel.office.vocabulary import SETUP  # noqa: PLC0415

    content = file.read_bytes()
    planned = plan_import(content)
    if planned.errors:
        for error in planned.errors:
            click.echo(str(error), err=True)
        raise click.ClickException(f"{len(planned.errors)} errors; nothing was imported.")
    try:
        taken = TakenIn(planned) if dry_run else take_in(content, by=Actor.system(SETUP), at=now())
    except Refused as refused:
        _refuse(refused)
    _tell(taken, address, dry_run, as_json)


@setup.command()
@data_option
def template(data: Path | None) -> None:
    """Write the empty workbook to standard output."""
    _enter(data)
    from yangguang.kernel.office.commands import workbook  # noqa: PLC0415 - needs Django

    sys.stdout.buffer.write(workbook())


@setup.command()
@data_option
def processes(data: Path | None) -> None:
    """Publish the process files that come with this version; those already published stay."""
    _enter(data)
    from yangguang.kernel.processes.commands import publish_house_processes  # noqa: PLC0415 - needs Django

    for version in publish_house_processes(at=now()):
        click.echo(f"{version.key} v{version.version}  {version.sha256[:12]}")


def _enter(data: Path | None) -> None:
    """Enter a real instance with its tables; a demonstration is no place for real work."""
    folder = (data or data_folder()).absolute()
    open_instance(folder, database_url(folder), demo=False)
    enter_instance(folder)
    from django.db import connection  # noqa: PLC0415 - needs Django

    if "organisation_officer" not in connection.introspection.table_names():
        raise Unusable("This instance has no tables yet.", "Start it once: ./run --no-demo")


def _level(code: str) -> Level:
    from yangguang.kernel.organisation.vocabulary import Level  # noqa: PLC0415 - needs Django

    lengths = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
    if len(code) not in lengths:
        raise click.UsageError("The level cannot be told from this division code: give --level.")
    return lengths[len(code)]


def _tell(taken: TakenIn, address: str, dry_run: bool, as_json: bool) -> None:
    created, same = taken.imported.created, len(taken.imported.changes) - taken.imported.created
    if as_json:
        people = [
            {"username": one.username, "link": _link(address, one.token) if one.token else None, "refused": one.refused}
            for one in taken.invited
        ]
        click.echo(json.dumps({"created": created, "same": same, "invited": people}, ensure_ascii=False))
        return
    click.echo(f"{'Would add' if dry_run else 'Added'} {created} rows; {same} are known already.")
    for one in taken.invited:
        click.echo(f"{one.username}\t{_link(address, one.token) if one.token else one.refused}")


def _link(address: str, token: str) -> str:
    return f"{address.rstrip('/')}/accounts/invitation/{token}/"


def _refuse(refused: Refused) -> None:
    from yangguang.kernel.ledger.spoken import told  # noqa: PLC0415 - needs Django

    with translation.override(language()):
        words = told(refused)
    errors = "; ".join(f"{name}: {says}" for name, says in words.errors.items())
    raise click.ClickException(" ".join(filter(None, (words.says, errors, words.cite, words.remedy))))


def language() -> str:
    """Return the language of the terminal, as its locale says."""
    given = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh-hans" if given.startswith("zh") else "en"
