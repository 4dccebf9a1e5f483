"""Tables of the proofs: leaves, stored nodes, closed days, what witnesses were given. All only added to, by trigger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yangguang.kernel.proofs.vocabulary import Published


class Leaf(models.Model):
    """The place of an entry in the tree over the whole ledger, and its hash when it took that place."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="leaf")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"


class Node(models.Model):
    """The hash of a complete subtree of 256, 65 536, … leaves: all that is kept besides the leaves."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "index"], name="one_node_a_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index} {self.digest[:12]}"


class ClosedDay(models.Model):
    """A Beijing day that can receive no entry any more: the size of the ledger at its end and the root over it."""

    day = models.DateField(primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, unique=True)
    #: the proof that this day continues the day before (RFC 9162 consistency), as it was published
    path = models.JSONField(default=list)
    #: every entry up to this row number has its leaf: where the next day begins to look
    settled = models.BigIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.size} {self.seal[:12]}"

    @property
    def published(self) -> Published:
        """The day as it is published; its seal is reckoned anew from the other facts."""
        return Published(self.day, self.size, self.root, self.previous)


class Deposit(models.Model):
    """A witness has taken a day; ``proof`` is what it gave back, such as a time stamp."""

    day = models.ForeignKey(ClosedDay, on_delete=models.PROTECT, related_name="deposits")
    witness = models.CharField(max_length=20)
    proof = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "witness"], name="one_deposit_a_witness")]
        ordering: ClassVar = ["day", "witness"]

    def __str__(self) -> str:
        return f"{self.witness}: {self.day_id}"
