"""Two hundred officers and two thousand citizens at once, against the server as the product starts it.

    ./bench --load [--seconds 120]

Everybody looks at a page, thinks, and looks at the next. Sessions are real: an officer signs in by the form of the
demonstration. What is printed: answers of each kind of page with their latencies, errors, and the load average of the
machine before and after, on which the clients run too.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from yangguang.demo.testkit.addresses import Addresses
from yangguang.demo.testkit.copies import DemoCopy, demo_copy
from yangguang.platform.service.__main__ import web_command
from yangguang.platform.testkit.databases import test_server

OFFICERS, CITIZENS = 200, 2000
#: seconds between two pages of one person, on average
OFFICER_THINKS, CITIZEN_THINKS = 30.0, 120.0
LOGINS = ("duchashi", "caizheng")
OFFICER_PAGES = ("/desk/", "/desk/duties/", "/desk/duties/{duty}/", "/desk/messages/", "/desk/watch/cards/")
CITIZEN_PAGES = (
    "/", "/watch/duties/", "/watch/duties/{duty}/", "/open/notices/{notice}/", "/watch/cards/", "/watch/rules/",
    "/search/?q=公开", "/api/v1/duties",
)  # fmt: skip
#: seconds after which a client gives an answer up
PATIENCE = 60


class Answer(NamedTuple):
    """One answer: the kind of page, whether it was as it should be, and the seconds that it took."""

    kind: str
    good: bool
    seconds: float


class Person:
    """Somebody with a browser: cookies, and one page after another."""

    def __init__(self, port: int, answers: list[Answer]) -> None:
        self.port, self.answers, self.cookies = port, answers, {"django_language": "zh-hans"}

    async def ask(self, kind: str, path: str, body: str = "") -> str:
        """Ask for a page and note how long it took; return its text, empty where it failed."""
        began = time.perf_counter()
        try:
            status, text = await asyncio.wait_for(self._exchange(path, body), PATIENCE)
        except (TimeoutError, OSError, ValueError):
            status, text = 599, ""
        self.answers.append(Answer(kind, status < 400, time.perf_counter() - began))
        return text

    async def _exchange(self, path: str, body: str) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{'POST' if body else 'GET'} {quote(path, safe='/?=&%')} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        head += f"Cookie: {cookies}\r\nConnection: close\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            head += f"Origin: http://127.0.0.1:{self.port}\r\n"
        writer.write(f"{head}\r\n{body}".encode())
        raw = await reader.read()
        writer.close()
        top, _, text = raw.partition(b"\r\n\r\n")
        for name, value in re.findall(rb"(?im)^set-cookie: ([^=]+)=([^;]*)", top):
            self.cookies[name.decode()] = value.decode()
        return int(top.split(None, 2)[1]), text.decode(errors="replace")

    async def sign_in(self, username: str) -> None:
        """Sign in as an officer of the demonstration."""
        page = await self.ask("sign-in page", "/accounts/demo/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token:
            await self.ask("sign in", "/accounts/demo/enter/", f"username={username}&csrfmiddlewaretoken={token[1]}")

    async def live(self, pages: list[tuple[str, str]], thinks: float, until: float) -> None:
        """Look at one page after another until it is time."""
        draw = random.Random(id(self))
        await asyncio.sleep(draw.uniform(0, thinks))
        while time.perf_counter() < until:
            await self.ask(*draw.choice(pages))
            await asyncio.sleep(draw.expovariate(1 / thinks))


@contextmanager
def _served(copy: DemoCopy) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(web_command("127.0.0.1", port), env=copy.environment())
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


async def _all(port: int, addresses: Addresses, seconds: float) -> list[Answer]:
    answers: list[Answer] = []
    officers = [Person(port, answers) for _ in range(OFFICERS)]
    citizens = [Person(port, answers) for _ in range(CITIZENS)]
    for number, officer in enumerate(officers):  # one after the other, as a morning begins
        await officer.sign_in(LOGINS[number % len(LOGINS)])
    until = time.perf_counter() + seconds

    def named(who: str, pages: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(f"{who} {page}", addresses.filled(page)) for page in pages]

    lives = [one.live(named("officer", OFFICER_PAGES), OFFICER_THINKS, until) for one in officers]
    lives += [one.live(named("citizen", CITIZEN_PAGES), CITIZEN_THINKS, until) for one in citizens]
    tasks = [asyncio.create_task(life) for life in lives]
    await asyncio.sleep(seconds)
    # who is thinking goes home; who waits for an answer gets it
    waiting = [task for task in tasks if not task.done()]
    if waiting:
        await asyncio.wait(waiting, timeout=5)
    for task in tasks:
        task.cancel()
    return answers


def run(seconds: float) -> None:
    """Serve a copy of the demonstration, let everybody in, and print what they saw."""
    with tempfile.TemporaryDirectory() as folder, test_server() as url, demo_copy(url, Path(folder)) as copy:
        with _served(copy) as port:
            before = os.getloadavg()[0]
            answers = asyncio.run(_all(port, Addresses.of(copy.url), seconds))
    visits = [answer for answer in answers if not answer.kind.startswith("sign")]
    rate = f"{len(visits)} pages, {len(visits) / seconds:.1f} a second"
    print(f"{OFFICERS} officers, {CITIZENS} citizens, {seconds:.0f} s: {rate}")
    wrong = sum(not answer.good for answer in answers)
    print(f"{wrong} errors; load average {before:.1f} before, {os.getloadavg()[0]:.1f} after")
    kinds = sorted({answer.kind for answer in answers})
    print(f"  {'milliseconds':<40} {'n':>6} {'median':>8} {'p95':>8} {'p99':>8} {'most':>8} {'errors':>7}")
    for kind in ["everything", *kinds]:
        mine = visits if kind == "everything" else [answer for answer in answers if answer.kind == kind]
        times = sorted(1000 * answer.seconds for answer in mine)
        told = [
            statistics.median(times),
            *(times[min(len(times) - 1, int(len(times) * q))] for q in (0.95, 0.99)),
            times[-1],
        ]
        errors = sum(not answer.good for answer in mine)
        print(f"  {kind:<40} {len(mine):>6} " + " ".join(f"{each:8.0f}" for each in told) + f" {errors:>7}")
