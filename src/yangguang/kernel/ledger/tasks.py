"""Queue entry points of the ledger."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yangguang.kernel.ledger.adopting import REPLAY
from yangguang.kernel.ledger.replaying import replay_clocks
from yangguang.platform import now as clock


@app.task(name=REPLAY)
def replay_now() -> None:
    """Reckon running clocks anew after a notice was adopted or withdrawn."""
    replay_clocks(at=clock.now())


@app.periodic(cron="7-59/10 * * * *")
@app.task(name="ledger.replay_clocks", queueing_lock="ledger.replay_clocks")
def replay_regularly(timestamp: int) -> None:
    """Reckon anew what was left: after a kill, a release with a new calendar, a file of the instance."""
    replay_clocks(at=clock.now())
