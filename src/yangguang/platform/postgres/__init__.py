"""The embedded PostgreSQL server of a data folder.

Any number of processes may hold it at once; the last one to let go stops it. A
DATABASE_URL switches it off. It never touches another server's processes or files.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yangguang.platform.postgres.cluster import Cluster, cluster_of
from yangguang.platform.unusable import Unusable

__all__ = ["Cluster", "Hold", "cluster_of", "database_url", "server"]


class Hold:
    """A share in the running server of one data folder.

    Shares are file locks, which the system takes back from a killed process: no
    list of holders can go stale.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        """Start the server of `data` where it does not run, and hold it."""
        self.data = data
        try:
            data.mkdir(parents=True, exist_ok=True)
            self._shares = (data / "postgres.holders").open("a")
        except OSError as problem:
            raise Unusable(
                f"The data folder {data} cannot be used: {problem.strerror}.", "Choose another one with --data DIR."
            ) from problem
        with self._alone():
            self.cluster = cluster_of(data, durable=durable)
            #: true where nobody held the server before
            self.started = self.cluster.ensure()
            fcntl.flock(self._shares, fcntl.LOCK_SH)

    @property
    def url(self) -> str:
        """Return the address of the platform's database."""
        return self.cluster.url()

    def revive(self) -> bool:
        """Start the server again where it was killed; return whether it was."""
        if self.cluster.listens():
            return False
        with self._alone():
            return self.cluster.ensure()

    def release(self) -> None:
        """Let go; the last holder stops the server, unless it was told to stay up."""
        if self._shares.closed:
            return
        with self._alone():
            if self._is_last() and not self._stays_up().exists():
                self.cluster.stop()
            self._shares.close()

    def stay_up(self) -> None:
        """Let the server run on after its last holder."""
        self._stays_up().touch()

    def stay_up_no_more(self) -> bool:
        """Undo `stay_up`; return whether others still hold the server."""
        self._stays_up().unlink(missing_ok=True)
        with self._alone():
            last = self._is_last()
            fcntl.flock(self._shares, fcntl.LOCK_SH)
        return not last

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._shares, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _stays_up(self) -> Path:
        return self.data / "postgres.stays-up"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep every other process from starting, stopping, joining or leaving meanwhile."""
        with (self.data / "postgres.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def server(data: Path, *, durable: bool = True) -> Iterator[str]:
    """Hold the server of a data folder for a while; gives the address of its database."""
    hold = Hold(data, durable=durable)
    try:
        yield hold.url
    finally:
        hold.release()


def database_url(data: Path) -> str:
    """Return DATABASE_URL, or else the address of the embedded server, held until this process ends.

    The address is put into the environment, so that child processes share the server.
    """
    if given := os.environ.get("DATABASE_URL"):
        return given
    hold = Hold(data)
    atexit.register(hold.release)
    os.environ["DATABASE_URL"] = hold.url
    return hold.url
