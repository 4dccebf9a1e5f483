"""The stored light of a duty: a projection for lists, settled at every writing and once a day."""

from __future__ import annotations

from datetime import date, datetime

from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.queries import light_of
from yangguang.kernel.ledger.models import Case
from yangguang.platform.now import beijing_day


def settle_light(case: Case, at: datetime) -> None:
    """Bring the stored light of a duty up to date at the end of a writing."""
    duty = Duty.objects.filter(case=case).first()
    if duty is not None:
        duty.case = case
        _store(duty, beijing_day(at))


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
