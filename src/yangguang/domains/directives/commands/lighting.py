"""The stored light of a duty: a projection for lists, settled at every writing and once a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.queries import light_of
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.organisation.queries import division_chain
from yangguang.platform.now import beijing_day


def settle_lights_of(duties: Sequence[Duty], at: datetime) -> None:
    """Bring the stored lights of duties up to date at the end of a writing."""
    today, clocks = beijing_day(at), defaultdict(list)
    for clock in Deadline.objects.filter(case__in=[d.case_id for d in duties], state__in=("running", "suspended")):
        clocks[clock.case_id].append(clock)
    chains: dict[int, Sequence[str]] = {}
    changed = defaultdict(list)
    for duty in duties:
        division = duty.case.division_id
        if division not in chains:
            chains[division] = division_chain(duty.case.division.code)
        light = light_of(duty, today, clocks[duty.case_id], chains[division])
        if (duty.lamp, duty.lamp_because) != (light.lamp.value, light.because):
            changed[light.lamp.value, light.because].append(duty.pk)
    for (lamp, because), found in changed.items():
        Duty.objects.filter(pk__in=found).update(lamp=lamp, lamp_because=because)


def settle_lights(today: date) -> int:
    """Bring the stored lights of all open duties up to a day; return how many changed."""
    changed = 0
    for duty in Duty.objects.filter(case__closed_at=None).select_related("case__division").iterator():
        changed += _store(duty, today)
    return changed


def _store(duty: Duty, today: date) -> bool:
    light = light_of(duty, today)
    if (duty.lamp, duty.lamp_because) == (light.lamp.value, light.because):
        return False
    Duty.objects.filter(pk=duty.pk).update(lamp=light.lamp.value, lamp_because=light.because)
    return True
