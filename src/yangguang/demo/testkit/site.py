"""The demonstration served as a start serves it, on a free port of this machine."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from yangguang.demo.testkit.copies import DemoCopy

#: seconds that the server may take to answer its first page on a busy machine
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address and the demonstration behind it."""

    url: str
    copy: DemoCopy


@contextmanager
def served(copy: DemoCopy) -> Iterator[Site]:
    """Serve a copy of the demonstration until the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "warning"]
    server = subprocess.Popen([*command, "yangguang.config.wsgi:application"], env=copy.environment())
    try:
        _wait(server, port)
        yield Site(f"http://127.0.0.1:{port}", copy)
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + PATIENCE
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > give_up:
            raise AssertionError("the site does not answer; the reason stands above")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
