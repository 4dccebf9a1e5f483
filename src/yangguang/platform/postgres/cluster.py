"""One PostgreSQL cluster in a folder of its own: made, started, asked and stopped.

Whether it lives is always asked through its socket; a process number in a file
may belong to somebody else by now.
"""

from __future__ import annotations

import errno
import json
import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psycopg
from psycopg import sql

from yangguang.platform.postgres.account import Account, server_account
from yangguang.platform.postgres.programs import Programs, find_programs
from yangguang.platform.unusable import Unusable

#: role that owns our databases; it may create databases (for tests) and nothing else
ROLE = "yangguang"
DATABASE = "yangguang"
#: bytes of a socket's path that every system takes (macOS has the least)
SOCKET_PATH_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"
#: bytes that a new cluster needs with room to work
ROOM_NEEDED = 400_000_000
#: seconds that a start may take, after a crash with recovery
START_SECONDS = 60
#: what a server says whose killed predecessor has not quite gone
STILL_GOING = ("already exists", "still in use", "shared memory block")
#: for tests only: a crash of the machine may lose everything
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
OTHER_SERVER = "Remove what hinders it, choose another folder with --data, or give a server in DATABASE_URL."
SETTINGS = ("listen_addresses=", "timezone=Asia/Shanghai", "log_timezone=Asia/Shanghai", "log_min_messages=warning")


@dataclass(frozen=True)
class Cluster:
    """A cluster, the account it runs under, and the place where that account can reach it."""

    home: Path
    socket: Path
    account: Account
    #: false trades safety for speed, for tests
    durable: bool = True

    @property
    def files(self) -> Path:
        """Return PostgreSQL's own data folder."""
        return self.home / "cluster"

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        """Return the address of a database of this cluster for one of its roles."""
        return f"postgresql://{role}@/{quote(database)}?host={quote(str(self.socket), safe='')}"

    def state(self) -> Literal["answers", "busy", "silent"]:
        """Ask the server: it answers, is busy starting or stopping, or is not there."""
        command: list[str | Path] = [
            self._programs().bin / "pg_isready",
            "-q",
            "-t",
            "3",
            "-h",
            self.socket,
            "-d",
            "postgres",
        ]
        code = self.account.run(command, self.home).returncode
        return "answers" if code == 0 else "busy" if code == 1 else "silent"

    def listens(self) -> bool:
        """Say at once and cheaply whether somebody listens on the socket; whether he answers, ``state`` asks."""
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(1)
            return door.connect_ex(str(self.socket / SOCKET_NAME)) in (0, errno.EAGAIN)

    def ensure(self) -> bool:
        """Make the cluster where there is none and start it where it is silent; return whether it was started."""
        if not (self.files / "PG_VERSION").exists():
            self._make()
        self._refuse_other_major()
        if self.state() == "answers":
            return False
        self._start()
        self._make_role_and_database()
        return True

    def stop(self) -> None:
        """Stop the server and wait for its end; one that is silent is left alone."""
        if self.state() == "silent":
            return
        command: list[str | Path] = [
            self._programs().bin / "pg_ctl",
            "-D",
            self.files,
            "-m",
            "fast",
            "-w",
            "-t",
            "60",
            "stop",
        ]
        done = self.account.run(command, self.home)
        if done.returncode != 0 and self.state() != "silent":
            raise Unusable(f"The database in {self.home} does not stop: {_last(done.stdout)}.", "Try again.")

    def remove(self) -> None:
        """Delete the stopped cluster with all it holds, wherever it lies."""
        if self.state() != "silent":
            raise Unusable(f"The database in {self.home} is running.", "Stop it first.")
        shutil.rmtree(self.home)

    def tool(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, such as psql or pg_dump."""
        return self._programs().bin / name

    def _programs(self) -> Programs:
        programs = find_programs()
        return programs.copied_to(self.home, self.account) if self.account.lent else programs

    def _make(self) -> None:
        free = shutil.disk_usage(self.home).free
        if free < ROOM_NEEDED:
            raise Unusable(
                f"{self.home} has {free // 1_000_000} MB free; a database needs {ROOM_NEEDED // 1_000_000} MB.",
                "Free some space, or choose a folder on another disk with --data.",
            )
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        programs = self._programs()
        # The builtin provider sorts and folds all languages alike on every system; older servers lack it.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
        command: list[str | Path] = [programs.bin / "initdb", "-D", unfinished, "-U", "postgres", "-E", "UTF8", *locale]
        command += ["--locale=C.UTF-8" if programs.major < 17 else "--locale=C", "--auth=reject"]
        command += [] if self.durable else ["--no-sync"]
        done = self.account.run(command, self.home)
        if done.returncode != 0:
            raise Unusable(f"The database could not be made in {self.home}: {_last(done.stdout)}.", OTHER_SERVER)
        # Only the user of this platform gets in, known by the system itself: no password that could leak.
        user = pwd.getpwuid(os.geteuid()).pw_name
        _overwrite(unfinished / "pg_hba.conf", "local all all peer map=platform\n")
        roles = "".join(f'platform "{user}" {role}\n' for role in ("postgres", ROLE))
        _overwrite(unfinished / "pg_ident.conf", roles)
        unfinished.rename(self.files)

    def _refuse_other_major(self) -> None:
        made_with = int((self.files / "PG_VERSION").read_text().strip())
        if made_with != self._programs().major:
            raise Unusable(
                f"The database in {self.home} was made with PostgreSQL {made_with}; "
                f"the programs here are of {self._programs().major}.",
                f"Name programs of {made_with} in YG_PG_BIN, write a dump with `yangguang db dump FILE`, "
                "and restore it into a new data folder.",
            )

    def _start(self) -> None:
        settings = [*SETTINGS, f"unix_socket_directories={self.socket}", *(() if self.durable else CARELESS)]
        options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
        log = self.home / "log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(self.home / "log.before")
        command: list[str | Path] = [self._programs().bin / "pg_ctl", "-D", self.files, "-l", log, "-o", options]
        command += ["-w", "-t", str(START_SECONDS), "start"]
        give_up = time.monotonic() + START_SECONDS
        while True:
            self._disown_stale_locks()
            before = log.stat().st_size if log.exists() else 0
            done = self.account.run(command, self.home)
            if done.returncode == 0 or self.state() == "answers":
                return
            said = log.read_text(encoding="utf-8", errors="replace")[before:] if log.exists() else done.stdout
            if not any(words in said for words in STILL_GOING) or time.monotonic() > give_up:
                raise Unusable(f"The database in {self.home} does not start: {_last(said)}.", f"Its log is {log}.")
            time.sleep(0.3)

    def _disown_stale_locks(self) -> None:
        """Free lock files left by a killed server whose process number another program has got since.

        PostgreSQL takes any living process of the same user for a server and refuses for ever.
        A lock that names our own process number counts as nobody's (the server looks past its
        starters), and the guard against surviving children stays in force.
        """
        for lock in (self.files / "postmaster.pid", self.socket / f"{SOCKET_NAME}.lock"):
            if not lock.exists():
                continue
            pid, _, rest = lock.read_text(encoding="utf-8", errors="replace").partition("\n")
            if pid.lstrip("-").isdigit() and "postgres" not in _program_name(abs(int(pid))):
                _overwrite(lock, f"{os.getpid()}\n{rest}")

    def _make_role_and_database(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            if not connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("create role {} login createdb").format(role))
                if not self.durable:
                    # Tests play the superuser who goes behind the triggers; nobody else can.
                    connection.execute(sql.SQL("grant set on parameter session_replication_role to {}").format(role))
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("create database {} owner {}").format(database, role))


def cluster_of(data: Path, *, durable: bool = True) -> Cluster:
    """Return the cluster of a data folder, choosing and remembering its place the first time.

    It lies in the data folder itself, unless root lends it to an account that cannot
    reach there: then in the system's folder for such data, and `postgres.json` says where.
    """
    account = server_account()
    note = data / "postgres.json"
    known: dict[str, str] = json.loads(note.read_text()) if note.exists() else {}
    home = Path(known["home"]) if "home" in known else _place(data, account)
    account.own(home)
    socket = _socket_folder(home, known.get("socket"), account)
    if known != (now := {"home": str(home), "socket": str(socket)}):
        note.write_text(json.dumps(now))
    return Cluster(home, socket, account, durable)


def _place(data: Path, account: Account) -> Path:
    if account.reaches(data):
        return data / "postgres"
    elsewhere = Path("/var/lib/yangguang")
    elsewhere.mkdir(mode=0o755, exist_ok=True)
    return elsewhere / secrets.token_hex(5)


def _socket_folder(home: Path, known: str | None, account: Account) -> Path:
    """Return a private folder whose path is short enough for a socket."""
    inside = home / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        account.own(inside)
        return inside
    if known and Path(known).is_dir() and not Path(known).is_symlink() and Path(known).stat().st_uid == account.uid:
        return Path(known)
    folder = Path(tempfile.mkdtemp(prefix="yg-", dir="/tmp"))
    os.chown(folder, account.uid, account.gid)
    return folder


def _overwrite(path: Path, text: str) -> None:
    """Replace the text of an existing file of the server's; root follows no link that another may have put there."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW), "w", encoding="utf-8") as file:
        file.write(text)


def _program_name(pid: int) -> str:
    """Return the name of a running program, or nothing where no such process lives."""
    if Path("/proc/self/comm").exists():
        comm = Path(f"/proc/{pid}/comm")
        try:
            return comm.read_text()
        except OSError:
            return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False).stdout


def _last(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else "it gave no reason"
