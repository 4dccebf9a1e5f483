"""What the passing of days asks of running duties."""

from __future__ import annotations

from datetime import datetime

from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.vocabulary import RUNNING_STATES, ReportsLaidOut
from yangguang.kernel.ledger.models import Case, Deadline
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.platform.now import beijing_day

#: the part of the system that keeps the calendar of reports
KEEPER = Actor.system("directives")


def continue_reports(*, at: datetime) -> int:
    """Lay out report days for running duties that have none for the present day; return for how many.

    Reports are laid out to the year's end, so that this is the turn of a year. A duty that
    only its parts report has none and gets none.
    """
    today = beijing_day(at)
    reported = Deadline.objects.filter(key__startswith=f"{clocks.REPORT}:")
    lacking = (
        Case.objects.filter(kind="duty", state__in=[s.value for s in RUNNING_STATES], pk__in=reported.values("case"))
        .exclude(pk__in=reported.filter(key__regex=f"^{clocks.REPORT}:{today.year}").values("case"))
        .select_related("division")
    )
    laid_out = 0
    for duty in Duty.objects.filter(case__in=lacking).select_related("case__division"):
        with writing(duty.case, by=KEEPER, at=at) as draft:
            new = clocks.start_reports(draft, duty, today)
            draft.record(ReportsLaidOut(year=today.year, reports=new))
            laid_out += 1
    return laid_out
