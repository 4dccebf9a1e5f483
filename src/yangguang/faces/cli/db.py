"""`yangguang db …`: the database of an instance."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg

from yangguang.platform.instance import data_folder
from yangguang.platform.postgres import Hold, server
from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.unusable import Unusable

data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=data_folder, help="The data folder."
)


@click.group()
def db() -> None:
    """Start, stop, open, dump and restore the database.

    With DATABASE_URL set there is no embedded database to start or stop; psql, dump and
    restore then use that server.
    """


@db.command()
@data_option
def up(data: Path) -> None:
    """Start the embedded database and let it run on; prints its address."""
    hold = _embedded(data)
    hold.stay_up()
    hold.release()
    click.echo(hold.url)


@db.command()
@data_option
def down(data: Path) -> None:
    """Stop the embedded database: at once, or after the last process that uses it."""
    if not (data / "postgres.json").exists():
        raise Unusable(f"{data} holds no database.", "Name its data folder with --data.")
    hold = _embedded(data)
    others = hold.stay_up_no_more()
    hold.release()
    click.echo("Others still use it; it stops after the last of them." if others else "Stopped.")


@db.command(context_settings={"ignore_unknown_options": True})
@data_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(data: Path, arguments: tuple[str, ...]) -> None:
    """Open the database in PostgreSQL's own shell; ARGUMENTS go to psql."""
    with _address(data) as url:
        _run("psql", url, *arguments)


@db.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def dump(data: Path, file: Path) -> None:
    """Write the whole database into FILE, compressed, for `yangguang db restore`."""
    with _address(data) as url:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", url)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@db.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(data: Path, file: Path) -> None:
    """Restore the database from FILE into an empty instance; a used one is refused."""
    with _address(data) as url:
        with psycopg.connect(url) as connection:
            tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        if tables != (0,):
            raise Unusable(
                "This database is in use; a restore would mix two.", "Choose an empty data folder: --data DIR."
            )
        _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(file))
    click.echo(f"Restored {file}.")


def _embedded(data: Path) -> Hold:
    if "DATABASE_URL" in os.environ:
        raise Unusable("DATABASE_URL names a server, which is not ours to start or stop.", "Unset DATABASE_URL.")
    return Hold(data.absolute())


@contextmanager
def _address(data: Path) -> Iterator[str]:
    if given := os.environ.get("DATABASE_URL"):
        yield given
    else:
        with server(data.absolute()) as url:
            yield url


def _run(tool: str, *arguments: str) -> None:
    code = subprocess.run([find_programs().bin / tool, *arguments], check=False).returncode
    if code != 0:
        raise SystemExit(code)
