"""Tables of the ledger: streams, entries, cases, participations, deadlines, work items.

Only ``ledger.writing`` writes here. Entries are append-only by trigger
(migration 0002); every other table is a projection that entries explain.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Stream(models.Model):
    """One chain of entries: a case, or a register such as the organisation.

    Locking its row makes one writer at a time.
    """

    key = models.CharField(max_length=80, primary_key=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return self.key


class Case(models.Model):
    """A promise of government: an owner, clocks, a trail and a public face."""

    number = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    title = models.TextField()
    stream = models.OneToOneField(Stream, on_delete=models.PROTECT, related_name="case")
    owner = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="owned_cases")
    division = models.ForeignKey("organisation.Division", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="offspring")
    state = models.CharField(max_length=40)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    process_key = models.CharField(max_length=80, blank=True)
    process_version = models.PositiveIntegerField(null=True, blank=True)
    rulebook_hash = models.CharField(max_length=64)
    public_from = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "state"], name="case_kind_state"),
            models.Index(fields=["owner", "kind"], name="case_owner_kind"),
            models.Index(fields=["public_from"], name="case_public", condition=models.Q(public_from__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Participation(models.Model):
    """A unit's part in a case: who leads, who supports, who supervises."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participations")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "unit", "role"], name="one_part_a_role")]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.role}: {self.unit}"


class Entry(models.Model):
    """One line of the trail: named, chained, never changed, free of personal data."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10)
    actor_key = models.CharField(max_length=80)
    actor_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.JSONField()
    #: the canonical text that was hashed; JSON columns keep no stable text between server versions
    text = models.TextField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="one_entry_a_place")]
        indexes: ClassVar = [
            models.Index(fields=["name", "recorded_at"], name="entry_name_time"),
            models.Index(fields=["recorded_at"], name="entry_time"),
        ]
        ordering: ClassVar = ["stream", "seq"]

    def __str__(self) -> str:
        return f"{self.stream_id}#{self.seq} {self.name}"


class Deadline(models.Model):
    """A clock of a case: a projection of its events and one calendar version.

    ``limit`` and ``events`` are what the clock room needs to reckon it again;
    ``due_on`` is never typed. Former answers stay in ``Reckoning``.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    key = models.CharField(max_length=60)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=200)
    limit = models.JSONField()
    events = models.JSONField(default=list)
    rule = models.CharField(max_length=120, blank=True)
    cite = models.TextField(blank=True)
    jurisdiction = models.CharField(max_length=12, blank=True)
    starts_on = models.DateField()
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    soft = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="running")
    met_on = models.DateField(null=True)
    period = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "key"], name="one_clock_a_key")]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="deadline_running_due", condition=models.Q(state="running")),
            models.Index(
                fields=["jurisdiction", "calendar_version"],
                name="deadline_open_calendar",
                condition=models.Q(state__in=("running", "suspended")),
            ),
        ]
        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.case.number} {self.label}: {self.due_on}"


class Reckoning(models.Model):
    """A former answer of a deadline, kept beside the new one with the reason it moved."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reckonings")
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=64)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.due_on} ({self.reason})"


class WorkItem(models.Model):
    """A token of a running process: what somebody is to do, or what is waited for."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    token = models.PositiveIntegerField()
    node = models.CharField(max_length=80)
    scope = models.PositiveIntegerField(default=0)
    instance = models.SmallIntegerField(default=-1)
    kind = models.CharField(max_length=10, default="task")
    role = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, null=True, related_name="work_items")
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "token"], name="one_row_a_token")]
        indexes: ClassVar = [
            models.Index(fields=["unit", "role", "opened_at"], name="work_open", condition=models.Q(state="open")),
        ]
        ordering: ClassVar = ["opened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case.number} {self.node} {self.state}"


class CalendarDay(models.Model):
    """A day of one version of a working calendar, with its cumulative working-day number.

    ``number`` counts the working days from the calendar's first day through
    this one; deadlines join it by ``calendar_version``. Written once a version.
    """

    jurisdiction = models.CharField(max_length=12)
    version = models.CharField(max_length=64)
    day = models.DateField()
    number = models.PositiveIntegerField()
    is_work = models.BooleanField()
    provisional = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "day"], name="one_day_a_calendar_version")]
        ordering: ClassVar = ["version", "day"]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.day}"


class CalendarNotice(models.Model):
    """A holiday notice that the instance adopted beside those shipped; ``page`` is a row of the calendar files.

    Written by ``adopting`` only. A corrected notice is a new row; a row is never changed but for ``withdrawn``.
    """

    jurisdiction = models.CharField(max_length=12)
    title = models.TextField()
    number = models.CharField(max_length=120, blank=True)
    published = models.DateField()
    covers = models.PositiveSmallIntegerField(null=True, blank=True)
    page = models.JSONField()
    #: the words as pasted, and the hash of what was read
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "sha256"], condition=models.Q(withdrawn=None), name="one_notice_in_force"
            ),
        ]
        ordering: ClassVar = ["-published", "-pk"]

    def __str__(self) -> str:
        return f"{self.title}{f'（{self.number}）' if self.number else ''}"


class Series(models.Model):
    """The last number given in a series, so that numbers have no gaps."""

    key = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
