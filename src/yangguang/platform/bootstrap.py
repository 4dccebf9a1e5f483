"""Make the checkout's own Python environment, then hand over to what was asked for.

Run by path with any Python from 3.11, so it imports nothing outside the standard
library and nothing of this project.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import tomllib
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: command of the launcher -> what the environment's Python is given to run
PROGRAMS = {
    "run": ["-m", "yangguang.platform.service"],
    "test": ["-m", "yangguang.platform.checks"],
    "bench": [str(ROOT / "benchmarks")],
}
#: the same for --help, which needs no package
HELP = {
    "run": ["-m", "yangguang.platform.service.options"],
    "test": ["-m", "yangguang.platform.checks"],
}
#: bytes that the environment takes at most, with room for the downloads
ROOM_NEEDED = 1_500_000_000
#: where systems keep their certificate bundle, for a Python that was not told
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
#: the public index, asked only for pip itself and only where Python came without it
PUBLIC_INDEX = "https://pypi.org/simple"


class SetupFailed(Exception):
    """The environment could not be made; the text says why and what to do."""


class Environment:
    """The environment `.venv` of one checkout, made from the checkout's lock files."""

    def __init__(self, root: Path) -> None:
        """Describe the environment of the checkout at `root`; nothing is made yet."""
        self.root = root
        self.home = root / ".venv"
        self.python = self.home / "bin" / "python"
        self.stamp = self.home / "setup.json"

    def is_ready(self, group: str) -> bool:
        """Say whether the packages of `group` (runtime, dev) stand installed as locked."""
        made = self._made()
        return self.python.exists() and self._same_place(made) and made.get(group) == self._lock_hash(group)

    def make(self, group: str) -> None:
        """Install the locked packages of `group`, starting over where the Python or the place changed."""
        made = self._made()
        self.stamp.unlink(missing_ok=True)
        if not (self._same_place(made) and self._answers()):
            self._create()
        _pip(self.python, ["-r", self.root / "requirements" / f"{group}.lock"])
        self._register_project()
        groups = ("runtime", "dev") if group == "dev" else ("runtime",)
        self.stamp.write_text(json.dumps(self._place() | {name: self._lock_hash(name) for name in groups}))

    def _made(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.stamp.read_text()))
        except (OSError, ValueError):
            return {}

    def _place(self) -> dict[str, str]:
        return {"home": str(self.home), "python": f"{sys.version} {_base_python()}"}

    def _same_place(self, made: Mapping[str, str]) -> bool:
        return all(made.get(key) == value for key, value in self._place().items())

    def _lock_hash(self, group: str) -> str:
        files = [self.root / "requirements" / name for name in ("pip.lock", f"{group}.lock")]
        files += [self.root / "pyproject.toml", Path(__file__)]
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()

    def _answers(self) -> bool:
        if not self.python.exists():
            return False
        return subprocess.run([self.python, "-c", "import pip"], capture_output=True, check=False).returncode == 0

    def _create(self) -> None:
        """Create the bare environment, fetching pip where this Python cannot bring its own (Debian)."""
        shutil.rmtree(self.home, ignore_errors=True)
        command = [_base_python(), "-m", "venv", str(self.home)]
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode == 0:
            _pip(self.python, ["-r", self.root / "requirements" / "pip.lock"])
            return
        shutil.rmtree(self.home, ignore_errors=True)
        made = subprocess.run([*command, "--without-pip"], capture_output=True, text=True)
        if made.returncode != 0:
            raise SetupFailed(
                f"This Python cannot make an environment: {_last_line(made.stderr or made.stdout)}\n"
                "Install the missing part (Debian, Ubuntu: apt install python3-venv) and try again."
            )
        with tempfile.TemporaryDirectory() as folder:
            wheel = fetch_pip(self.root / "requirements" / "pip.lock", Path(folder))
            lock = self.root / "requirements" / "pip.lock"
            _pip(self.python, ["-r", lock, "--no-index", "-f", folder], pip=wheel / "pip")

    def _register_project(self) -> None:
        """Put the checkout's source on the path, with its metadata and its commands, as an editable install does."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        name, version = project["name"], project["version"]
        site = next(self.home.glob("lib/python3.*/site-packages"))
        (site / f"{name}.pth").write_text(f"{self.root / 'src'}\n", encoding="utf-8")
        for old in site.glob(f"{name}-*.dist-info"):
            shutil.rmtree(old)
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        (info / "INSTALLER").write_text("yangguang\n", encoding="utf-8")
        scripts = project.get("scripts", {})
        lines = "".join(f"{command} = {target}\n" for command, target in scripts.items())
        (info / "entry_points.txt").write_text(f"[console_scripts]\n{lines}", encoding="utf-8")
        for command, target in scripts.items():
            self._write_command(command, *target.split(":"))

    def _write_command(self, command: str, module: str, function: str) -> None:
        # A shell line hands over to Python: an interpreter line may be neither long nor hold a space.
        script = self.home / "bin" / command
        script.write_text(
            f"#!/bin/sh\n'''exec' \"{self.python}\" \"$0\" \"$@\"\n' '''\n"
            f"import sys\n\nfrom {module} import {function}\n\nsys.exit({function}())\n",
            encoding="utf-8",
        )
        script.chmod(0o755)


def fetch_pip(lock: Path, folder: Path) -> Path:
    """Bring the locked pip wheel into `folder` from the configured folders or index, checked by its hash."""
    text = lock.read_text()
    version = text.split()[0].removeprefix("pip==")
    name = f"pip-{version}-py3-none-any.whl"
    hashes = re.findall(r"sha256:([0-9a-f]{64})", text)
    for place in os.environ.get("PIP_FIND_LINKS", "").split():
        wheel = Path(place.removeprefix("file://")) / name
        if wheel.is_file() and hashlib.sha256(wheel.read_bytes()).hexdigest() in hashes:
            return Path(shutil.copy(wheel, folder))
    page = os.environ.get("PIP_INDEX_URL", PUBLIC_INDEX).rstrip("/") + "/pip/"
    try:
        links = re.findall(r"""href=["']([^"'#]+)""", _read_url(page).decode("utf-8", "replace"))
        link = next(link for link in links if urllib.parse.unquote(link).endswith(name))
        content = _read_url(urllib.parse.urljoin(page, link))
    except (OSError, StopIteration) as problem:
        raise SetupFailed(
            f"This Python came without pip, and pip {version} could not be fetched from {_without_password(page)}: "
            f"{problem or 'it is not there'}.\n"
            "Install it (Debian, Ubuntu: apt install python3-venv), or set PIP_INDEX_URL to an index you can reach."
        ) from problem
    if hashlib.sha256(content).hexdigest() not in hashes:
        raise SetupFailed(f"{name} from {_without_password(page)} is not the file that requirements/pip.lock names.")
    wheel = folder / name
    wheel.write_bytes(content)
    return wheel


def _read_url(url: str) -> bytes:
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    if parts.username:
        login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or certificate_bundle())
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        return bytes(answer.read())


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]+@", "//", url)


def certificate_bundle() -> str | None:
    """Return the certificate bundle that the system or its administrator chose, or None for Python's own way."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    candidates = [os.environ.get(name) for name in names] + [ssl.get_default_verify_paths().cafile, *BUNDLES]
    return next((path for path in candidates if path and os.path.isfile(path)), None)


def _pip(python: Path, arguments: list[str | Path], pip: Path | None = None) -> None:
    """Install exactly what is locked; settings PIP_* and pip's own files of the user hold."""
    unwanted = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIREMENT")
    environment = {key: value for key, value in os.environ.items() if key not in unwanted}
    environment |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if bundle := certificate_bundle():
        environment["REQUESTS_CA_BUNDLE"] = bundle
    program = [str(pip)] if pip else ["-m", "pip"]
    command = [python, *program, "install", "--quiet", "--require-hashes", "--only-binary=:all:", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        said = "\n".join(f"  {line}" for line in done.stderr.strip().splitlines() if "WARNING" not in line)
        raise SetupFailed(
            f"The packages could not be installed; pip said:\n{said}\n"
            "Check the network, the proxy, or the index given by PIP_INDEX_URL, and try again."
        )


def _base_python() -> str:
    """Return the Python behind this one: an environment is never built from the environment it replaces."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Let one start at a time change the environment; the others wait."""
    try:
        (root / ".cache").mkdir(exist_ok=True)
        lock = (root / ".cache" / "setup.lock").open("w")
    except OSError as problem:
        raise SetupFailed(f"Cannot write to {root}: {problem.strerror}. Use a checkout that you own.") from problem
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(root: Path, group: str) -> Environment:
    """Return the environment of the checkout with the packages of `group`, made first where needed."""
    environment = Environment(root)
    if environment.is_ready(group):
        return environment
    with one_at_a_time(root):
        if not environment.is_ready(group):
            free = shutil.disk_usage(root).free
            if free < ROOM_NEEDED:
                raise SetupFailed(
                    f"{root} has {free // 1_000_000} MB free; setting up needs {ROOM_NEEDED // 1_000_000} MB. "
                    "Free some space or use a checkout on another disk."
                )
            print("Setting up .venv from the lock files (once, about a minute) ...", flush=True)
            environment.make(group)
    return environment


def compile_catalogues(environment: Environment) -> None:
    """Compile the translations where their text is newer than their compiled form."""
    catalogues = environment.root.glob("src/yangguang/locale/*/LC_MESSAGES/*.po")
    if not all(_is_newer(po.with_suffix(".mo"), po) for po in catalogues):
        command = [str(environment.python), "-m", "yangguang.platform.i18n", "compile"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _is_newer(path: Path, than: Path) -> bool:
    return path.exists() and path.stat().st_mtime >= than.stat().st_mtime


def main(arguments: list[str]) -> int:
    """Set up what the command needs and become that command; return an exit code only when there is none."""
    command, *rest = arguments
    if command in HELP and {"-h", "--help"} & set(rest):
        os.environ["PYTHONPATH"] = str(ROOT / "src")
        os.execv(sys.executable, [sys.executable, *HELP[command], *rest])
    setup_only = command == "run" and "--setup-only" in rest
    environment = set_up(ROOT, "runtime" if command == "run" and not setup_only else "dev")
    compile_catalogues(environment)
    if setup_only:
        print("Everything is set up. Start with ./run")
        return 0
    os.execv(environment.python, [str(environment.python), *PROGRAMS[command], *rest])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupFailed as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
