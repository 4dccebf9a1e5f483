"""Tables of the documents room. Rows are written inside a ledger writing; files stand on disk before them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yangguang.kernel.documents.vocabulary import Disclosure, Review


class Blob(models.Model):
    """A file by its content: equal files are one."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.sha256


class Document(models.Model):
    """A named document with the class in which it may be disclosed and its secrecy review.

    A document never changes its blob: a new version is a new document that
    ``replaces`` the old one, so what was reviewed is what is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    stream = models.CharField(max_length=80, blank=True)
    disclosure = models.CharField(max_length=12, choices=[(d.value, d.zh) for d in Disclosure])
    basis = models.TextField(blank=True)
    review = models.CharField(max_length=10, choices=[(r.value, r.zh) for r in Review], default=Review.PENDING)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.CharField(max_length=80)
    at = models.DateTimeField()
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stream", "at"], name="document_stream")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(review=Review.PENDING) | models.Q(reviewed_at__isnull=False),
                name="document_review_is_dated",
            ),
        ]
        ordering: ClassVar = ["at", "name"]

    def __str__(self) -> str:
        return self.name


class SealedRecord(models.Model):
    """Personal data apart from the chain: entries name its id and digest, so erasure leaves the chain whole.

    ``digest`` is of the ciphertext, which tells nothing once that is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=80)
    owner = models.CharField(max_length=80)
    ciphertext = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner"], name="sealed_owner")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ciphertext__isnull=True) ^ models.Q(erased_at__isnull=True),
                name="sealed_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
