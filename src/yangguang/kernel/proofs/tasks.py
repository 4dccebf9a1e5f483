"""Queue entry points of the proofs: close what can be closed, hand each closed day to each witness."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from yangguang.kernel.proofs import commands
from yangguang.kernel.proofs.queries import due_deposits
from yangguang.kernel.proofs.vocabulary import NotDeposited
from yangguang.kernel.proofs.witnesses import witnesses
from yangguang.platform import now as clock


@app.periodic(cron="*/10 * * * *")
@app.task(name="proofs.close_days", queueing_lock="proofs.close_days")
def close_days(timestamp: int) -> None:
    """Close the days that have ended and send out what a witness has not had yet, also what failed before."""
    commands.close_days(at=clock.now())
    hand_out()


@app.task(
    name="proofs.deposit",
    retry=RetryStrategy(max_attempts=4, exponential_wait=8, retry_exceptions=[NotDeposited]),
)
def deposit(day: str, witness: str) -> None:
    """Hand a day to a witness; the table of deposits lets it go once."""
    for one in witnesses():
        if one.name == witness:
            commands.deposit(date.fromisoformat(day), one, at=clock.now())


def hand_out() -> None:
    """Put a job into the queue for every day and witness that are due; one that waits there is not put twice."""
    for day, name in due_deposits(witnesses()):
        key = f"proofs.deposit.{name}.{day}"
        try:
            with transaction.atomic():  # so that a refusal undoes no more than itself
                app.configure_task("proofs.deposit", queueing_lock=key, lock=key).defer(
                    day=day.isoformat(), witness=name
                )
        except AlreadyEnqueued:
            continue
