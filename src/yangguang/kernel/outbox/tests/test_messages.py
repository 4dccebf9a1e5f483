"""Messages are written with what they tell of, carried once, tried again, and honest about where they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import apprise
import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import NothingRecorded, writing
from yangguang.kernel.outbox import carriers
from yangguang.kernel.outbox.commands import mark_read, send
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.queries import messages_of, notices_of, unread_of
from yangguang.kernel.outbox.tasks import ATTEMPTS_MAX, deliver
from yangguang.kernel.outbox.vocabulary import Channel, NotDelivered, State

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Carrier:
    """Stands at the far end of Apprise: takes messages, or refuses so many of them first."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals, self.taken = refusals, []

    def __call__(self, body, title, notify_type, meta, *_args, **_kwargs):
        if self.refusals:
            self.refusals -= 1
            return False
        self.taken.append((meta["url"], title, body.strip()))
        return True


@pytest.fixture
def carrier(settings, monkeypatch):
    """Connect the e-mail channel to a carrier of our own, through Apprise's own door for such."""
    made = Carrier()
    apprise.decorators.notify(on="ygtest")(made.__call__)
    settings.OUTBOX_URLS = {"email": "ygtest://{address}"}
    monkeypatch.setattr(carriers, "ADDRESS_BOOKS", {Channel.EMAIL: lambda message: [f"unit{message.unit_id}"]})
    yield made
    apprise.manager_plugins.NotificationManager().remove("ygtest")


def mail(unit, key="k", **more):
    return send("催办", "请报送", key=key, at=AT, unit=unit.pk, channels=[Channel.EMAIL], **more)[0]


def test_a_notice_is_there_at_once_and_needs_no_job(unit):
    message = send("新任务", "第4项", key="duty:4", at=AT, unit=unit.pk, case="督4")[0]
    assert (message.state, message.sent_at, message.channel) == (State.SENT, AT, Channel.INAPP)
    assert not ProcrastinateJob.objects.exists()
    assert list(messages_of("督4")) == [message]
    assert list(messages_of("督4", units=[])) == []


def test_the_same_message_is_sent_once_a_channel(unit):
    both = [Channel.INAPP, Channel.EMAIL, Channel.EMAIL]
    assert len(send("x", key="duty:4", at=AT, unit=unit.pk, channels=both)) == 2
    assert send("x", key="duty:4", at=AT, unit=unit.pk, channels=both) == []
    assert Message.objects.count() == 2
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("outbox.deliver", {"message": Message.objects.get(channel="email").pk})
    assert job.lock == f"outbox.message.{job.args['message']}"


def test_a_writing_that_fails_sends_nothing(unit):
    with pytest.raises(NothingRecorded), writing("register:test", by=Actor.system("test"), at=AT):
        mail(unit)
    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_message_has_a_reader():
    with pytest.raises(IntegrityError), transaction.atomic():
        send("x", key="k", at=AT)


def test_readers_read_their_own_notices_only(unit, officer):
    to_unit = send("甲", key="1", at=AT, unit=unit.pk)[0]
    to_officer = send("乙", key="2", at=AT, officer=officer.pk)[0]
    send("丙", key="3", at=AT, account="9")
    mail(unit)
    assert list(unread_of(unit=unit.pk)) == [to_unit]
    assert set(unread_of(unit=unit.pk, officer=officer.pk)) == {to_unit, to_officer}
    assert mark_read([to_unit.pk, to_officer.pk], officer=officer.pk, at=AT) == 1
    assert list(unread_of(unit=unit.pk, officer=officer.pk)) == [to_unit]
    assert mark_read([to_officer.pk], officer=officer.pk, at=AT) == 0
    assert notices_of(officer=officer.pk).get().read_at == AT
    assert unread_of(account="9").count() == 1
    with pytest.raises(ValueError, match="reader"):
        unread_of()


def test_without_a_carrier_a_message_is_recorded_and_says_so(unit, settings):
    settings.OUTBOX_URLS = {}
    message = mail(unit)
    deliver(message=message.pk)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (State.RECORDED, None, 1)


def test_a_message_is_carried_once_however_often_its_job_runs(unit, carrier):
    message = mail(unit)
    deliver(message=message.pk)
    deliver(message=message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert [(title, body) for _url, title, body in carrier.taken] == [("催办", "请报送")]
    assert f"unit{unit.pk}" in carrier.taken[0][0]


def test_a_refused_message_is_tried_again_and_then_given_up(unit, carrier):
    carrier.refusals = ATTEMPTS_MAX
    message = mail(unit)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        with pytest.raises(NotDelivered):
            deliver(message=message.pk)
        message.refresh_from_db()
        assert message.attempts == attempt
        assert message.state == (State.FAILED if attempt == ATTEMPTS_MAX else State.QUEUED)
    deliver(message=message.pk)
    assert carrier.taken == []


def test_the_queue_tries_as_often_as_the_message_allows():
    waits = []
    for attempts in range(10):
        job = type("Job", (), {"attempts": attempts})()
        if decision := deliver.retry_strategy.get_retry_decision(exception=NotDelivered(), job=job):
            waits.append(decision.retry_at)
    assert len(waits) == ATTEMPTS_MAX - 1
    assert waits == sorted(waits)
    assert deliver.retry_strategy.get_retry_decision(exception=KeyError(), job=job) is None


def test_a_reader_without_an_address_is_not_forgotten(unit, carrier, monkeypatch):
    monkeypatch.setattr(carriers, "ADDRESS_BOOKS", {})
    message = mail(unit)
    with pytest.raises(NotDelivered, match="no address"):
        deliver(message=message.pk)
    message.refresh_from_db()
    assert message.state == State.QUEUED


def test_an_address_cannot_change_where_a_message_goes(unit, carrier, monkeypatch):
    monkeypatch.setattr(carriers, "ADDRESS_BOOKS", {Channel.EMAIL: lambda _: ["a/../b?to=evil"]})
    deliver(message=mail(unit).pk)
    assert "?to=evil" not in carrier.taken[0][0]
