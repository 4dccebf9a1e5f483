"""The built demonstration for tests: made once by the command that a newcomer's start runs, then copied.

The database is a template of the test server; what the demonstration keeps in
files lies beside it. Both are kept until something changes that the build reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from yangguang.platform.instance import PACKAGE, TABLE, Instance, schema_version
from yangguang.platform.now import real_now
from yangguang.platform.testkit.databases import EMBEDDED_DATA, prepared_copy

NAME = "yangguang_demo"
#: what changes nothing in a built demonstration: what only shows it, and what only tests it
_APART = {"tests", "testkit", "faces", "templates", "static", "locale", "__pycache__"}


@dataclass(frozen=True, slots=True)
class DemoCopy:
    """A demonstration of one's own: the address of its database and its data folder."""

    url: str
    data: Path

    def environment(self) -> dict[str, str]:
        """Return the environment in which a program works on this copy."""
        return os.environ | Instance(self.data, self.url, demo=True).environment()


@contextmanager
def demo_copy(url: str, data: Path) -> Iterator[DemoCopy]:
    """Give a copy of the demonstration on its usual day, on the server of `url`, its files copied into `data`."""
    version = fingerprint()
    files = EMBEDDED_DATA / f"demo-{version}-{schema_version()[:8]}"
    with prepared_copy(url, NAME, version, lambda address: _build(address, files)) as address:
        shutil.copytree(files, data, dirs_exist_ok=True)
        _wake(data)
        yield DemoCopy(address, data)


def _wake(data: Path) -> None:
    """Let the clock go on from the moment at which it stood when the demonstration was built, however long ago."""
    clock = data / "demo-clock.json"
    kept = json.loads(clock.read_text(encoding="utf-8"))
    clock.write_text(json.dumps(kept | {"real": real_now().isoformat()}), encoding="utf-8")


def _build(address: str, files: Path) -> None:
    for old in EMBEDDED_DATA.glob("demo-*"):
        shutil.rmtree(old)
    files.mkdir(parents=True)
    instance = Instance(files, address, demo=True)
    with psycopg.connect(address) as connection:
        connection.execute(TABLE)
    instance.remember("demo", "1")
    command = [str(Path(sys.executable).with_name("yangguang")), "demo", "build"]
    subprocess.run(command, env=os.environ | instance.environment(), check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("analyze")


def fingerprint() -> str:
    """Return a fingerprint of everything that the build reads."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE)
        if path.is_file() and not _APART.intersection(place.parts):
            digest.update(f"{place}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
