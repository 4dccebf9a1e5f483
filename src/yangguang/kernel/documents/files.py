"""Files by content: ``ab/cd/<sha256>`` under the default storage, whole on disk before any row names them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.utils.translation.trans_null import gettext_noop as _

from yangguang.kernel.documents.sniffing import sniff
from yangguang.kernel.documents.vocabulary import Format, Unfit

#: largest file taken, in bytes, where the setting ``DOCUMENT_MAX_BYTES`` says nothing
DEFAULT_MAX_BYTES = 25 * 1024 * 1024
_CHUNK = 1024 * 1024

#: looks into a file on disk and returns what is wrong with it, or None
Scanner = Callable[[Path, Format], str | None]
SCANNERS: list[Scanner] = []


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that stands whole on disk."""

    sha256: str
    size: int
    format: Format


def scan_with(scanner: Scanner) -> Scanner:
    """Register a scanner, such as a virus scanner of the office; called from ``apps.py``."""
    if scanner not in SCANNERS:
        SCANNERS.append(scanner)
    return scanner


def root() -> Path:
    """Return the folder under which files are kept."""
    return Path(storages["default"].path(""))


def path_of(sha256: str) -> Path:
    """Return where a file of this content stands."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def keep(stream: BinaryIO, name: str) -> Kept:
    """Check a file, and put it under its hash: temporary file, fsync, atomic rename. Raises ``Unfit``."""
    with _temporary() as (target, path):
        digest, size = _copy(stream, target)
        found = sniff(target, name)
        for scanner in SCANNERS:
            if wrong := scanner(path, found):
                raise Unfit(
                    "scanned",
                    _("安全检查未通过：{wrong}。"),
                    _("请清除问题后重新上传，或找本单位信息管理员。"),
                    wrong=wrong,
                )
        _settle(target, path, path_of(digest))
    return Kept(digest, size, found)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as it stands on disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sweep(named: Callable[[str], bool], *, before: datetime) -> int:
    """Remove files that no row names (their writing failed) and that were last touched before a moment; count them."""
    removed = 0
    for path in root().rglob("*"):
        old = path.is_file() and path.stat().st_mtime < before.timestamp()
        if old and not named(path.name):
            path.unlink()
            removed += 1
    return removed


@contextlib.contextmanager
def _temporary() -> Iterator[tuple[BinaryIO, Path]]:
    folder = root() / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "w+b") as target:
            yield target, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(stream: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    limit = getattr(settings, "DOCUMENT_MAX_BYTES", DEFAULT_MAX_BYTES)
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            mib = f"{limit / 1024 / 1024:.3g}"
            raise Unfit("too_large", _("文件超过 {mib} MB。"), _("请压缩图片或拆成几个文件后再上传。"), mib=mib)
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return digest.hexdigest(), size


def _settle(target: BinaryIO, path: Path, home: Path) -> None:
    if home.exists() and digest_of(home) == home.name:
        home.touch()  # young again: ``sweep`` must not take it before its row is written
        return
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.fsync(target.fileno())
    path.replace(home)
    folder = os.open(home.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name must survive a power cut as the content does
    finally:
        os.close(folder)
