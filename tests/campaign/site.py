"""A start of the platform as anybody starts it, on a folder of its own, and the processes it consists of."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import requests

from yangguang.demo.testkit.copies import fingerprint
from yangguang.platform.instance import ROOT
from yangguang.platform.postgres.cluster import SOCKET_NAME

#: demonstrations that were built, so that a short run need not build one
KEPT = ROOT / ".cache" / "campaign"
#: seconds that the platform may take until it serves again
PATIENCE = 180


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """The platform: started by its own service program, which alone restarts what is killed."""

    data: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="yg-campaign-", dir="/tmp")))
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.data.chmod(0o755)  # root lends the database to an account that must reach it
        kept = KEPT / fingerprint()
        if kept.exists():
            subprocess.run(["cp", "-a", f"{kept}/.", str(self.data)], check=True)
            self.data.chmod(0o755)
            (self.data / "postgres.json").unlink()
        self.log = self.data / "service.log"
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "YG_DATA", "YG_TODAY")}
        command = [sys.executable, "-m", "yangguang.platform.service", "--data", str(self.data)]
        with self.log.open("wb") as log:
            self.service = subprocess.Popen(
                [*command, "--port", str(self.port)], env=environment, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def keep(self) -> None:
        """Stop, keep what was built for later runs, and be done."""
        self.service.send_signal(signal.SIGTERM)
        self.service.wait(60)
        kept = KEPT / fingerprint()
        if Path(json.loads((self.data / "postgres.json").read_text())["home"]).is_relative_to(self.data):
            shutil.rmtree(KEPT, ignore_errors=True)
            KEPT.mkdir(parents=True)
            subprocess.run(["cp", "-a", str(self.data), str(kept)], check=True)
        self.stop()

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"http://127.0.0.1:{self.port}"

    def database(self) -> psycopg.Connection:
        """Connect to the database of the site."""
        socket_folder = Path(json.loads((self.data / "postgres.json").read_text())["socket"])
        assert (socket_folder / SOCKET_NAME).exists()
        return psycopg.connect(dbname="yangguang", user="yangguang", host=str(socket_folder), autocommit=True)

    def answers(self) -> bool:
        """Whether a page that asks the database is served."""
        try:
            return requests.get(f"{self.url}/api/v1/duties?limit=1", timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def wait(self, seconds: float = PATIENCE) -> float:
        """Wait until the site serves; return how long that took."""
        began = time.monotonic()
        while not self.answers():
            assert self.service.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() - began < seconds, "the site does not come back: " + self.log.read_text()[-2000:]
            time.sleep(0.1)
        return time.monotonic() - began

    def victims(self) -> dict[str, list[int]]:
        """Return the processes that may be killed, by kind."""
        parents, names = _processes()
        children = [pid for pid, parent in parents.items() if parent == self.service.pid]
        web = [pid for pid in children if "granian" in names[pid]]
        worker = [pid for pid in children if "worker run" in names[pid]]
        home = Path(json.loads((self.data / "postgres.json").read_text())["home"])
        try:
            postmaster = [int((home / "cluster" / "postmaster.pid").read_text().split()[0])]
        except (OSError, ValueError, IndexError):
            postmaster = []
        return {
            "web worker": [pid for pid, parent in parents.items() if parent in web and "spawn_main" in names[pid]]
            or [pid for pid, parent in parents.items() if parent in web],
            "web server": web,
            "job worker": worker,
            "postgres backend": [
                pid for pid, parent in parents.items() if parent in postmaster and "yangguang yangguang" in names[pid]
            ],
            "postmaster": [pid for pid in postmaster if "postgres" in names.get(pid, "")],
        }

    def kill(self, kind: str, draw: random.Random) -> bool:
        """Kill one process of a kind with SIGKILL; return whether there was one."""
        found = self.victims()[kind]
        if not found:
            return False
        try:
            os.kill(draw.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        """Stop the platform and remove its folder."""
        if self.service.poll() is None:
            self.service.send_signal(signal.SIGTERM)
        try:
            self.service.wait(60)
        finally:
            home = Path(json.loads((self.data / "postgres.json").read_text())["home"])
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(self.data, ignore_errors=True)


def _processes() -> tuple[dict[int, int], dict[int, str]]:
    parents, names = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()
            names[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state[0] != "Z":
            parents[int(folder.name)] = int(state[1])
    return parents, names
