"""Words of the organisation: levels, natures, how a name was recognised, predicates of collectives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The five levels of government, from above."""

    PROVINCE = "province", _("省级")
    PREFECTURE = "prefecture", _("市（州）级")
    COUNTY = "county", _("县（市、区）级")
    TOWNSHIP = "township", _("乡（镇、街道）级")
    VILLAGE = "village", _("村（社区）级")


class Nature(models.TextChoices):
    """What sort of body a unit is; only some of them are government departments."""

    GOVERNMENT = "government", _("人民政府")
    DEPARTMENT = "department", _("政府部门")
    PARTY = "party", _("党委部门")
    VERTICAL = "vertical", _("垂直管理单位")
    COURT = "court", _("法院检察院")
    CENTRAL_LOCAL = "central_local", _("中央驻地方单位")
    INSTITUTION = "institution", _("事业单位")
    ENTERPRISE = "enterprise", _("国有企业")
    VILLAGE_BODY = "village_body", _("村（居）民委员会")


class How(StrEnum):
    """By which way a printed name was recognised."""

    NAME = "name"
    SHORT_NAME = "short_name"
    ALIAS = "alias"
    ABBREVIATION = "abbreviation"
    SIGNBOARDS = "signboards"
    OUTER_NAME = "outer_name"
    FORMER_NAME = "former_name"
    MERGED = "merged"
    COLLECTIVE = "collective"
    CANDIDATES = "candidates"
    NOTHING = "nothing"


class Within(StrEnum):
    """Where the members of a collective are looked for, seen from the issuing division."""

    DIVISION = "division"
    BELOW = "below"
    DIVISION_AND_BELOW = "division_and_below"


class PredicateRefused(ValueError):
    """A collective's predicate is not of the known form."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """Which units a collective (各县市区, 省直有关部门) means, seen from the issuing division.

    Empty levels or natures mean any. `branch` restricts to parks and new areas (True), leaves them out (False)
    or does not ask (None). `units` names members by code where the document itself lists them.
    """

    levels: frozenset[Level] = frozenset()
    natures: frozenset[Nature] = frozenset()
    within: Within = Within.DIVISION
    branch: bool | None = None
    units: frozenset[str] = frozenset()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Predicate":
        """Read the JSON form; PredicateRefused on any key or word it does not know."""
        unknown = set(written) - {"levels", "natures", "within", "branch", "units"}
        if unknown:
            raise PredicateRefused(f"unknown keys: {', '.join(sorted(unknown))}")
        branch = written.get("branch")
        if branch not in (None, True, False):
            raise PredicateRefused(f"branch must be true or false, not {branch!r}")
        try:
            return cls(
                levels=frozenset(map(Level, _texts(written, "levels"))),
                natures=frozenset(map(Nature, _texts(written, "natures"))),
                within=Within(written.get("within", Within.DIVISION)),
                branch=branch,
                units=frozenset(_texts(written, "units")),
            )
        except ValueError as error:
            raise PredicateRefused(str(error)) from error

    @property
    def written(self) -> dict[str, Any]:
        """The JSON form, without what is left open."""
        rows: dict[str, Any] = {"within": self.within.value}
        for name, members in (("levels", self.levels), ("natures", self.natures), ("units", self.units)):
            if members:
                rows[name] = sorted(str(member) for member in members)
        if self.branch is not None:
            rows["branch"] = self.branch
        return rows


def _texts(written: Mapping[str, Any], name: str) -> Iterable[str]:
    given = written.get(name, [])
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise PredicateRefused(f"{name} must be a list of words")
    return given
