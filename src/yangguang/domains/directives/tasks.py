"""Queue entry points of the directives room: what time alone changes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yangguang.domains.directives.commands.daily import continue_reports
from yangguang.domains.directives.commands.lighting import settle_lights
from yangguang.platform import now as clock


@app.periodic(cron="*/15 * * * *")
@app.task(name="directives.settle_lights", queueing_lock="directives.settle_lights")
def settle_lights_now(timestamp: int) -> None:
    """Bring the stored lights up to the day: a day begins for everybody at midnight in Beijing."""
    settle_lights(clock.today())


@app.periodic(cron="10 16 * * *")
@app.task(name="directives.continue_reports", queueing_lock="directives.continue_reports")
def continue_reports_today(timestamp: int) -> None:
    """Lay out the report days of a new year, at ten past midnight in Beijing (the queue counts in UTC)."""
    continue_reports(at=clock.now())
