"""Figures of the whole instance for Prometheus, asked of the database at each scrape; nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Max, Sum
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from yangguang.journeys.operation.looking_at_records import last_backup
from yangguang.kernel.ledger.models import Case, Deadline, Stream
from yangguang.kernel.outbox.models import Message
from yangguang.platform.metering import request_figures
from yangguang.platform.now import real_now, today

JOBS = ("todo", "doing", "failed")


class House:
    """What the tables tell."""

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        yield _gauge("entries", "Entries of the ledger.", Stream.objects.aggregate(n=Sum("length"))["n"] or 0)
        open_cases = Case.objects.filter(closed_at=None).values_list("kind").annotate(n=Count("pk"))
        yield _gauges("open_cases", "Open cases.", "kind", open_cases)
        overdue = Deadline.objects.filter(state="running", due_on__lt=today()).count()
        yield _gauge("deadlines_overdue", "Running clocks past their last day.", overdue)
        jobs = dict(ProcrastinateJob.objects.filter(status__in=JOBS).values_list("status").annotate(n=Count("pk")))
        yield _gauges("jobs", "Jobs of the queue.", "status", [(name, jobs.get(name, 0)) for name in JOBS])
        messages = Message.objects.exclude(state="sent").values_list("state").annotate(n=Count("pk"))
        yield _gauges("messages", "Messages not sent.", "state", messages)
        heard = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
        silence = (real_now() - heard).total_seconds() if heard else float("inf")
        yield _gauge("worker_silence_seconds", "Time since a worker said that it lives.", silence)
        kept = last_backup()
        if kept is not None:
            yield _gauge("backup_timestamp_seconds", "When the last backup was made.", _moment(str(kept["at"])))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"yangguang_{name}", says, value=value)


def _gauges(name: str, says: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(f"yangguang_{name}", says, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def exposition() -> bytes:
    """Return all figures in Prometheus's text form."""
    house = CollectorRegistry()
    house.register(House())  # type: ignore[arg-type]
    return bytes(generate_latest(house) + generate_latest(request_figures()))
