"""`yangguang backup DIR` and `yangguang restore DIR`: an instance saved whole, and brought back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from yangguang.journeys.operation.backup import save
from yangguang.journeys.operation.copies import read_passphrase
from yangguang.journeys.operation.restore import Restored, bring_back
from yangguang.platform.instance import data_folder, open_instance
from yangguang.platform.now import real_now
from yangguang.platform.postgres import database_url
from yangguang.platform.unusable import Unusable

data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: .data in the checkout)."
)
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with the passphrase that seals the keys; readable by its owner only.",
)
without_option = click.option("--without-keys", is_flag=True, help="Leave the keys out: they are kept elsewhere.")


@click.command()
@data_option
@passphrase_option
@without_option
@click.option("--keep", default=0, type=click.IntRange(0), help="Then remove older backups but so many (0: none).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def backup(
    data: Path | None, passphrase_file: Path | None, without_keys: bool, keep: int, as_json: bool, folder: Path
) -> None:
    """Save database, files and keys of a running or resting instance into a new folder below DIR.

    Say what becomes of the keys: sealed by the passphrase of a file, or left out. Note the hash that is printed, away
    from the backup: `yangguang restore --manifest HASH` then knows it again.
    """
    passphrase = _passphrase(passphrase_file, without_keys)
    home = (data or data_folder()).absolute()
    instance = open_instance(home, _existing(home))
    saved = save(instance, folder.absolute(), passphrase=passphrase, at=real_now(), keep=keep)
    told = {
        "folder": str(saved.folder),
        "manifest": saved.sha256,
        "entries": saved.manifest["ledger"]["entries"],
        "files": len(saved.manifest["files"]),
        "sealed": saved.manifest["sealed"],
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"{told['folder']}: {told['entries']} entries, {told['files']} files, ", nl=False)
    click.echo("keys sealed." if told["sealed"] else "keys left out.")
    click.echo(f"Manifest {told['manifest']}")


@click.command()
@data_option
@passphrase_option
@without_option
@click.option("--manifest", "expected", help="Hash of the manifest as `yangguang backup` printed it.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def restore(
    data: Path | None, passphrase_file: Path | None, without_keys: bool, expected: str | None, folder: Path
) -> None:
    """Bring the backup DIR back into an empty instance, compare it with its manifest and verify the ledger."""
    passphrase = _passphrase(passphrase_file, without_keys)
    home = (data or data_folder()).absolute()
    url = database_url(home)
    restored = bring_back(
        folder.absolute(), home, url, passphrase=passphrase, without_keys=without_keys, expected=expected
    )
    click.echo(f"Restored {folder}: {restored.manifest['ledger']['entries']} entries as the manifest says.")
    _verify(restored, home, url)


def _verify(restored: Restored, home: Path, url: str) -> None:
    """Walk every chain where the tables are of this version; an older copy is upgraded first."""
    if not restored.same_version:
        click.echo("The tables are of another version. Next: yangguang upgrade, which also verifies the ledger.")
        return
    environment = os.environ | open_instance(home, url).environment()
    command = [sys.executable, "-m", "yangguang.faces.cli", "ledger", "verify"]
    if subprocess.run(command, env=environment, check=False).returncode:
        raise Unusable("The restored ledger is not whole.", "Do not use this copy; the places stand above.")


def _passphrase(file: Path | None, without_keys: bool) -> str | None:
    if (file is None) != without_keys:
        raise click.UsageError("Say what becomes of the keys: --passphrase-file FILE or --without-keys.")
    return read_passphrase(file) if file else None


def _existing(home: Path) -> str:
    """Return the address of the database, where there is one."""
    if "DATABASE_URL" not in os.environ and not (home / "postgres.json").exists():
        raise Unusable(f"{home} holds no database.", "Name its data folder with --data.")
    return database_url(home)
