"""Keep child processes running until a signal ends them all."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

#: seconds after which a running child counts as sound again
SOUND_SECONDS = 60
#: seconds between two looks at what else must run
TEND_SECONDS = 1.0
#: longest wait before the next restart, in seconds
LONGEST_WAIT = 30.0
#: seconds that a child is given to end by itself
PATIENCE = 10
#: Linux's number for: send me a signal when my parent dies
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program that should always run; each start is a process group of its own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    restart_at: float | None = field(default=None)

    def start(self) -> None:
        """Start the program, tied to this process's life where the system can."""
        self.started, self.restart_at = time.monotonic(), None
        self.process = subprocess.Popen(
            list(self.command), env=dict(self.environment), start_new_session=True, preexec_fn=_end_with_parent
        )

    def is_running(self) -> bool:
        """Say whether the program is running now."""
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and all it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def seconds_to_wait(self) -> float:
        """Return how long to wait before the next start: longer after each failure in a row."""
        self.failures = 1 if time.monotonic() - self.started > SOUND_SECONDS else self.failures + 1
        return float(min(2.0 ** (self.failures - 1), LONGEST_WAIT))


class Supervisor:
    """Starts children, restarts those that fail, and on SIGINT, SIGTERM or SIGHUP ends them all."""

    def __init__(self) -> None:
        """Catch the signals from now on, also where the caller had them ignored."""
        self.children: list[Child] = []
        self.stopping = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, _wake)

    def add(self, child: Child) -> None:
        """Start a child and look after it."""
        child.start()
        self.children.append(child)

    def wait(self, seconds: float | None) -> None:
        """Sleep until a signal comes, a child ends, or the time is over."""
        if select.select([self._wake_read], [], [], seconds)[0]:
            os.read(self._wake_read, 512)

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is ready; give up when a child ends, a signal comes or the time is over."""
        give_up = time.monotonic() + seconds
        while not is_ready():
            if self.stopping or time.monotonic() > give_up or not all(child.is_running() for child in self.children):
                return False
            self.wait(0.1)
        return True

    def watch(self, tend: Callable[[], object] | None = None) -> None:
        """Restart children that fail, until a signal comes; ``tend`` is called each second meanwhile."""
        while not self.stopping:
            pause = self._revive()
            if tend is not None:
                tend()
                pause = min(TEND_SECONDS, LONGEST_WAIT if pause is None else pause)
            self.wait(pause)

    def stop(self) -> None:
        """End all children: asked first, forced after a while."""
        for child in reversed(self.children):
            child.signal_group(signal.SIGTERM)
        give_up = time.monotonic() + PATIENCE
        while any(child.is_running() for child in self.children) and time.monotonic() < give_up:
            self.wait(0.2)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def _revive(self) -> float | None:
        """Start what is due again; return the seconds until the next is, or None."""
        present = time.monotonic()
        for child in self.children:
            if child.restart_at is None and not child.is_running():
                code = child.process.returncode if child.process else None
                child.signal_group(signal.SIGKILL)
                pause = child.seconds_to_wait()
                child.restart_at = present + pause
                print(f"The {child.name} ended (code {code}); starting it again in {pause:.0f} s.", file=sys.stderr)
            if child.restart_at is not None and child.restart_at <= present:
                child.start()
        waits = [child.restart_at - present for child in self.children if child.restart_at is not None]
        return max(0.0, min(waits)) if waits else None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _wake(number: int, frame: FrameType | None) -> None:
    """Do nothing: that the signal was caught has already ended the wait."""


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed; elsewhere there is no such thing."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
