"""Looking a whole instance over: every part is looked at, whatever is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import Error
from django.utils.translation import gettext as _

from yangguang.journeys.operation import looking_at_machine, looking_at_records
from yangguang.journeys.operation.findings import Finding, fail
from yangguang.platform.unusable import Unusable

PARTS: tuple[Callable[[], Iterator[Finding]], ...] = (
    looking_at_machine.look_at_machine,
    looking_at_machine.look_at_settings,
    looking_at_records.look_at_database,
    looking_at_records.look_at_work,
    looking_at_records.look_at_trust,
    looking_at_records.look_at_calendar,
)


def look_over() -> list[Finding]:
    """Return every finding, in the language that is active; a part that cannot be looked at is a finding too."""
    return [finding for part in PARTS for finding in _looked(part)]


def _looked(part: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    name = part.__name__.removeprefix("look_at_")
    try:
        yield from part()
    except Unusable as problem:
        yield fail(name, problem.says, problem.remedy)
    except Error as problem:
        first = str(problem).strip().splitlines()[0]
        says = _("数据库答不上来：%(why)s") % {"why": first}
        yield fail(name, says, _("请核对 DATABASE_URL、服务器和表结构（yangguang upgrade）。"))
