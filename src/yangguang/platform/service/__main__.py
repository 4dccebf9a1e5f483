"""Start Yangguang: the database, the tables, the demonstration, the web server and the worker."""

from __future__ import annotations

import argparse
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType

from yangguang.platform.instance import Instance, data_folder, open_instance, schema_version, static_version
from yangguang.platform.metering import FOLDER, fresh_folder
from yangguang.platform.postgres import Hold
from yangguang.platform.service.options import read_options
from yangguang.platform.service.supervisor import Child, Supervisor
from yangguang.platform.unusable import Unusable

#: the program of the command line, beside the Python that runs this
COMMAND = str(Path(sys.executable).with_name("yangguang"))
#: addresses that only this machine reaches, without encryption between
THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}
#: seconds that the web server may take to answer its first page
FIRST_PAGE_SECONDS = 60


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on, before anything is started."""
    problem = _why_not(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        free = next((other for other in range(port + 1, port + 100) if _why_not(host, other) is None), 0)
        raise Unusable(
            f"Port {port} on {host} is in use by another program.",
            f"Stop it, or choose another port: ./run --port {free}",
        )
    if problem.errno == errno.EACCES:
        raise Unusable(f"This user may not listen on port {port}.", "Choose a port from 1024: ./run --port 8000")
    raise Unusable(f"Cannot listen on {host}: {problem.strerror or problem}.", "Choose others with --host and --port.")


def _why_not(host: str, port: int) -> OSError | None:
    if not 0 < port < 65536:
        return OSError(errno.EINVAL, f"ports go from 1 to 65535, and {port} is none")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        return problem
    return None


def prepare(instance: Instance, environment: Mapping[str, str], today: str | None) -> None:
    """Bring tables, static files and the demonstration up to date; does nothing where they are."""
    version = schema_version()
    if instance.remembered.get("schema") != version:
        _manage(
            "The tables could not be brought up to date.",
            environment,
            "migrate",
            "--no-input",
            "--skip-checks",
            "-v",
            "0",
        )
        _manage("The cache table could not be made.", environment, "createcachetable")
        if "schema" in instance.remembered and not instance.demo:
            _call("The instance could not be upgraded.", environment, "upgrade", "--without-backup")
        instance.remember("schema", version)
    lay_out_static(instance, environment)
    if instance.demo and "built" not in instance.remembered:
        print("Building the demonstration province ...", flush=True)
        _call("The demonstration province could not be built.", environment, "demo", "build", *_on(today))
        instance.remember("built", version)
    elif today:
        _call("The demonstration's clock could not be moved.", environment, "demo", "clock", today)


def lay_out_static(instance: Instance, environment: Mapping[str, str]) -> None:
    """Lay out the files that browsers load, where they differ from those of this program; a demonstration finds them.

    The stamp lies beside the files, not in the database: a restored database may come to an empty folder.
    """
    folder, version = instance.data / "static", static_version()
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder.with_suffix(".version")
    if instance.demo or (stamp.exists() and stamp.read_text(encoding="utf-8") == version):
        return
    _manage("The static files could not be collected.", environment, "collectstatic", "--no-input", "-v", "0")
    stamp.write_text(version, encoding="utf-8")


def _on(today: str | None) -> list[str]:
    return ["--today", today] if today else []


def _manage(says: str, environment: Mapping[str, str], *arguments: str) -> None:
    _do(says, [sys.executable, "-m", "django", *arguments], environment)


def _call(says: str, environment: Mapping[str, str], *arguments: str) -> None:
    _do(says, [COMMAND, *arguments], environment)


def _do(says: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    code = subprocess.run(command, env=dict(environment), check=False).returncode
    if code != 0:
        called = " ".join([Path(command[0]).name, *command[1:]])
        raise Unusable(says, f"The reason stands above; `{called}` ended with code {code}.")


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the web server: two processes of four threads."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    options += ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, "yangguang.config.wsgi:application"]


def worker_command() -> list[str]:
    """Return the command of the worker, which sends messages and watches the clocks."""
    return [COMMAND, "worker", "run"]


def answers(host: str, port: int) -> bool:
    """Say whether the web server answers its first page."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        connection = http.client.HTTPConnection(reachable, port, timeout=20)
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False


def tell(instance: Instance, host: str, port: int, environment: Mapping[str, str]) -> None:
    """Print where to look and how to log in."""
    shown = f"[{host}]" if ":" in host else host
    print(f"\nYangguang is running: http://{shown}:{port}/   Ctrl-C stops it. Data: {instance.data}", flush=True)
    if instance.demo:
        _call("The demonstration logins could not be listed.", environment, "demo", "logins")
    else:
        address = f"http://{shown}:{port}"
        _call("The way to the first use could not be told.", environment, "setup", "token", "--address", address)


def serve(options: argparse.Namespace) -> None:
    """Start everything that the options ask for and stay until a signal comes."""
    check_port(options.host, options.port)
    data = (options.data or data_folder()).expanduser().absolute()
    with ExitStack() as stack:
        hold = None if os.environ.get("DATABASE_URL") else Hold(data)
        if hold is not None:
            stack.callback(hold.release)
        url = hold.url if hold is not None else os.environ["DATABASE_URL"]
        instance = open_instance(data, url, demo=False if options.no_demo else None)
        if options.today and not instance.demo:
            raise Unusable("A real instance has no movable clock.", "Leave out --today.")
        environment = os.environ | instance.environment()
        if options.host in THIS_MACHINE:
            environment.setdefault("YG_HTTPS", "0")
        prepare(instance, environment, options.today)
        if options.notices:
            files = [str(notice) for notice in options.notices]
            _call("The notices could not be imported.", environment, "directive", "import", *files)
        supervisor = Supervisor()
        stack.callback(supervisor.stop)
        together = environment | {FOLDER: str(fresh_folder(data))}
        supervisor.add(Child("web server", web_command(options.host, options.port), together))
        if not supervisor.wait_until(lambda: answers(options.host, options.port), FIRST_PAGE_SECONDS):
            if supervisor.stopping:
                return
            raise Unusable("The web server does not answer.", "The reason stands above.")
        supervisor.add(Child("worker", worker_command(), environment))
        try:
            tell(instance, options.host, options.port, environment)
        except Unusable as problem:  # what runs goes on running, though the greeting failed
            print(problem, file=sys.stderr)
        supervisor.watch(partial(keep_database, hold) if hold is not None else None)
        print("\nStopping ...", flush=True)


def keep_database(hold: Hold) -> None:
    """Start the embedded database again where it was killed; where that fails, say why and try again later."""
    try:
        if hold.revive():
            print("The database had ended; it was started again.", file=sys.stderr)
    except Unusable as problem:
        print(problem, file=sys.stderr)


def _leave(number: int, frame: FrameType | None) -> None:
    """End the preparations at a signal; what was started for them ends with the exception."""
    raise SystemExit(128 + number)


def main(arguments: Sequence[str]) -> int:
    """Run one start and return its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        serve(read_options(arguments))
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
