"""Subscribers have each entry after its commit, and its effect exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor, Event
from yangguang.kernel.ledger.writing import SUBSCRIBERS, writing
from yangguang.kernel.outbox import subscriptions
from yangguang.kernel.outbox.commands import send
from yangguang.kernel.outbox.models import Delivery, Message
from yangguang.kernel.outbox.subscriptions import on
from yangguang.kernel.outbox.tasks import hand_over_entry

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    """An event of these tests."""

    name: ClassVar[str] = "outbox_tests.bell_rung"
    sentence: ClassVar[str] = "钟响"
    times: int


@dataclass(frozen=True, kw_only=True)
class BellHeard(Event):
    """What the subscriber of these tests records."""

    name: ClassVar[str] = "outbox_tests.bell_heard"
    sentence: ClassVar[str] = "听见钟响"


@pytest.fixture
def subscriber(monkeypatch, unit):
    """Subscribe a function that sends a message, and then fails as often as it is told."""
    monkeypatch.setattr(subscriptions, "AFTER_COMMIT", {})
    monkeypatch.setitem(SUBSCRIBERS, BellRung.name, [])
    failures: list[int] = []

    @on(BellRung.name, key="tests.bell")
    def tell(entry):
        with writing("register:bells", by=Actor.system("test"), at=AT) as draft:
            send(f"钟响{entry.body['times']}次", key=f"bell:{entry.pk}", at=AT, unit=unit.pk)
            draft.record(BellHeard())
        if failures:
            raise OSError(failures.pop())

    return failures


def ring(times: int = 3):
    with writing("register:test", by=Actor.system("test"), at=AT) as draft:
        return draft.record(BellRung(times=times))


def test_an_entry_becomes_a_job_that_names_it_by_stream_and_place(subscriber):
    entry = ring()
    job = ProcrastinateJob.objects.get()
    assert job.task_name == "outbox.hand_over"
    assert job.args == {"subscriber": "tests.bell", "stream": "register:test", "seq": entry.seq}
    assert not Message.objects.exists(), "nothing happens before the commit"


def test_a_job_that_runs_twice_has_one_effect(subscriber):
    ring()
    job = ProcrastinateJob.objects.get()
    hand_over_entry(**job.args)
    hand_over_entry(**job.args)
    assert [m.subject for m in Message.objects.all()] == ["钟响3次"]
    assert Delivery.objects.get().subscriber == "tests.bell"


def test_a_subscriber_that_fails_leaves_nothing_and_is_tried_again(subscriber):
    subscriber.append(1)
    ring()
    job = ProcrastinateJob.objects.get()
    with pytest.raises(OSError, match="1"):
        hand_over_entry(**job.args)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    assert not Entry.objects.filter(name=BellHeard.name).exists()
    hand_over_entry(**job.args)
    assert Message.objects.count() == Delivery.objects.count() == 1


def test_two_subscribers_cannot_share_a_key(subscriber):
    with pytest.raises(TypeError, match=r"tests\.bell"):
        on(BellRung.name, key="tests.bell")(print)
