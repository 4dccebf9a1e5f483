"""Setting up from nothing but a Python, and saying what is missing."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from yangguang.platform import bootstrap

ROOT = bootstrap.ROOT
WHEEL = b"not really a wheel"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A package index in a folder, and the lock file that names its only wheel."""
    page = tmp_path / "simple" / "pip"
    page.mkdir(parents=True)
    (page / "pip-99.1-py3-none-any.whl").write_bytes(WHEEL)
    link = (page / "pip-99.1-py3-none-any.whl").as_uri()
    # The folder has a page of its own name, as a server would give it.
    monkeypatch.setattr(bootstrap, "_read_url", _folder_reader(f'<a href="{link}#sha256=0">pip</a>'))
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri())
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    lock = tmp_path / "pip.lock"
    lock.write_text(f"pip==99.1 \\\n    --hash=sha256:{hashlib.sha256(WHEEL).hexdigest()}\n")
    return lock


def _folder_reader(page: str):
    def read(url: str) -> bytes:
        return page.encode() if url.endswith("/") else Path(url.removeprefix("file://")).read_bytes()

    return read


def test_pip_is_fetched_from_the_configured_index_by_its_hash(index, tmp_path):
    wheel = bootstrap.fetch_pip(index, tmp_path)
    assert wheel.read_bytes() == WHEEL


def test_another_file_under_pips_name_is_refused(index, tmp_path):
    index.write_text("pip==99.1 \\\n    --hash=sha256:" + "0" * 64)
    with pytest.raises(bootstrap.SetupFailed, match="not the file that"):
        bootstrap.fetch_pip(index, tmp_path)
    assert not (tmp_path / "pip-99.1-py3-none-any.whl").exists()


def test_a_folder_of_wheels_comes_before_the_index(index, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "simple" / "pip"))
    monkeypatch.setattr(bootstrap, "_read_url", _no_network)
    assert bootstrap.fetch_pip(index, tmp_path).read_bytes() == WHEEL


def test_an_index_out_of_reach_is_named_without_its_password(index, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:hidden@index.invalid/simple")
    monkeypatch.setattr(bootstrap, "_read_url", _no_network)
    with pytest.raises(bootstrap.SetupFailed) as refused:
        bootstrap.fetch_pip(index, tmp_path)
    assert "https://index.invalid/simple/pip/" in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert "apt install python3-venv" in str(refused.value)


def _no_network(url: str) -> bytes:
    raise OSError("no route")


def test_the_certificates_that_were_chosen_come_first(tmp_path, monkeypatch):
    chosen = tmp_path / "own.pem"
    chosen.write_text("certificate")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(chosen))
    assert bootstrap.certificate_bundle() == str(chosen)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    assert bootstrap.certificate_bundle() == str(chosen)


@pytest.fixture
def environment(tmp_path):
    """A set-up environment as its stamp tells it."""
    (tmp_path / "requirements").mkdir()
    for name in ("pip.lock", "runtime.lock", "dev.lock"):
        (tmp_path / "requirements" / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text("[project]")
    made = bootstrap.Environment(tmp_path)
    made.python.parent.mkdir(parents=True)
    made.python.write_text("")
    made.stamp.write_text(json.dumps(made._place() | {"runtime": made._lock_hash("runtime")}))
    return made


def test_an_environment_is_ready_for_what_was_installed(environment):
    assert environment.is_ready("runtime")
    assert not environment.is_ready("dev")


@pytest.mark.parametrize("change", ["requirements/runtime.lock", "pyproject.toml"])
def test_a_changed_lock_is_noticed(environment, change):
    (environment.root / change).write_text("changed")
    assert not environment.is_ready("runtime")


def test_a_moved_checkout_is_noticed(environment, tmp_path):
    stamp = json.loads(environment.stamp.read_text())
    environment.stamp.write_text(json.dumps(stamp | {"home": "/elsewhere/.venv"}))
    assert not environment.is_ready("runtime")


def test_a_broken_stamp_counts_as_none(environment):
    environment.stamp.write_text("{")
    assert not environment.is_ready("runtime")


def test_a_full_disk_is_named_before_anything_is_fetched(environment, monkeypatch):
    environment.stamp.unlink()
    monkeypatch.setattr(bootstrap, "ROOM_NEEDED", 10**18)
    with pytest.raises(bootstrap.SetupFailed, match=r"MB free; setting up needs"):
        bootstrap.set_up(environment.root, "runtime")


def test_a_command_works_from_a_path_with_spaces(tmp_path):
    made = bootstrap.Environment(tmp_path / "a folder 阳光")
    made.python.parent.mkdir(parents=True)
    made.python.symlink_to(sys.executable)
    made._write_command("say", "platform", "python_version")
    said = subprocess.run([made.home / "bin" / "say"], capture_output=True, text=True, check=False)
    assert said.stderr.strip() == sys.version.split()[0]  # sys.exit prints what is no number


def test_a_machine_without_python_is_told_what_to_install(tmp_path):
    launch = tmp_path / "src" / "yangguang" / "platform" / "launch"
    launch.parent.mkdir(parents=True)
    text = (ROOT / "src/yangguang/platform/launch").read_text().replace("/usr/bin/python3", "/nonexistent/python3")
    launch.write_text(text)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "dirname").symlink_to("/usr/bin/dirname")
    done = subprocess.run(
        ["/bin/sh", launch, "run"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt install python3" in done.stderr


def _locked(name: str) -> dict[str, Version]:
    text = (ROOT / "requirements" / name).read_text()
    found = re.findall(r"^([\w.\-]+)==([^\s;]+)", text, re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in found}


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, dev = _locked("runtime.lock"), _locked("dev.lock")
    asked = [(Requirement(text), runtime) for text in project["project"]["dependencies"]]
    asked += [(Requirement(text), dev) for text in project["dependency-groups"]["dev"]]
    for requirement, lock in asked:
        assert lock[canonicalize_name(requirement.name)] in requirement.specifier, requirement
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("name", ["pip.lock", "runtime.lock", "dev.lock"])
def test_each_locked_package_has_a_hash_and_no_place(name):
    text = (ROOT / "requirements" / name).read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "file:" not in text


def test_the_bootstrap_needs_only_the_standard_library():
    command = [bootstrap._base_python(), "-I", "-S", bootstrap.__file__, "run", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "--setup-only" in done.stdout, done.stderr
