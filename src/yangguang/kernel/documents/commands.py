"""Writes of the documents room. Each is called inside a ledger writing, whose entry explains it."""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import datetime
from typing import BinaryIO

from django.db import connection

from yangguang.kernel.documents.files import keep, sweep
from yangguang.kernel.documents.models import Blob, Document, SealedRecord
from yangguang.kernel.documents.names import clean_name
from yangguang.kernel.documents.vocabulary import Disclosure, Erased, Review
from yangguang.platform import vault

SEALED = (SealedRecord._meta.db_table, "ciphertext")  # noqa: SLF001 - Django's documented introspection


def store(
    content: bytes | BinaryIO,
    *,
    name: str,
    kind: str,
    by: str,
    at: datetime,
    stream: str = "",
    disclosure: Disclosure = Disclosure.WITHHELD,
    basis: str = "",
    replaces: Document | None = None,
) -> Document:
    """Keep a file and return its document; inside a writing only. Raises ``Unfit``.

    ``by`` is the key of an actor, ``stream`` the ledger stream it belongs to;
    until somebody decides otherwise a document is not disclosed.
    """
    _inside_writing()
    clean = clean_name(name)
    kept = keep(io.BytesIO(content) if isinstance(content, bytes) else content, clean)
    if not clean.lower().endswith(kept.format.suffixes):
        clean += kept.format.suffixes[0]
    blob, _ = Blob.objects.get_or_create(
        sha256=kept.sha256, defaults={"size": kept.size, "media_type": kept.format.media_type}
    )
    return Document.objects.create(
        blob=blob,
        name=clean,
        kind=kind,
        stream=stream,
        disclosure=disclosure,
        basis=basis,
        uploaded_by=by,
        at=at,
        replaces=replaces,
    )


def classify(document: Document, disclosure: Disclosure, *, basis: str = "") -> None:
    """Give a document another disclosure class; its review begins anew."""
    _inside_writing()
    document.disclosure, document.basis = disclosure, basis
    document.review, document.reviewed_by, document.reviewed_at = Review.PENDING, "", None
    document.save(update_fields=["disclosure", "basis", "review", "reviewed_by", "reviewed_at"])


def conclude_review(document: Document, review: Review, *, by: str, at: datetime) -> None:
    """Record the outcome of the secrecy review (保密审查) on the document."""
    _inside_writing()
    if review is Review.PENDING:
        raise ValueError("a concluded review passed or was refused")
    document.review, document.reviewed_by, document.reviewed_at = review, by, at
    document.save(update_fields=["review", "reviewed_by", "reviewed_at"])


def seal(text: str, *, purpose: str, owner: str, at: datetime) -> SealedRecord:
    """Put personal data into an erasable, encrypted record; the entry names its ``id`` and ``digest``."""
    _inside_writing()
    record = SealedRecord(id=uuid.uuid4(), purpose=purpose, owner=owner, sealed_at=at)
    record.ciphertext = vault.seal(*SEALED, str(record.pk), text)
    record.digest = hashlib.sha256(record.ciphertext).hexdigest()
    record.save(force_insert=True)
    return record


def unseal(record: SealedRecord) -> str:
    """Return the text of a sealed record or raise ``Erased``; the caller records who saw it and for what."""
    if record.ciphertext is None:
        raise Erased(f"record {record.pk} was erased")
    return vault.open(*SEALED, str(record.pk), bytes(record.ciphertext))


def erase(record: SealedRecord, *, at: datetime) -> None:
    """Destroy the text of a sealed record for good; its id, digest and days remain."""
    _inside_writing()
    if record.erased_at is None:
        record.ciphertext, record.erased_at = None, at
        record.save(update_fields=["ciphertext", "erased_at"])


def sweep_files(*, before: datetime) -> int:
    """Remove files left behind by writings that failed before a moment, and return how many there were.

    ``before`` lies well in the past (a day): a file stands on disk before its row does.
    """
    return sweep(lambda name: Blob.objects.filter(sha256=name).exists(), before=before)


def _inside_writing() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("documents are written inside a ledger writing")
