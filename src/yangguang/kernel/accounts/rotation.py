"""A new key for the vault: everything is sealed anew in batches, then the old keys are retired.

Every step can be broken off at any moment and is taken up by the same call: a batch and its entry are one
transaction, a text that is under the newest key is left alone, and old keys leave only when nothing needs them.
The digest of a sealed record stays that of its first ciphertext, as the entries name it.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from yangguang.kernel.accounts.vocabulary import (
    OPERATOR,
    VAULT,
    KeysElsewhere,
    SealedAnew,
    StillInUse,
    VaultKeyAdded,
    VaultKeysRetired,
)
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.platform.fields import EncryptedText, place_of
from yangguang.platform.vault import house_vault, key_file, write_keys

#: rows sealed anew in one transaction
BATCH = 500
#: how long the end of older transactions is awaited, in seconds
PATIENCE = 30.0
RETIRED = "retired"
#: how a sealed secret of a second factor begins, in its JSON
MARK = "sealed:"
#: secrets of second factors know no row when they are sealed, so that they are bound to their table alone
FACTOR = "mfa_authenticator.data"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the newest version, how many texts it sealed anew, which versions it retired."""

    version: int
    added: bool
    resealed: int
    retired: tuple[int, ...]


def rotate(*, at: Callable[[], datetime], patience: float = PATIENCE) -> Rotated:
    """Add a key (unless a rotation was broken off), seal everything anew, retire the older keys."""
    path = key_file()
    if path is None:
        raise KeysElsewhere
    keys, by = house_vault().keys, Actor.system(OPERATOR)
    added = len(keys.sealing) == 1
    if added:
        keys = keys.rotated()
        with writing(VAULT, by=by, at=at()) as draft:
            draft.record(VaultKeyAdded(version=max(keys.sealing)))
            write_keys(path, keys)
    version = max(keys.sealing)
    began = _database_time()
    resealed = reseal(at=at)
    _await_older_than(began, patience)
    resealed += reseal(at=at)
    old = tuple(sorted(set(keys.sealing) - {version}))
    with writing(VAULT, by=by, at=at()) as draft:
        draft.record(VaultKeysRetired(versions=old))
        with os.fdopen(
            os.open(path.with_name(f"{path.name}.{RETIRED}"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a"
        ) as kept:
            kept.write(keys.written)
            kept.flush()
            os.fsync(kept.fileno())
        write_keys(path, keys.retired())
    return Rotated(version, added, resealed, old)


def reseal(*, at: Callable[[], datetime], batch: int = BATCH) -> int:
    """Seal everything that stands under an older key anew, in batches; return how many texts that were."""
    done = 0
    for model, column in sealed_columns():
        while count := _reseal_batch(model, column, at(), batch):
            done += count
    while count := _reseal_factors(at(), batch):
        done += count
    return done


def sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every column that the vault seals: sealed records, and the encrypted fields of all tables."""
    yield SealedRecord, "ciphertext"
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented introspection
            if isinstance(field, EncryptedText):
                yield model, field.attname


def standing() -> dict[int, int]:
    """Return how many texts stand under each version of the key."""
    found: dict[int, int] = {}
    for model, column in sealed_columns():
        rows: Any = model._default_manager.filter(**{f"{column}__isnull": False})  # noqa: SLF001 - as above
        for version in rows.annotate(key_version=_version_of(column)).values_list("key_version", flat=True).iterator():
            found[version] = found.get(version, 0) + 1
    for factor in Authenticator.objects.iterator():
        for value in _secrets(factor).values():
            version = _opened_mark(value)[0] if value.startswith(MARK) else 0
            found[version] = found.get(version, 0) + 1
    return found


def seal_factor(text: str) -> str:
    """Return a secret of a second factor as it is kept."""
    return MARK + base64.b64encode(house_vault().seal(text, place=FACTOR)).decode()


def open_factor(kept: str) -> str:
    """Return a secret of a second factor; one from before they were sealed is returned as it stands."""
    return house_vault().open(_opened_mark(kept), place=FACTOR) if kept.startswith(MARK) else kept


def _version_of(column: str) -> models.Func:
    return models.Func(
        Cast(column, models.BinaryField()), models.Value(0), function="get_byte", output_field=models.IntegerField()
    )


def _reseal_batch(model: type[models.Model], column: str, at: datetime, batch: int) -> int:
    vault = house_vault()
    version = max(vault.keys.sealing)
    with transaction.atomic():
        rows: Any = model._default_manager.select_for_update().filter(**{f"{column}__isnull": False})  # noqa: SLF001
        old = list(rows.annotate(key_version=_version_of(column)).exclude(key_version=version).order_by("pk")[:batch])
        if not old:
            return 0
        for row in old:
            place = place_of(row, column)
            fresh = vault.seal(vault.open(bytes(getattr(row, column)), place=place), place=place)
            model._default_manager.filter(pk=row.pk).update(**{column: fresh})  # noqa: SLF001 - as above
        _record(f"{model._meta.db_table}.{column}", len(old), version, at)  # noqa: SLF001 - as above
    return len(old)


def _reseal_factors(at: datetime, batch: int) -> int:
    version = max(house_vault().keys.sealing)
    with transaction.atomic():
        old = []
        for factor in Authenticator.objects.select_for_update().order_by("pk"):
            stale = {
                name: value
                for name, value in _secrets(factor).items()
                if not value.startswith(MARK) or _opened_mark(value)[0] != version
            }
            if stale:
                factor.data.update({name: seal_factor(open_factor(value)) for name, value in stale.items()})
                factor.save(update_fields=["data"])
                old.append(factor)
            if len(old) == batch:
                break
        if old:
            _record(FACTOR, len(old), version, at)
    return len(old)


def _secrets(factor: Authenticator) -> dict[str, str]:
    """Return the parts of a second factor that must not be read: the secret of TOTP, the seed of recovery codes."""
    return {name: factor.data[name] for name in ("secret", "seed") if isinstance(factor.data.get(name), str)}


def _opened_mark(kept: str) -> bytes:
    return base64.b64decode(kept.removeprefix(MARK))


def _record(place: str, rows: int, version: int, at: datetime) -> None:
    with writing(VAULT, by=Actor.system(OPERATOR), at=at) as draft:
        draft.record(SealedAnew(place=place, rows=rows, version=version))


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _await_older_than(moment: datetime, patience: float) -> None:
    """Wait until no transaction runs that began before a moment: it could still bring in a text under an old key."""
    until = time.monotonic() + patience
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start < %s",
                [moment],
            )
            if cursor.fetchone()[0] == 0:
                return
        if time.monotonic() >= until:
            raise StillInUse
        time.sleep(0.2)
