"""Tables of the organisation. Rows change only through the commands of `kernel.office`."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from yangguang.kernel.organisation.vocabulary import Level, Nature

#: GB/T 2260 figures; parks and new areas may go on with capital letters
DIVISION_CODE = r"^[0-9]{2}[0-9A-Z]{0,14}$"


def _ends_after_start(name: str) -> models.CheckConstraint:
    ordered = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(condition=ordered, name=name)


class Dated(models.Model):
    """Something in force from a day to a day, both counted; no end means still in force."""

    valid_from = models.DateField("起始日")
    valid_to = models.DateField("终止日", null=True, blank=True)

    class Meta:
        abstract = True


class Division(Dated):
    """An administrative division (行政区划) or a park that hangs beside the tree (`branch`)."""

    code = models.CharField("区划代码", max_length=16, unique=True, validators=[RegexValidator(DIVISION_CODE)])
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=100)
    level = models.CharField("层级", max_length=12, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    branch = models.BooleanField("开发区、新区", default=False)
    sort_key = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            _ends_after_start("division_ends_after_start"),
            models.CheckConstraint(condition=Q(code__regex=DIVISION_CODE), name="division_code_is_gbt2260"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="division_is_not_its_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(Dated):
    """A body that can own a case. `name` is the present official name; its history is in UnitName."""

    code = models.CharField("单位代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=200)
    division = models.ForeignKey(Division, models.PROTECT, related_name="units")
    superior = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    nature = models.CharField("性质", max_length=16, choices=Nature)
    level = models.CharField("层级", max_length=12, choices=Level)
    counterpart = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="lower_counterparts")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    plate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="plates")
    sort_key = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["division__code", "code"]
        constraints: ClassVar = [
            _ends_after_start("unit_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(superior=F("id"))
                & ~Q(counterpart=F("id"))
                & ~Q(merged_into=F("id"))
                & ~Q(plate_of=F("id")),
                name="unit_points_to_others",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(valid_to__isnull=False), name="merged_unit_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitName(Dated):
    """A name a unit bore or bears, official or short; `key` and `stem` are what printed names are compared with."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=200)
    is_short = models.BooleanField("简称", default=False)
    key = models.CharField(max_length=200, db_index=True)
    stem = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering: ClassVar = ["unit", "is_short", "valid_from"]
        constraints: ClassVar = [
            _ends_after_start("unit_name_ends_after_start"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(is_short=False, valid_to__isnull=True), name="one_present_official_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(Dated):
    """A name found in documents and confirmed by a person; with `context`, only in papers of that division."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    text = models.CharField("别名", max_length=200)
    context = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    learned_by = models.ForeignKey("organisation.Officer", models.PROTECT, null=True, blank=True, related_name="+")
    learned_at = models.DateTimeField("登记时间")
    key = models.CharField(max_length=200, db_index=True)
    stem = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering: ClassVar = ["key"]
        verbose_name_plural = "aliases"
        constraints: ClassVar = [
            _ends_after_start("alias_ends_after_start"),
            models.UniqueConstraint(
                fields=["unit", "key", "context"], nulls_distinct=False, name="alias_once_per_unit_and_context"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Collective(Dated):
    """A name for many units (联席会议成员单位) with its predicate; `open` ones wait until somebody nominates."""

    name = models.CharField("名称", max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="collectives")
    predicate = models.JSONField("范围")
    open = models.BooleanField("须提名", default=False)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            _ends_after_start("collective_ends_after_start"),
            models.UniqueConstraint(
                fields=["key", "division", "valid_from"], nulls_distinct=False, name="collective_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A member of staff: the name and the staff number, nothing more."""

    number = models.CharField("工号", max_length=32, unique=True)
    name = models.CharField("姓名", max_length=50)
    sort_key = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["sort_key", "number"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of capabilities, each spelled out (no wildcards), for some kinds of case or for all (`*`)."""

    code = models.CharField("代码", max_length=50, unique=True)
    name = models.CharField("名称", max_length=100)
    capabilities = models.JSONField("权限", default=list)
    kinds = models.JSONField("事项种类", default=list)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    """A position in a unit. Its roles reach over the subtree of `scope`, by default its own unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    name = models.CharField("岗位", max_length=100)
    scope = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    roles = models.ManyToManyField(Role, related_name="posts")

    class Meta:
        ordering: ClassVar = ["unit", "name"]
        constraints: ClassVar = [
            _ends_after_start("post_ends_after_start"),
            models.UniqueConstraint(fields=["unit", "name", "valid_from"], name="post_once_per_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.name}"


class Officer(Dated):
    """A person in a post for a time (任职): whoever acts, acts as an officer."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="officers")

    class Meta:
        ordering: ClassVar = ["person", "valid_from"]
        constraints: ClassVar = [
            _ends_after_start("officer_ends_after_start"),
            models.UniqueConstraint(fields=["person", "post", "valid_from"], name="appointed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.post}）"


class Delegation(Dated):
    """One officer stands in for another (AB岗) for some capabilities; it cannot be passed on."""

    giver = models.ForeignKey(Officer, models.PROTECT, related_name="given")
    taker = models.ForeignKey(Officer, models.PROTECT, related_name="taken")
    capabilities = models.JSONField("权限", default=list)

    class Meta:
        ordering: ClassVar = ["giver", "valid_from"]
        constraints: ClassVar = [
            _ends_after_start("delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegated_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"
