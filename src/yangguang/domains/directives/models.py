"""Tables of the directives room: notices, proposals, duties, reports, extensions, objections.

What all kinds share (owner, state, clocks, trail, tokens) stands in the ledger.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """A notice (来文) as it came in, with what the reader made of it."""

    case = models.OneToOneField("ledger.Case", on_delete=models.PROTECT, related_name="notice")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    #: of the words of its duties, however they were set on a page; see ``intake.fingerprint``
    text_sha256 = models.CharField(max_length=64, db_index=True)
    #: the document number without script, width and punctuation
    number_key = models.CharField(max_length=120, blank=True, db_index=True)
    source_name = models.CharField(max_length=255)
    text = models.TextField()
    reading = models.JSONField()
    document_number = models.CharField(max_length=120, blank=True, db_index=True)
    issuer = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    back_entered = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.document_number or self.case.title


class Proposal(models.Model):
    """One row of a decomposition before it is confirmed: what was read, as a person left it."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="proposals")
    position = models.PositiveSmallIntegerField()
    read = models.JSONField(null=True)
    title = models.TextField(blank=True)
    text = models.TextField()
    path = models.JSONField(default=list)
    number = models.CharField(max_length=80, blank=True)
    #: role -> list of {"printed", "unit": id or null, "collective": {"predicate", "open"} or null, "how", "candidates"}
    units = models.JSONField(default=dict)
    deadlines = models.JSONField(default=list)
    targets = models.JSONField(default=list)
    persons = models.JSONField(default=list)
    #: share already done of a duty that is taken over while it runs
    percent = models.PositiveSmallIntegerField(default=0)
    #: how the work stood then, in a person's words
    status = models.TextField(blank=True)
    kept = models.BooleanField(default=True)
    edited = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "position"], name="one_proposal_a_place")]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.notice} {self.position}"


class Duty(models.Model):
    """A duty (督查事项): what a unit promised to do by when, from which words of which notice."""

    case = models.OneToOneField("ledger.Case", on_delete=models.PROTECT, related_name="duty")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="duties")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=80, blank=True)
    path = models.JSONField(default=list)
    text = models.TextField()
    printed = models.JSONField(default=dict)
    spans = models.JSONField(default=dict)
    persons = models.JSONField(default=list)
    #: the deadlines as confirmed, each with the ``k`` that names its clock
    printed_deadlines = models.JSONField(default=list)
    collective = models.CharField(max_length=200, blank=True)
    cycle = models.CharField(max_length=12, blank=True)
    dispatched_on = models.DateField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    #: planned share of the work by month end, "YYYY-MM" -> percent; empty = linear
    plan = models.JSONField(default=dict)
    lamp = models.CharField(max_length=12, default="normal")
    lamp_because = models.TextField(blank=True)
    last_report_on = models.DateField(null=True)
    children_done = models.PositiveSmallIntegerField(default=0)
    children_total = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)
    back_entered = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lamp"], name="duty_lamp")]
        ordering: ClassVar = ["notice", "position", "pk"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.case.number


class Receipt(models.Model):
    """Whether a unit has signed for a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "unit"], name="one_receipt_a_unit")]

    def __str__(self) -> str:
        return f"{self.duty} {self.unit}"


class Target(models.Model):
    """A number to be reached, counted as reports come in."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="targets")
    position = models.PositiveSmallIntegerField()
    expr = models.TextField()
    operator = models.CharField(max_length=4, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unit = models.CharField(max_length=40, blank=True)
    reached = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    as_of = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "position"], name="one_target_a_place")]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.expr


class Report(models.Model):
    """A unit's own words on its progress, kept as given.

    ``kind`` is ``contribution`` (supporting unit to lead), ``report`` (to the
    supervision office) or ``taken_over`` (how the work stood at go-live, entered by
    the office); ``state`` is given, accepted or returned.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    period = models.CharField(max_length=12, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    problems = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    figures = models.JSONField(default=dict)
    #: doubts that the report raises, each a sentence, and the unit's own explanation
    notes = models.JSONField(default=list)
    explanation = models.TextField(blank=True)
    final = models.BooleanField(default=False)
    evidence = models.ManyToManyField("documents.Document", related_name="+")
    merges = models.ManyToManyField("self", symmetrical=False, related_name="merged_in")
    given_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="given")
    opinion = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.duty} {self.unit} {self.given_at:%Y-%m-%d}"


class Extension(models.Model):
    """A request for more time and what was decided."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="extensions")
    deadline = models.ForeignKey("ledger.Deadline", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    due_on = models.DateField()
    proposed_on = models.DateField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")
    decision = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.duty} → {self.proposed_on}"


class PlanProposal(models.Model):
    """The lead unit's own decomposition of its duty: steps and the percent reached by each month's end."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="plan_proposals")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    steps = models.TextField()
    plan = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    #: proposed, approved or returned
    state = models.CharField(max_length=10, default="proposed")
    opinion = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duty"], condition=models.Q(state="proposed"), name="one_plan_waits_for_a_decision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.state}"


class LightNote(models.Model):
    """A signed note that stands beside the computed light until a day; the light itself stays computed."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="light_notes")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    lamp = models.CharField(max_length=12)
    reason = models.TextField()
    noted_on = models.DateField()
    until = models.DateField()
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.duty} {self.lamp}"


class Objection(models.Model):
    """A unit's dispute of an assignment and the ruling."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="objections")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    basis = models.TextField()
    raised_at = models.DateTimeField()
    ruling = models.CharField(max_length=12, blank=True)
    ruling_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.duty} {self.unit}"


class Nomination(models.Model):
    """An open collective (有关部门) of a duty that waits until somebody says whom it means."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="nominations")
    role = models.CharField(max_length=12)
    printed = models.CharField(max_length=200)
    predicate = models.JSONField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.duty} {self.printed}"
