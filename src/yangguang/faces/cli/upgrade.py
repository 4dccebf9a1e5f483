"""`yangguang upgrade`: an instance of an older version brought up to this one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from yangguang.faces.cli.keeping import data_option, passphrase_option, without_option
from yangguang.journeys.operation.backup import program_version, save
from yangguang.journeys.operation.copies import read_passphrase
from yangguang.platform.instance import Instance, data_folder, open_instance, schema_version
from yangguang.platform.now import now, real_now
from yangguang.platform.postgres import database_url
from yangguang.platform.service.__main__ import lay_out_static
from yangguang.platform.unusable import Unusable


@click.command()
@data_option
@click.option("--backup", "target", type=click.Path(path_type=Path, file_okay=False), help="Save it below DIR first.")
@passphrase_option
@without_option
@click.option("--without-backup", is_flag=True, help="Do not save it: a backup of today exists elsewhere.")
def upgrade(
    data: Path | None, target: Path | None, passphrase_file: Path | None, without_keys: bool, without_backup: bool
) -> None:
    """Save the instance, migrate its tables, mend its data, walk its trail. Stop web server and worker before.

    Whatever was done stays done: a killed upgrade is begun again by the same command. Where nothing is to be done,
    nothing is done, and no backup is made.
    """
    if (target is None) != without_backup or (target and (passphrase_file is None) != without_keys):
        raise click.UsageError(
            "Say where the backup goes: --backup DIR with --passphrase-file FILE or --without-keys, or --without-backup"
        )
    home = (data or data_folder()).absolute()
    if "DATABASE_URL" not in os.environ and not (home / "postgres.json").exists():
        raise Unusable(f"{home} holds no database.", "Name its data folder with --data.")
    instance = open_instance(home, database_url(home), begins_as_demo=False)
    os.environ.update(instance.environment())
    import django  # noqa: PLC0415 - everything above works without it

    django.setup()
    from yangguang.journeys.operation.upgrade import alone  # noqa: PLC0415 - needs Django

    with alone(instance.url):
        passphrase = read_passphrase(passphrase_file) if passphrase_file else None
        _upgrade(instance, target, passphrase)


def _upgrade(instance: Instance, target: Path | None, passphrase: str | None) -> None:
    from yangguang.journeys.operation import upgrade as steps  # noqa: PLC0415 - needs Django
    from yangguang.journeys.operation.looking_at_records import pending_migrations  # noqa: PLC0415 - as above

    pending = pending_migrations()
    if pending or steps.is_behind():
        if target is not None:
            saved = save(instance, target.absolute(), passphrase=passphrase, at=real_now())
            _tell(f"Saved {saved.folder}; manifest {saved.sha256}")
        _tell(f"Tables: {len(pending)} steps ...")
        steps.bring_tables_up()
        mended = steps.mend_data(version=program_version(), at=now())
        for role, capabilities in mended.granted.items():
            _tell(f"Role {role} was given {', '.join(capabilities)}.")
        for process in mended.published:
            _tell(f"Process {process} was published.")
    else:
        _tell("Tables and data are of this version already.")
    lay_out_static(instance, os.environ)
    instance.remember("schema", schema_version())
    faults = steps.walk_trail()
    for fault in faults:
        click.echo(f"{fault.stream} #{fault.seq}: {fault.what}", err=True)
    if faults:
        click.echo("The trail is not whole. Go back to the backup, and keep this database for the inquiry.", err=True)
        sys.exit(1)
    _tell("The trail is whole. Next: start web server and worker, then yangguang doctor.")


def _tell(says: str) -> None:
    click.echo(says)
    sys.stdout.flush()
