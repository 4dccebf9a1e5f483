"""Days are closed once, in order, with every entry in one of them; proofs come from stored hashes alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.proofs import merkle, queries
from yangguang.kernel.proofs.commands import GRACE, close_days
from yangguang.kernel.proofs.models import ClosedDay, Leaf, Node
from yangguang.kernel.proofs.tests.world import Days, three_days
from yangguang.kernel.proofs.verification import verify_roots
from yangguang.kernel.proofs.vocabulary import leaf_of

pytestmark = pytest.mark.django_db


def naive_root(size):
    hashes = [leaf_of(h) for h in Leaf.objects.order_by("position").values_list("entry__hash", flat=True)[:size]]
    frontier = merkle.Frontier()
    frontier.extend(hashes)
    return frontier.root().hex()


def test_each_day_holds_every_entry_before_its_end_and_seals_the_day_before():
    three_days()
    days = list(ClosedDay.objects.order_by("day"))
    assert [(d.day, d.size) for d in days] == [
        (date(2026, 3, 2), 6), (date(2026, 3, 3), 9), (date(2026, 3, 4), 10)
    ]  # fmt: skip
    assert [d.previous for d in days] == ["", days[0].seal, days[1].seal]
    assert all(d.root == naive_root(d.size) for d in days)
    assert list(verify()) == []
    assert list(verify_roots()) == []


def test_closing_again_changes_nothing():
    days = three_days()
    assert close_days(at=days.at) == []
    assert ClosedDay.objects.count() == 3


def test_a_day_is_not_closed_before_it_has_ended_with_grace():
    days = Days()
    days.note("99-T2026-0001", "一")
    midnight = days.at.replace(hour=0) + timedelta(days=1)
    assert close_days(at=midnight) == []
    assert close_days(at=midnight + GRACE - timedelta(seconds=1)) == []
    assert [d.day for d in close_days(at=midnight + GRACE)] == [days.at.date()]


def test_days_without_entries_are_closed_too():
    days = Days()
    days.note("99-T2026-0001", "一")
    closed = days.night(5)
    assert [(d.day.day, d.size) for d in closed] == [(2, 2), (3, 2), (4, 2), (5, 2), (6, 2)]
    assert len({d.root for d in closed}) == 1
    assert len({d.seal for d in closed}) == 5


def test_an_entry_recorded_with_an_earlier_clock_stands_in_the_next_day_and_moves_nothing():
    days = three_days()
    before = list(Leaf.objects.values_list("position", "digest"))
    days.at -= timedelta(days=2)
    days.note("99-T2026-0001", "迟到")
    days.at += timedelta(days=3)
    close_days(at=days.at)
    assert ClosedDay.objects.first().size == Entry.objects.count() == 12
    assert list(Leaf.objects.order_by("position").values_list("position", "digest")[:10]) == sorted(before)
    assert list(verify_roots()) == []


def test_nothing_closed_is_changed_or_removed():
    three_days()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("leaf", "closedday"):
        for statement in (f"UPDATE proofs_{table} SET {'digest' if table == 'leaf' else 'root'}='x'",
                          f"DELETE FROM proofs_{table}", f"TRUNCATE proofs_{table} CASCADE"):  # fmt: skip
            with (
                pytest.raises(IntegrityError, match="only added"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_thousand_entries_prove_from_stored_hashes_with_few_statements(django_assert_max_num_queries):
    days = Days()
    for number in range(4):
        days.note("99-T2026-0001", *(str(k) for k in range(137 + 100 * number)))
        days.night()
    assert Node.objects.count() == 4
    last = ClosedDay.objects.first()
    assert last.size == Entry.objects.count() == 1149
    with django_assert_max_num_queries(8):
        proof = queries.receipt(Entry.objects.order_by("pk")[700])["proof"]
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = ClosedDay.objects.get(day=proof["day"]).root
    leaf = leaf_of(Entry.objects.order_by("pk")[700].hash)
    assert merkle.includes(leaf, proof["position"], proof["size"], path, bytes.fromhex(root))
    assert list(verify_roots()) == []
    closed = list(ClosedDay.objects.order_by("day"))
    for old in closed:
        for new in closed:
            if old.size <= new.size:
                path = [bytes.fromhex(step) for step in queries.consistency(old, new)]
                assert merkle.extends(old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), path)


def test_closing_reads_only_what_is_new(django_assert_max_num_queries):
    days = Days()
    days.note("99-T2026-0001", *(str(k) for k in range(600)))
    days.night()
    days.note("99-T2026-0001", "新")
    with django_assert_max_num_queries(24):
        days.night()
    assert ClosedDay.objects.first().size == 602


def test_the_newest_day_is_listed_first():
    three_days()
    assert [day.day.day for day in queries.closed_days()] == [4, 3, 2]
    assert [day.entries for day in queries.closed_days()] == [1, 3, 6]
