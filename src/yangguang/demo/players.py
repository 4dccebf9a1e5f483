"""Who acts in the history and on what: names in the script become officers, notices and duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from yangguang.demo.organising import HEAD_POST
from yangguang.domains.directives.models import Duty, Notice
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.organisation.models import Officer, Unit
from yangguang.kernel.organisation.queries import in_force
from yangguang.supervision.models import Card

#: what may stand behind a unit's code in the script -> the capability that makes the officer
RANKS = {"": "directives.handle", "head": "directives.object", "leader": "directives.approve"}


@dataclass
class Stage:
    """The present moment of the history and the cast that acts in it."""

    moment: datetime
    #: label of a notice in the script -> the name of its file
    files: dict[str, str]

    def pass_minutes(self, minutes: int) -> datetime:
        """Let time go on and return the moment reached."""
        self.moment += timedelta(minutes=minutes)
        return self.moment

    @cached_property
    def _logins(self) -> dict[str, Officer]:
        held = Officer.objects.filter(in_force(self._day), person__accounts__is_demo=True).select_related("post")
        return {officer.person.accounts.get().username: officer for officer in held}

    def actor(self, name: str) -> Actor:
        """Return the officer of a login, or the clerk of a unit's code (`CODE/head` is its head)."""
        if name in self._logins:
            return _acting(self._logins[name])
        code, _, rank = name.partition("/")
        capability = RANKS[rank]
        posts = self._serving(code).filter(post__roles__capabilities__contains=[capability]).order_by("pk")
        return _acting(posts.exclude(post__name=HEAD_POST)[0] if not rank else posts[0])

    def clerk(self, unit: Unit) -> Actor:
        """Return who handles duties in a unit."""
        return self.actor(unit.code)

    def notice(self, label: str) -> Notice:
        """Return the notice that the script calls by a label."""
        return Notice.objects.select_related("case").get(source_name=self.files[label])

    def duty(self, label: str) -> Duty:
        """Return a duty: `1.3`, its part for one unit `1.3/9901-gov`, or what it was carried over into `1.3+`."""
        place, _, unit = label.partition("/")
        notice, _, position = place.rstrip("+").partition(".")
        duties = Duty.objects.filter(notice__source_name=self.files[notice], position=int(position))
        duties = duties.select_related("case__owner")
        if unit:
            return duties.get(case__parent__isnull=False, case__owner__code=unit)
        return duties.get(case__parent__isnull=True, case__origin__kind="duty" if place.endswith("+") else "notice")

    def card(self, label: str, rule: str, unit: str) -> Card:
        """Return the card that a rule of supervision raised last on a unit for a duty."""
        raised = Card.objects.filter(signal__case=self.duty(label).case, signal__rule=rule, case__owner__code=unit)
        return raised.select_related("case").latest("pk")

    @property
    def _day(self) -> date:
        return self.moment.date()

    def _serving(self, code: str) -> Any:
        return Officer.objects.filter(in_force(self._day), post__unit__code=code).select_related("post")


def _acting(officer: Officer) -> Actor:
    return Actor.officer(officer.pk, officer.post.unit_id)
