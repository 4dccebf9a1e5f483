"""`yangguang vault …`: the keys of sealed personal data, and erasing a person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from yangguang.platform.instance import enter_instance
from yangguang.platform.now import now

data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: .data in the checkout)."
)


@click.group()
def vault() -> None:
    """Change the keys of sealed personal data; erase a person."""


@vault.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(data: Path | None, as_json: bool) -> None:
    """Add a key, seal everything anew under it, and retire the older ones.

    Running processes take the new key up by themselves. Broken off at any moment, the same command goes on where it
    stood. Retired keys are put beside the key file: dumps made before need them, so keep them apart, with the dumps.
    """
    enter_instance(data)
    from yangguang.kernel.accounts.rotation import rotate as run  # noqa: PLC0415 - needs Django
    from yangguang.kernel.ledger.spoken import told  # noqa: PLC0415
    from yangguang.kernel.ledger.vocabulary import Refused  # noqa: PLC0415
    from yangguang.platform.vault import key_file  # noqa: PLC0415

    try:
        done = run(at=now)
    except Refused as refused:
        raise click.ClickException(str(told(refused))) from refused
    if as_json:
        facts = {"version": done.version, "added": done.added, "resealed": done.resealed, "retired": done.retired}
        click.echo(json.dumps(facts))
        return
    click.echo(f"Key {done.version} seals{'' if done.added else ' (a broken-off rotation went on)'}.")
    click.echo(f"{done.resealed} texts were sealed anew; retired: {', '.join(map(str, done.retired))}.")
    click.echo(f"Retired keys: {key_file()}.retired. Move that file to where the dumps are kept.")


@vault.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(data: Path | None, as_json: bool) -> None:
    """Print how many sealed texts stand under which version of the key; 0 means: not sealed."""
    enter_instance(data)
    from yangguang.kernel.accounts.rotation import standing  # noqa: PLC0415 - needs Django
    from yangguang.platform.vault import house_vault  # noqa: PLC0415

    found, versions = standing(), sorted(house_vault().keys.sealing)
    if as_json:
        click.echo(json.dumps({"keys": versions, "texts": {str(key): count for key, count in sorted(found.items())}}))
        return
    click.echo(f"keys: {', '.join(map(str, versions))}")
    for version, count in sorted(found.items()):
        click.echo(f"version {version}: {count} texts")


@vault.command()
@data_option
@click.argument("login")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(data: Path | None, login: str, yes: bool) -> None:
    """Erase name and phone of the citizen with that LOGIN and close the account; the trail stays whole."""
    enter_instance(data)
    from yangguang.kernel.accounts.commands import erase_citizen  # noqa: PLC0415 - needs Django
    from yangguang.kernel.accounts.models import Citizen  # noqa: PLC0415
    from yangguang.kernel.accounts.vocabulary import OPERATOR  # noqa: PLC0415
    from yangguang.kernel.ledger.vocabulary import Actor  # noqa: PLC0415

    citizen = Citizen.objects.select_related("account").filter(account__username=login).first()
    if citizen is None:
        raise click.ClickException(f"There is no citizen with the login {login}.")
    if not yes:
        click.confirm(f"Erase the personal data of {login} for good?", abort=True)
    erase_citizen(citizen, by=Actor.system(OPERATOR), at=now())
    click.echo("Erased. Check the trail: yangguang ledger verify")
