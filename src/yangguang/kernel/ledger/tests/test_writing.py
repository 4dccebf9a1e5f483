"""The ledger's promise: nothing changes without an entry, and no entry changes."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction

from yangguang.kernel.documents.commands import erase
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.ledger import chain
from yangguang.kernel.ledger.authority import grant_system, is_allowed
from yangguang.kernel.ledger.models import Case, Entry, Stream
from yangguang.kernel.ledger.queries import ERASED, trail
from yangguang.kernel.ledger.tests.world import NOON, SomethingNoted, SomethingTyped, make_world
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Actor, Conflict
from yangguang.kernel.ledger.writing import SUBSCRIBERS, NothingRecorded, next_number, subscribe, writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_a_change_without_an_entry_is_refused_and_undone(world):
    case = world.case()
    with pytest.raises(NothingRecorded), writing(case, by=world.clerk, at=NOON) as draft:
        draft.enter("changed")
    assert Case.objects.get(pk=case.pk).state == "open"


def test_an_entry_follows_the_one_before_it_and_the_stream_knows_its_head(world):
    case = world.case()
    with writing(case, by=world.clerk, at=NOON) as draft:
        first = draft.record(SomethingNoted(what="一"))
        second = draft.record(SomethingNoted(what="二"))
    assert second.previous == first.hash
    stream = Stream.objects.get(pk=case.stream_id)
    assert (stream.length, stream.head) == (3, second.hash)
    assert json.loads(second.text)["body"] == {"what": "二"}
    assert chain.digest(second.text) == second.hash


def break_off(case, clerk):
    """Fail after everything was written."""
    with writing(case, by=clerk, at=NOON) as draft:
        draft.enter("changed")
        draft.record(SomethingNoted(what="未完"))
        raise RuntimeError("boom")


def test_a_failed_writing_leaves_nothing(world):
    case = world.case()
    with pytest.raises(RuntimeError, match="boom"):
        break_off(case, world.clerk)
    assert Entry.objects.filter(stream=case.stream_id).count() == 1
    assert Case.objects.get(pk=case.pk).state == "open"


def test_who_read_an_older_revision_is_told_of_the_newer_one(world):
    case = world.case()
    seen = case.revision
    with writing(case, by=world.clerk, at=NOON, revision=seen) as draft:
        draft.record(SomethingNoted(what="先"))
    with pytest.raises(Conflict), writing(case, by=world.clerk, at=NOON, revision=seen) as draft:
        draft.record(SomethingNoted(what="后"))
    assert Entry.objects.filter(stream=case.stream_id).count() == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET name='x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry CASCADE"],
)
def test_the_database_refuses_to_change_entries(world, statement):
    world.case()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # deferred keys would forbid TRUNCATE before our trigger
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE ledger_entry SET text=replace(text,'二','三') WHERE seq=3",
            "altered: the text does not give the hash",
        ),
        ('UPDATE ledger_entry SET body=\'{"what": "三"}\' WHERE seq=3', "altered: column body differs"),
        (
            "UPDATE ledger_entry SET occurred_at=occurred_at - interval '1 day' WHERE seq=3",
            "altered: column occurred_at",
        ),
        ("DELETE FROM ledger_entry WHERE seq=2", "missing"),
        ("DELETE FROM ledger_entry WHERE seq=3", "cut"),
    ],
)
def test_what_a_superuser_does_behind_the_triggers_is_named_by_place(world, statement, expected):
    case = world.case()
    with writing(case, by=world.clerk, at=NOON) as draft:
        draft.record(SomethingNoted(what="一"))
        draft.record(SomethingNoted(what="二"))
    assert list(verify()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    faults = list(verify())
    assert faults, statement
    assert faults[0].stream == case.stream_id
    assert expected in faults[0].what


def test_numbers_have_no_gap_where_a_writing_failed(world):
    with transaction.atomic():
        assert next_number("tests") == 1
    with transaction.atomic():
        next_number("tests")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number("tests") == 2


def test_subscribers_write_in_the_same_transaction(world, monkeypatch):
    monkeypatch.setitem(SUBSCRIBERS, "tests.something_noted", [])
    heard = []
    subscribe("tests.something_noted")(lambda entry, event: heard.append((entry.seq, event.what)))
    world.case()
    assert heard == [(1, "开案")]


def test_a_part_of_the_system_may_do_only_what_it_was_granted():
    grant_system("tests-part", "tests.do")
    day = NOON.date()
    assert is_allowed(Actor.system("tests-part"), "tests.do", on=day)
    assert not is_allowed(Actor.system("tests-part"), "tests.other", on=day)
    assert not is_allowed(Actor.system("unknown"), "tests.do", on=day)


def test_words_typed_by_a_person_stand_apart_and_can_be_erased_without_breaking_the_chain(world):
    case = world.case()
    with writing(case, by=world.clerk, at=NOON) as draft:
        entry = draft.record(SomethingTyped(reason="张三来电要求更正"))
    assert "张三" not in entry.text
    assert [line.sentence for line in trail(case)][0] == "因：张三来电要求更正"
    record = SealedRecord.objects.get(pk=entry.body["reason"]["sealed"])
    assert "张三".encode() not in bytes(record.ciphertext)
    with transaction.atomic():
        erase(record, at=NOON)
    assert list(verify()) == []
    assert [line.sentence for line in trail(case)][0] == f"因：{ERASED}"
