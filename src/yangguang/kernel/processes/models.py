"""Published versions of processes: the file, its hash, and the table it was compiled to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ProcessVersion(models.Model):
    """One version of a process as published; a case finishes on the version it began with.

    The file and the table are never changed after publication (migration 0002 forbids it).
    """

    key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    xml = models.TextField()
    #: hash of the file, as shown beside the published diagram
    sha256 = models.CharField(max_length=64)
    net = models.JSONField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "version"], name="one_process_version")]
        ordering: ClassVar = ["key", "-version"]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
