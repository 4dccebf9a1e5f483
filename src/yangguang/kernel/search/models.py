"""The one table of search."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Indexed(models.Model):
    """A record as it can be found: a projection, built again from the rooms' own tables at any time."""

    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=120)
    title = models.TextField()
    body = models.TextField(blank=True)
    #: title and body folded (simplified, lower case, no gaps), for the phrase check
    folded = models.TextField()
    words = SearchVectorField()
    url_name = models.CharField(max_length=80)
    url_args = models.JSONField(default=list)
    #: units whose people may find it while it is not public
    units = ArrayField(models.BigIntegerField(), default=list)
    public = models.BooleanField(default=False)
    day = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "ref"], name="indexed_once")]
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="indexed_words"),
            GinIndex(fields=["units"], name="indexed_units"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} {self.title}"
