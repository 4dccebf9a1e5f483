"""Places and accounts for the tests of the embedded server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from yangguang.platform.postgres import Cluster
from yangguang.platform.postgres.account import Account

#: holds the server of a folder until its input ends
HOLDER = """
import sys
from pathlib import Path
from yangguang.platform.postgres import Hold
hold = Hold(Path(sys.argv[1]), durable=False)
print(hold.url, flush=True)
sys.stdin.read()
hold.release()
"""


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Give a folder that every account can enter, removed with all it holds."""
    folder = Path(tempfile.mkdtemp(prefix="yg-test-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def holder(data: Path) -> subprocess.Popen[str]:
    """Start another process that holds the server of `data`; it has written its address when it does."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    command = [sys.executable, "-c", HOLDER, str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def postmaster(cluster: Cluster) -> int:
    """Return the process number of a running server."""
    return int((cluster.files / "postmaster.pid").read_text().splitlines()[0])


def value(url: str, question: str) -> object:
    """Return the one value that the database answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def bystander(account: Account) -> subprocess.Popen[str]:
    """Start a program of the server's own account that has nothing to do with it; it lives until its input ends."""
    lent = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.lent else {}
    return subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, text=True, cwd="/", **lent)


def as_ordinary_user(work: Callable[[], None]) -> bool:
    """Do something in a process of an ordinary user and return whether it went well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
