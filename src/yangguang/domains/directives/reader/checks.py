"""Doubts about a reading: what a person should look at, and how sure the reader is."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.numerals import number
from yangguang.domains.directives.reader.records import Duty, Reading, Warn
from yangguang.domains.directives.reader.strand import Strand

#: How much each doubt takes off the confidence in a duty.
DOUBT = {
    "unit_unresolved": 0.15,
    "open_list": 0.05,
    "vague_deadline": 0.05,
    "impossible_date": 0.1,
    "year_unknown": 0.1,
    "deadline_before_notice": 0.1,
    "no_units": 0.1,
    "lead_not_named": 0.05,
    "text_ends_open": 0.1,
}
SOURCE_DOUBT = {"text": 0.1, "none": 0.0, "sentence": 0.05}


def check(reading: Reading) -> None:
    """Add the warnings that need the whole reading, and set the confidences."""
    for duty in reading.duties:
        _check_deadlines(duty, reading)
        _check_units(duty)
        _score(duty)
    if not reading.duties:
        reading.warnings.append(Warn("no_duties", "", (0, 0)))
    _check_counts(reading)


def _check_deadlines(duty: Duty, reading: Reading) -> None:
    for deadline in duty.deadlines:
        if deadline.date and reading.date and deadline.date < reading.date:
            duty.warnings.append(_warn("deadline_before_notice", deadline.expr))


def _check_units(duty: Duty) -> None:
    if not duty.units() and not duty.persons:
        duty.warnings.append(_warn("no_units", duty.text[:40]))
    elif not duty.lead and len(duty.responsible) > 1:
        duty.warnings.append(_warn("lead_not_named", duty.responsible[0]))


def _score(duty: Duty) -> None:
    doubt = SOURCE_DOUBT.get(duty.role_source, 0.0)
    for code in {warning.code for warning in duty.warnings}:
        doubt += DOUBT.get(code, 0.0)
    duty.confidence = max(0.1, 1.0 - doubt)


def _check_counts(reading: Reading) -> None:
    """Compare counts the text declares (共23项任务) with the duties found."""
    for match in re.finditer(
        r"(?:共|合计|总计|以下|下列|确定)(?P<n>\d{1,3}|[一二三四五六七八九十百]{1,5})(?:个|大)?(?:项|条)(?:重点)?(?:工作|任务|事项)",
        reading.text,
    ):
        declared = number(match["n"])
        if declared is not None and declared != len(reading.duties):
            reading.warnings.append(Warn("count_disagrees", match.group(), (match.start(), match.end())))
            return


def _warn(code: str, words: Strand) -> Warn:
    packed = words.packed()
    spans = packed.spans()
    return Warn(code, packed.raw[:200], (spans[0][0], spans[-1][1]) if spans else (0, 0))
