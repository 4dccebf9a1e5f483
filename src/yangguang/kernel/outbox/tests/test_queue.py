"""The queue keeps itself: jobs of dead workers are taken up, finished ones removed in time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yangguang.kernel.outbox.tasks import KEPT_HOURS, STALLED_SECONDS, delete_finished, retry_stalled

pytestmark = pytest.mark.django_db
CONTEXT = SimpleNamespace(app=app)


def row(query: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def job(status: str, worker: int | None = None) -> int:
    return row(
        "insert into procrastinate_jobs (queue_name, task_name, status, worker_id) "
        "values ('default', 'outbox.deliver', %s::procrastinate_job_status, %s) returning id",
        status,
        worker,
    )


def worker(silent_seconds: int) -> int:
    return row(
        "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s)) returning id",
        silent_seconds,
    )


def test_jobs_of_a_dead_worker_are_taken_up_and_others_left_alone():
    dead, alive = worker(STALLED_SECONDS * 2), worker(STALLED_SECONDS // 2)
    stalled, running, failed = job("doing", dead), job("doing", alive), job("failed")
    async_to_sync(retry_stalled.func)(CONTEXT, 0)
    assert dict(ProcrastinateJob.objects.values_list("pk", "status")) == {
        stalled: "todo",
        running: "doing",
        failed: "failed",
    }


def test_only_old_jobs_that_succeeded_are_removed():
    old, young, failed = job("succeeded"), job("succeeded"), job("failed")
    for pk, kind in ((old, "succeeded"), (failed, "failed")):
        row(
            "insert into procrastinate_events (job_id, type, at) values "
            "(%s, %s::procrastinate_job_event_type, now() - make_interval(hours => %s)) returning id",
            pk,
            kind,
            KEPT_HOURS + 1,
        )
    async_to_sync(delete_finished.func)(CONTEXT, 0)
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == {young, failed}


def test_both_are_periodic_and_never_pile_up():
    periodic = {task.task.name: task for task in app.periodic_registry.periodic_tasks.values()}
    assert {"outbox.retry_stalled", "outbox.delete_finished"} <= set(periodic)
    assert periodic["outbox.retry_stalled"].cron == "* * * * *"
    assert all(periodic[name].task.queueing_lock for name in periodic)
