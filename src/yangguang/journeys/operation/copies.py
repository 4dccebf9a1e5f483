"""What a backup is made of: one consistent moment of the database, the files its rows name, the keys, a manifest.

Everything here speaks SQL of its own, so that a database of an older version can be saved before it is upgraded.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from yangguang.platform.unusable import Unusable

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
SEALED_KEYS = "keys.sealed"
#: key files of a data folder, with the settings that may stand in their place
KEY_FILES = {"vault.keys": "YG_VAULT_KEYS", "secret-key": "YG_SECRET_KEY"}
#: files of a demonstration that belong to its state
DEMO_FILES = ("demo-clock.json",)
#: shortest passphrase that seals keys
PASSPHRASE_LEAST = 16
_PURPOSE = b"yangguang backup keys 1"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def stored_at(root: Path, sha256: str) -> Path:
    """Return where a kept file of this content stands below a folder of files."""
    return root / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def one_moment(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """Give a reading transaction and the name under which pg_dump can read the very same moment."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("select pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def ledger_head(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return how many chains and entries there are, and one hash over the head of every chain."""
    digest, streams, entries = hashlib.sha256(), 0, 0
    if not _has_table(connection, "ledger_stream"):
        return {"streams": 0, "entries": 0, "heads": digest.hexdigest()}
    with connection.cursor() as cursor:
        for key, length, head in cursor.stream('select key, length, head from ledger_stream order by key collate "C"'):
            digest.update(f"{key}\0{length}\0{head}\n".encode())
            streams, entries = streams + 1, entries + length
    return {"streams": streams, "entries": entries, "heads": digest.hexdigest()}


def named_files(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the hashes of the files that rows name."""
    if not _has_table(connection, "documents_blob"):
        return []
    return [str(row[0]) for row in connection.execute("select sha256 from documents_blob order by sha256").fetchall()]


def server_version(connection: psycopg.Connection[Any]) -> int:
    """Return the major version of the server."""
    return connection.info.server_version // 10000


def _has_table(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("select to_regclass(%s) is not null", [name]).fetchone() == (True,)


def keys_at_hand(data: Path) -> dict[str, str]:
    """Return the keys of an instance by the name of their file, from the settings or else the data folder."""
    found = {}
    for name, setting in KEY_FILES.items():
        if given := _from_setting(setting):
            found[name] = given
        elif (data / name).exists():
            found[name] = (data / name).read_text(encoding="ascii").strip()
    return found


def _from_setting(setting: str) -> str:
    if file := os.environ.get(f"{setting}_FILE", "").strip():
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as problem:
            remedy = "Let this user read it."
            raise Unusable(f"{setting}_FILE names {file}: {problem.strerror}.", remedy) from problem
    return os.environ.get(setting, "").strip()


def fingerprint(key: str) -> str:
    """Return a name of a key that tells nothing about it; blanks and commas between its parts do not count."""
    plain = " ".join(key.replace(",", " ").split())
    return hmac.new(plain.encode(), b"yangguang key fingerprint", "sha256").hexdigest()[:16]


def read_passphrase(file: Path) -> str:
    """Return the passphrase of a file that only its owner reads."""
    try:
        others = file.stat().st_mode & 0o077
        text = file.read_text(encoding="utf-8").strip()
    except OSError as problem:
        remedy = "Give a file that this user may read."
        raise Unusable(f"The passphrase file {file} cannot be read: {problem.strerror}.", remedy) from problem
    if others:
        raise Unusable(f"The passphrase file {file} can be read by others.", f"Run: chmod 600 {file}")
    if len(text) < PASSPHRASE_LEAST:
        raise Unusable(f"The passphrase is shorter than {PASSPHRASE_LEAST} characters.", "Take a longer one.")
    return text


def seal_keys(keys: dict[str, str], passphrase: str) -> bytes:
    """Return keys sealed by a passphrase: scrypt, then AES-256-GCM."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    body = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, json.dumps(keys).encode(), _PURPOSE)
    parts = {"salt": salt, "nonce": nonce, "body": body}
    return json.dumps({name: b64encode(part).decode() for name, part in parts.items()}).encode()


def open_keys(sealed: bytes, passphrase: str) -> dict[str, str]:
    """Return the keys that a passphrase sealed."""
    try:
        parts = {name: b64decode(part) for name, part in json.loads(sealed).items()}
        body = AESGCM(_stretched(passphrase, parts["salt"])).decrypt(parts["nonce"], parts["body"], _PURPOSE)
    except (InvalidTag, ValueError, KeyError) as problem:
        remedy = "Give the file with the passphrase of that day."
        raise Unusable("The keys of this backup do not open with this passphrase.", remedy) from problem
    keys: dict[str, str] = json.loads(body)
    return keys


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner reads, whole on disk before this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
