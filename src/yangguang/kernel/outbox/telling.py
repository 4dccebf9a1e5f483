"""What every kind of case tells its units alike: that the calendar moved a clock."""

from __future__ import annotations

from yangguang.kernel.ledger.calendar_vocabulary import ClockMoved
from yangguang.kernel.ledger.models import Case, Entry, Participation
from yangguang.kernel.ledger.vocabulary import Event
from yangguang.kernel.outbox.commands import send


def tell_of_moved_clock(entry: Entry, event: Event) -> None:
    """Tell the owner and every unit with a part in the case: who has to act, and who waits for it or watches."""
    if not isinstance(event, ClockMoved):
        raise TypeError(f"{event.name} moves no clock")
    case = Case.objects.get(stream=entry.stream_id)
    parts = Participation.objects.filter(case=case).values_list("unit_id", flat=True)
    units = dict.fromkeys(filter(None, (event.unit, case.owner_id, *parts)))
    for unit in units:
        send(
            f"期限随日历改变：{case.title}",
            f"“{event.label}”的最后一日由 {event.old or '——'} 改为 {event.new or '——'}。依据：{event.notice}",
            key=f"{entry.stream_id}#{entry.seq}:{unit}", at=entry.occurred_at, unit=unit, case=case.number,
        )
