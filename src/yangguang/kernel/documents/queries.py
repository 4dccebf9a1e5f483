"""Reads of the documents room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.db.models import QuerySet

from yangguang.kernel.documents import files
from yangguang.kernel.documents.models import Blob, Document
from yangguang.kernel.documents.vocabulary import FORMATS, Disclosure, Review

INLINE = frozenset(f.media_type for f in FORMATS.values() if f.inline)


def documents_of(stream: str) -> QuerySet[Document]:
    """Return the documents of a ledger stream, oldest first, without those that were replaced."""
    return Document.objects.filter(stream=stream, successors__isnull=True).select_related("blob")


def public_documents_of(stream: str) -> QuerySet[Document]:
    """Return what the public may see: proactive disclosure that passed its secrecy review."""
    return documents_of(stream).filter(disclosure=Disclosure.PROACTIVE, review=Review.PASSED)


def is_public(document: Document) -> bool:
    """Return whether anybody may read a document."""
    return document.disclosure == Disclosure.PROACTIVE and document.review == Review.PASSED


def may_show_inline(document: Document) -> bool:
    """Return whether a browser may show it in the page; all else is offered as a download only."""
    return document.blob.media_type in INLINE


def open_document(document: Document) -> BinaryIO:
    """Open the file of a document for reading."""
    return files.path_of(document.blob_id).open("rb")


def known(sha256: str) -> QuerySet[Document]:
    """Return the documents of this very content, oldest first."""
    return Document.objects.filter(blob_id=sha256)


def altered() -> Iterator[tuple[str, str]]:
    """Yield each blob whose file is missing or no longer gives its hash, with what is wrong."""
    for sha256 in Blob.objects.order_by("sha256").values_list("sha256", flat=True).iterator():
        path = files.path_of(sha256)
        if not path.is_file():
            yield sha256, "missing"
        elif files.digest_of(path) != sha256:
            yield sha256, "altered"
