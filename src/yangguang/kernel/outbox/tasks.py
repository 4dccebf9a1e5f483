"""Queue entry points of the outbox, and the keeping of the queue itself."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from yangguang.kernel.outbox.carriers import carry
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.requests import KEPT, forget
from yangguang.kernel.outbox.subscriptions import hand_over
from yangguang.kernel.outbox.vocabulary import NotDelivered, State
from yangguang.platform import now as clock

#: how often a message is tried; the waits grow from 8 seconds to 9 hours
ATTEMPTS_MAX = 6
#: a running job whose worker has been silent for so many seconds is given to another
STALLED_SECONDS = 60
#: finished jobs are kept for so many hours
KEPT_HOURS = 7 * 24


@app.task(
    name="outbox.deliver",
    retry=RetryStrategy(max_attempts=ATTEMPTS_MAX - 1, exponential_wait=8, retry_exceptions=[NotDelivered]),
)
def deliver(message: int) -> None:
    """Carry a queued message out; its lock lets one worker at a time try, its state lets it go once."""
    row = Message.objects.get(pk=message)
    if row.state != State.QUEUED:
        return
    row.attempts += 1
    try:
        row.state = carry(row)
        row.sent_at = clock.now() if row.state == State.SENT else None
    except NotDelivered:
        row.state = State.FAILED if row.attempts >= ATTEMPTS_MAX else State.QUEUED
        raise
    finally:
        row.save(update_fields=["attempts", "state", "sent_at"])


@app.task(name="outbox.hand_over", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def hand_over_entry(subscriber: str, stream: str, seq: int) -> None:
    """Give an entry to a subscriber after its commit."""
    hand_over(subscriber, stream, seq, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="outbox.retry_stalled", queueing_lock="outbox.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Take up jobs whose worker died: the queue does not do that by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="outbox.delete_finished", queueing_lock="outbox.delete_finished", pass_context=True)
async def delete_finished(context: JobContext, timestamp: int) -> None:
    """Remove jobs that succeeded long ago; failed ones stay until somebody has looked at them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=False)


@app.periodic(cron="37 3 * * *")
@app.task(name="outbox.forget_requests", queueing_lock="outbox.forget_requests")
def forget_requests(timestamp: int) -> None:
    """Forget which requests came long ago."""
    forget(before=clock.now() - KEPT)
