"""Queue entry points of supervision."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yangguang.platform import now as clock
from yangguang.supervision.commands import sweep


@app.periodic(cron="*/10 * * * *")
@app.task(name="supervision.sweep", queueing_lock="supervision.sweep")
def sweep_now(timestamp: int) -> None:
    """Run every rule; a day's first run brings the day's reminders, the later ones what happened since."""
    sweep(today=clock.today(), at=clock.now())
