"""Queue entry points of processes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yangguang.kernel.processes.timers import ring_due_timers
from yangguang.platform import now as clock


@app.periodic(cron="*/10 * * * *")
@app.task(name="processes.ring_timers", queueing_lock="processes.ring_timers")
def ring_timers(timestamp: int) -> None:
    """Let the timers of running cases ring whose last day has passed."""
    ring_due_timers(today=clock.today(), at=clock.now())
