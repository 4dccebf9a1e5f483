"""Saving an instance: database, files, keys and a manifest, whole in a folder of their own or not there at all."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yangguang.journeys.operation import copies
from yangguang.platform.instance import Instance, schema_version
from yangguang.platform.postgres.programs import find_programs
from yangguang.platform.unusable import Unusable

NAME = re.compile(r"yangguang-\d{8}T\d{6}\.\d{6}Z")
#: what the instance remembers of its last backup
REMEMBERED = "backup"


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished backup: its folder, its manifest and the hash of that."""

    folder: Path
    manifest: dict[str, Any]
    sha256: str


def save(instance: Instance, target: Path, *, passphrase: str | None, at: datetime, keep: int = 0) -> Saved:
    """Save an instance below `target` and return the backup; without a passphrase the keys are left out.

    With `keep`, older backups beyond so many are removed, after the new one stands. Nothing that is unfinished
    ever bears the name of a backup.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"yangguang-{at:%Y%m%dT%H%M%S.%fZ}"
    draft, folder = target / f"unfinished-{name}-{os.getpid()}", target / name
    if folder.exists():
        raise Unusable(f"{folder} exists already.", "Try again.")
    draft.mkdir(mode=0o700)
    try:
        manifest = _fill(draft, instance, _before(target), passphrase, at)
        copies.write_private(draft / copies.MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        draft.rename(folder)
        _settle(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    saved = Saved(folder, manifest, copies.digest_of(folder / copies.MANIFEST))
    told = {"at": at.isoformat(), "manifest": saved.sha256, "keys": manifest["keys"], "sealed": manifest["sealed"]}
    instance.remember(REMEMBERED, json.dumps(told))
    if keep:
        for old in finished(target)[:-keep]:
            shutil.rmtree(old)
    return saved


def finished(target: Path) -> list[Path]:
    """Return the finished backups of a folder, oldest first."""
    found = (path for path in target.iterdir() if NAME.fullmatch(path.name) and (path / copies.MANIFEST).exists())
    return sorted(found)


def _before(target: Path) -> Path | None:
    return (finished(target) or [None])[-1]


def _fill(
    draft: Path, instance: Instance, before: Path | None, passphrase: str | None, at: datetime
) -> dict[str, Any]:
    with copies.one_moment(instance.url) as (connection, snapshot):
        head, files = copies.ledger_head(connection), copies.named_files(connection)
        server = copies.server_version(connection)
        _dump(instance.url, snapshot, draft / copies.DUMP)
    # Files come after the database: a file without its row does no harm, a row without its file does.
    _save_files(instance.data / copies.FILES, draft / copies.FILES, files, before)
    others = [name for name in copies.DEMO_FILES if instance.demo and (instance.data / name).exists()]
    for name in others:
        copies.write_private(draft / name, (instance.data / name).read_bytes())
    keys = copies.keys_at_hand(instance.data)
    if passphrase is not None:
        copies.write_private(draft / copies.SEALED_KEYS, copies.seal_keys(keys, passphrase))
    parts = [copies.DUMP, *others, *([copies.SEALED_KEYS] if passphrase is not None else [])]
    return {
        "format": copies.FORMAT,
        "made_at": at.isoformat(),
        "program": program_version(),
        "schema": schema_version(),
        "postgresql": server,
        "demo": instance.demo,
        "ledger": head,
        "sealed": passphrase is not None,
        "keys": {name: copies.fingerprint(key) for name, key in sorted(keys.items())},
        "parts": {name: copies.digest_of(draft / name) for name in parts},
        "files": files,
    }


def program_version() -> str:
    """Return the version of this program, where it was installed as a package."""
    try:
        return importlib.metadata.version("yangguang")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _dump(url: str, snapshot: str, file: Path) -> None:
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    done = subprocess.run([find_programs().bin / "pg_dump", *options, url], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unusable(f"The database could not be dumped: {done.stderr.strip()}", "pg_dump must not be too old.")
    file.chmod(0o600)


def _save_files(source: Path, target: Path, files: list[str], before: Path | None) -> None:
    """Copy the named files; one that the backup before this one holds is linked, not copied again."""
    target.mkdir(mode=0o700)
    for sha256 in files:
        place = copies.stored_at(target, sha256)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if before is not None and _linked(copies.stored_at(before / copies.FILES, sha256), place):
            continue
        try:
            shutil.copyfile(copies.stored_at(source, sha256), place)
        except FileNotFoundError:
            raise Unusable(f"The file {sha256} is missing in {source}.", "Restore it from an older backup.") from None
        if copies.digest_of(place) != sha256:
            raise Unusable(f"The file {sha256} in {source} is damaged.", "Restore it from an older backup.")


def _linked(old: Path, place: Path) -> bool:
    if not old.exists() or copies.digest_of(old) != place.name:
        return False
    try:
        os.link(old, place)
    except OSError:
        return False
    return True


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
