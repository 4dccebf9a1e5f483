"""`yangguang worker run`: takes jobs from the queue until it is told to stop."""

from __future__ import annotations

import os

import click
import django

from yangguang.platform.telemetry import start_telemetry


@click.group()
def worker() -> None:
    """Send messages, tell subscribers, watch the clocks."""


@worker.command()
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs done at once.")
@click.option("--queue", "queues", multiple=True, help="Take jobs of this queue only; may be repeated.")
@click.option("--once", is_flag=True, help="End when no job is waiting.")
def run(concurrency: int, queues: tuple[str, ...], once: bool) -> None:
    """Work until SIGINT or SIGTERM; jobs that run are finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.config.settings")
    start_telemetry()
    django.setup()
    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs Django
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415

    # Django's connection serves one thread and cannot wait for notices: the worker has connections of its own.
    connector = DjangoConnector(app.connector.alias if isinstance(app.connector, DjangoConnector) else "default")
    with app.replace_connector(connector.get_worker_connector()) as working, working.open():
        working.run_worker(
            concurrency=concurrency,
            queues=list(queues) or None,
            wait=not once,
            name="yangguang",
            shutdown_graceful_timeout=20,
        )
