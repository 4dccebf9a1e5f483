"""The operating system account that the embedded server runs under.

PostgreSQL refuses to run as root, so root lends it to a service account; everybody
else runs it himself. No mode of any folder above ours is ever changed for it.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yangguang.platform.unusable import Unusable


@dataclass(frozen=True)
class Account:
    """An account by its numbers, and whether it is another one than this process has."""

    #: number of the user and of his group; group names differ between systems, numbers do not
    uid: int
    gid: int
    #: true where this process is root and lends the server to the account
    lent: bool

    def run(self, command: Sequence[str | Path], home: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this account inside `home`, in plain English whatever the user's language.

        The output goes to a file and not to a pipe: a server started by the program would
        keep the pipe open.
        """
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(home)}
        lent = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                check=False,
                **lent,  # type: ignore[call-overload]
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")

    def reaches(self, folder: Path) -> bool:
        """Say whether the account can enter the folder through all its parents."""
        if not self.lent:
            return True
        command = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
        done = subprocess.run(
            command, cwd="/", user=self.uid, group=self.gid, extra_groups=[], capture_output=True, check=False
        )
        return done.returncode == 0

    def own(self, folder: Path) -> None:
        """Make a private folder of the account, or take it as it is where it already is one."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.lent:
            os.chown(folder, self.uid, self.gid)
        found = folder.lstat()
        if found.st_uid != self.uid:
            raise Unusable(
                f"{folder} belongs to another user (number {found.st_uid}).",
                "Start as that user, or choose another data folder with --data.",
            )
        folder.chmod(0o700)


def server_account() -> Account:
    """Return the account that runs the server: this user, or for root the account named by YG_PG_USER (nobody)."""
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise Unusable(
                f"This user (number {os.geteuid()}) has no name on this system, and PostgreSQL will not run for it.",
                "Start as a named user, or give a server in DATABASE_URL.",
            ) from None
        return Account(os.geteuid(), os.getegid(), lent=False)
    name = os.environ.get("YG_PG_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise Unusable(
            f"The account {name}, which should run the database for root, does not exist.",
            "Name an existing one in YG_PG_USER, or start as an ordinary user.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, lent=True)
