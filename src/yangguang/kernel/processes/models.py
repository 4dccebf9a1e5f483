"""Published process files. A version never changes; a case finishes on the one it began with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ProcessVersion(models.Model):
    """One version of a process: the file as published, and the table compiled from it."""

    key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    net = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="one_process_a_version"),
        ]
        ordering: ClassVar = ["key", "version"]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
