"""A full disk: refused with a clear sentence, nothing lost, and all goes on by itself once there is room.

Small file systems need root; elsewhere these are skipped and say so.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yangguang.platform.postgres import Hold
from yangguang.platform.unusable import Unusable


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 500 MB of its own."""
    folder = Path("/tmp") / f"yg-disk-{os.getpid()}"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", folder]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        folder.rmdir()
        pytest.skip("a small file system needs root and the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def fill(folder: Path) -> Path:
    """Take all the room there is."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
    return filler


MORE = "insert into kept select repeat(md5(random()::text), 60) from generate_series(1, 100)"


def count(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(connection.execute("select count(*) from kept").fetchone()[0])


def test_a_database_that_finds_its_disk_full_loses_nothing_and_comes_back(small_disk: Path) -> None:
    data = small_disk / "data"
    data.mkdir(mode=0o755)
    hold = Hold(data)
    acknowledged = 0
    try:
        with psycopg.connect(hold.url, autocommit=True) as connection:
            connection.execute("create table kept (text text)")
            for _ in range(10):
                connection.execute("insert into kept select repeat('x', 500) from generate_series(1, 100)")
                acknowledged += 100
        filler = fill(small_disk)
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(hold.url, autocommit=True) as connection:
            for _ in range(2000):
                connection.execute(MORE)
                acknowledged += 100
        assert acknowledged < 200_000
        with contextlib.suppress(Unusable):  # a server whose log of writes finds no room stops until there is some
            hold.revive()
        filler.unlink()
        hold.revive()
        assert count(hold.url) == acknowledged
        with psycopg.connect(hold.url, autocommit=True) as connection:
            connection.execute("insert into kept values ('again')")
    finally:
        hold.release()
