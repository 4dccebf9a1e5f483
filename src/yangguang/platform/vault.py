"""The vault: AES-256-GCM for single fields, bound to their place, with versioned keys and a blind index.

A sealed text is `version byte | 12 bytes nonce | ciphertext and tag`; the place (table.column.row) is authenticated
with it, so a sealed text moved to another row or column does not open. Nonces are random: with one key version no
more than 2³² texts may be sealed, then rotate. `seal` and `open` use the instance's own keys.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yangguang.platform.settings import env_secret
from yangguang.platform.unusable import Unusable

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_FILE = "vault.keys"
_INDEX = "index"
#: a version is one byte
LAST_VERSION = 255


class SealBroken(Exception):
    """A sealed text does not open: altered, moved to another place, or sealed under another key."""


class KeyMissing(SealBroken):
    """The key version a text was sealed under is not among the keys given."""


@dataclass(frozen=True, repr=False)
class Keys:
    """Sealing keys by version (1 to 255; the highest seals, all open) and the key of the blind index."""

    sealing: Mapping[int, bytes]
    index: bytes

    @classmethod
    def read(cls, text: str) -> Keys:
        """Read `index:BASE64 1:BASE64 2:BASE64`, separated by blanks, commas or line ends."""
        named: dict[str, bytes] = {}
        for part in text.replace(",", " ").split():
            name, colon, written = part.partition(":")
            if not colon or name in named:
                raise Unusable("A vault key is not written as NAME:BASE64, or is given twice.", _REMEDY)
            named[name] = _key(name, written)
        index = named.pop(_INDEX, None)
        if index is None or not named:
            raise Unusable("The vault needs a key named index and at least one numbered key.", _REMEDY)
        if not all(name.isascii() and name.isdigit() and 1 <= int(name) <= LAST_VERSION for name in named):
            raise Unusable("Vault keys are numbered from 1 to 255.", _REMEDY)
        return cls({int(name): key for name, key in named.items()}, index)

    @classmethod
    def generate(cls) -> Keys:
        """Return fresh random keys, the sealing one with version 1."""
        return cls({1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))

    def rotated(self) -> Keys:
        """Return the same keys and a fresh one, which seals from now on."""
        if max(self.sealing) == LAST_VERSION:
            raise Unusable(f"The vault has used up its {LAST_VERSION} key versions.", "Ask the makers of the program.")
        return Keys({**self.sealing, max(self.sealing) + 1: secrets.token_bytes(KEY_BYTES)}, self.index)

    def retired(self) -> Keys:
        """Return the same keys without the sealing ones before the newest."""
        newest = max(self.sealing)
        return Keys({newest: self.sealing[newest]}, self.index)

    @property
    def written(self) -> str:
        """The form that `read` takes."""
        rows = [(_INDEX, self.index), *((str(version), key) for version, key in sorted(self.sealing.items()))]
        return "\n".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in rows) + "\n"


_REMEDY = "Write YG_VAULT_KEYS as index:BASE64 1:BASE64 with 32 random bytes in each."


def _key(name: str, written: str) -> bytes:
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise Unusable(f"The vault key {name} is not {KEY_BYTES} bytes in base64.", _REMEDY)
    return key


@dataclass(frozen=True, repr=False)
class Vault:
    """Seals and opens texts with a set of keys."""

    keys: Keys

    def seal(self, text: str, *, place: str) -> bytes:
        """Return the text sealed for one place, under the newest key."""
        version = max(self.keys.sealing)
        nonce = os.urandom(NONCE_BYTES)
        body = AESGCM(self._sealing(version)).encrypt(nonce, text.encode(), _bound(version, place))
        return bytes([version]) + nonce + body

    def open(self, sealed: bytes, *, place: str) -> str:
        """Return the text; SealBroken where it was altered or moved, KeyMissing where its key is not at hand."""
        if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            raise SealBroken("a sealed text is too short")
        version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if version not in self.keys.sealing:
            raise KeyMissing(f"the vault has no key of version {version}")
        try:
            return AESGCM(self._sealing(version)).decrypt(nonce, body, _bound(version, place)).decode()
        except InvalidTag:
            raise SealBroken(f"the sealed text at {place} does not open") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the text is under the newest key; if not, seal it anew."""
        return sealed[:1] == bytes([max(self.keys.sealing)])

    def blind_index(self, text: str, *, place: str) -> str:
        """Return a keyed fingerprint (hex) by which equal texts of one column are found without opening them.

        Case, width and outer blanks do not count. `place` is the column without row. Rotation leaves it as it is.
        """
        folded = unicodedata.normalize("NFKC", text).strip().casefold()
        return hmac.new(_derived(self.keys.index, b"index " + place.encode()), folded.encode(), sha256).hexdigest()

    def _sealing(self, version: int) -> bytes:
        return _derived(self.keys.sealing[version], b"seal")


def _derived(key: bytes, purpose: bytes) -> bytes:
    """One key, one use: sealing and indexing never share key bytes even where an operator gave the same twice."""
    return hmac.new(key, b"yangguang vault 1 " + purpose, sha256).digest()


def _bound(version: int, place: str) -> bytes:
    return bytes([version]) + place.encode()


def keys_in(folder: Path) -> Keys:
    """Return the keys kept in a data folder, made on first use and readable by their owner only."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Keys.generate().written)
    return _kept(path)


def _kept(path: Path) -> Keys:
    if path.stat().st_mode & 0o077:
        raise Unusable(f"{path} can be read by others.", f"Run: chmod 600 {path}")
    return Keys.read(path.read_text(encoding="ascii"))


def key_file() -> Path | None:
    """Return the file that keeps the instance's keys; None where YG_VAULT_KEYS gives them in the environment."""
    if os.environ.get("YG_VAULT_KEYS", "").strip():
        return None
    named = os.environ.get("YG_VAULT_KEYS_FILE", "").strip()
    return Path(named) if named else Path(settings.DATA_DIR) / KEY_FILE


def write_keys(path: Path, keys: Keys) -> None:
    """Put keys into their file at one stroke: whoever reads it finds the old ones or the new ones, never half."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(keys.written)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class _HouseVault:
    """The instance's vault; a key file that was changed is read anew, so that a rotation reaches running processes."""

    def __init__(self) -> None:
        self._read: tuple[object, Vault] | None = None

    def __call__(self) -> Vault:
        """Return the vault: keys from YG_VAULT_KEYS (or the file YG_VAULT_KEYS_FILE), else the data folder's."""
        path = key_file()
        if (stamp := _stamp(path)) is None:
            _keys(path)  # makes the file
            stamp = _stamp(path)
        known = self._read
        if known is None or known[0] != stamp:
            known = (stamp, Vault(_keys(path)))
            self._read = known
        return known[1]

    def cache_clear(self) -> None:
        """Read the keys anew at the next call."""
        self._read = None


def _stamp(path: Path | None) -> object:
    if path is None:
        return os.environ["YG_VAULT_KEYS"]
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return str(path), state.st_ino, state.st_mtime_ns, state.st_size


def _keys(path: Path | None) -> Keys:
    if path is None or os.environ.get("YG_VAULT_KEYS_FILE", "").strip():
        return Keys.read(env_secret("YG_VAULT_KEYS"))
    return keys_in(path.parent)


house_vault = _HouseVault()


def seal(table: str, column: str, row: str, text: str) -> bytes:
    """Return the text sealed for one field of one row, with the instance's keys."""
    return house_vault().seal(text, place=f"{table}.{column}.{row}")


def open(table: str, column: str, row: str, sealed: bytes) -> str:
    """Return the text of one field of one row; SealBroken where it was altered or moved."""
    return house_vault().open(sealed, place=f"{table}.{column}.{row}")
