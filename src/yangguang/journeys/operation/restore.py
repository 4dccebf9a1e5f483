"""Bringing a backup back: into an empty instance only, every hash and the ledger compared with the manifest."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from yangguang.journeys.operation import copies
from yangguang.platform.instance import schema_version
from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.unusable import Unusable

ANOTHER = "Take another backup; this one has been changed or damaged."


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and whether its tables are of this version."""

    manifest: dict[str, Any]
    same_version: bool


def read_manifest(backup: Path, expected: str | None = None) -> dict[str, Any]:
    """Return the manifest of a backup after comparing every part and file with it."""
    path = backup / copies.MANIFEST
    if not path.is_file():
        raise Unusable(f"{backup} is no backup: it has no {copies.MANIFEST}.", "Name the folder of one backup.")
    if expected is not None and copies.digest_of(path) != expected:
        raise Unusable("The manifest is not the one that was noted when the backup was made.", ANOTHER)
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        form, parts, files = manifest["format"], manifest["parts"], manifest["files"]
    except (ValueError, KeyError, TypeError) as problem:
        raise Unusable(f"{path} cannot be read.", ANOTHER) from problem
    if form != copies.FORMAT:
        raise Unusable(f"The backup has the form {form}; this version reads {copies.FORMAT}.", "Use a newer version.")
    for name, sha256 in parts.items():
        _same(backup / Path(name).name, sha256)
    for sha256 in files:
        _same(copies.stored_at(backup / copies.FILES, sha256), sha256)
    return manifest


def _same(path: Path, sha256: str) -> None:
    if not path.is_file():
        raise Unusable(f"{path} is missing from the backup.", ANOTHER)
    if copies.digest_of(path) != sha256:
        raise Unusable(f"{path} is not what the manifest says.", ANOTHER)


def bring_back(
    backup: Path, data: Path, url: str, *, passphrase: str | None, without_keys: bool, expected: str | None = None
) -> Restored:
    """Restore a backup into an empty database and data folder; nothing is touched before all of it was compared."""
    manifest = read_manifest(backup, expected)
    keys = _keys(backup, manifest, passphrase, without_keys)
    _refuse_used(data, url, keys)
    _load(backup / copies.DUMP, url)
    if (backup / copies.FILES).is_dir():
        shutil.copytree(backup / copies.FILES, data / copies.FILES, dirs_exist_ok=True)
    for name, key in keys.items():
        if not (data / name).exists():
            copies.write_private(data / name, f"{key}\n".encode())
    for name in set(manifest["parts"]) & set(copies.DEMO_FILES):
        shutil.copyfile(backup / name, data / name)
    _compare(manifest, data, url)
    return Restored(manifest, manifest["schema"] == schema_version())


def _keys(backup: Path, manifest: dict[str, Any], passphrase: str | None, without_keys: bool) -> dict[str, str]:
    if without_keys:
        return {}
    if not manifest["sealed"]:
        remedy = "Put the keys into the data folder or the settings first, then restore with --without-keys."
        raise Unusable("This backup was made without keys.", remedy)
    return copies.open_keys((backup / copies.SEALED_KEYS).read_bytes(), passphrase or "")


def _refuse_used(data: Path, url: str, keys: dict[str, str]) -> None:
    with psycopg.connect(url) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if tables != (0,):
        raise Unusable("This database is in use; a restore would mix two.", "Choose an empty data folder: --data DIR.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = data / copies.FILES
    if files.exists() and any(path.is_file() for path in files.rglob("*")):
        raise Unusable(f"{files} holds files of another instance.", "Choose an empty data folder: --data DIR.")
    at_hand = copies.keys_at_hand(data)
    for name, key in keys.items():
        if name in at_hand and copies.fingerprint(at_hand[name]) != copies.fingerprint(key):
            remedy = "Remove it there, or restore with --without-keys where it is the right one."
            raise Unusable(f"Another {name} is set here already.", remedy)


def _load(dump: Path, url: str) -> None:
    options = ["--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(dump)]
    command = [find_programs().bin / "pg_restore", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        says = f"The database could not be restored: {done.stderr.strip()}"
        raise Unusable(says, "The server must not be older than that of the backup.")


def _compare(manifest: dict[str, Any], data: Path, url: str) -> None:
    with psycopg.connect(url) as connection:
        head, files = copies.ledger_head(connection), copies.named_files(connection)
    if head != manifest["ledger"]:
        remedy = "Do not use this copy. Take another backup, or ask who could write to this one."
        raise Unusable("The restored ledger is not the one of the manifest.", remedy)
    for sha256 in files:
        _same(copies.stored_at(data / copies.FILES, sha256), sha256)
    at_hand = copies.keys_at_hand(data)
    for name, known in manifest["keys"].items():
        if name in at_hand and copies.fingerprint(at_hand[name]) != known:
            raise Unusable(f"{name} is not the one of this backup.", "Give the right key: nothing opens with this one.")
