"""Issuing to many units costs as many statements as to a few, and leaves the same chains, clocks and messages."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yangguang.domains.directives.commands import intake, issuing
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.tests.world import NOTICE, World, check_invariants, clock_days, names, roles_of
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office import commands as office
from yangguang.kernel.office.vocabulary import UNKNOWN_START
from yangguang.kernel.organisation.models import Division, Officer
from yangguang.kernel.organisation.vocabulary import Level, Nature
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.search.models import Indexed

ROWS = "1|各县建成便民服务中心10个|各县（市、区）人民政府||2026年9月30日前\n"
TEXT = NOTICE.split("1|新建")[0] + ROWS


def counties(world: World, many: int) -> None:
    administrator = Officer.objects.order_by("pk").first()
    by = {"by": Actor.officer(administrator.pk, administrator.post.unit_id), "at": world.at}
    city = Division.objects.get(code="9901")
    for k in range(many):
        name = f"第{k}县"
        division = office.create_division(
            f"9901{k:02d}", name, level=Level.COUNTY, parent=city, valid_from=UNKNOWN_START, **by
        )
        office.create_unit(
            f"9901{k:02d}-GOV", f"{name}人民政府", division=division, nature=Nature.GOVERNMENT,
            superior=world.unit("9901-GOV"), valid_from=UNKNOWN_START, **by,
        )  # fmt: skip


def issue_counted(world: World, many: int) -> int:
    counties(world, many)
    notice = world.receive(TEXT)
    intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)
    with CaptureQueriesContext(connection) as asked:
        issuing.approve_decomposition(notice, by=world["leader"], at=world.at, public_basis="条例第十九条")
    assert Duty.objects.exclude(case__parent=None).count() == many
    return len(asked)


def test_statements_do_not_grow_with_the_units(world):
    spent = []
    for many in (2, 2, 24):  # the first warms what is kept between notices
        with transaction.atomic():
            spent.append(issue_counted(world, many))
            transaction.set_rollback(True)
    assert spent[2] <= spent[1]
    assert spent[2] < 100


def test_parts_written_together_are_whole(world):
    issue_counted(world, 5)
    check_invariants()
    parent = world.duty(1)
    assert (parent.children_total, parent.case.state) == (5, "in_progress")
    for k, child in enumerate(Duty.objects.filter(case__parent=parent.case).order_by("case__number"), start=1):
        owner = f"9901{k - 1:02d}-GOV"
        assert child.case.number == f"{parent.case.number}-{k:03d}"
        assert names(child.case) == ["duty_established", "duty_dispatched"]
        assert roles_of(child.case) == {"supervising": ["99-INS"], "responsible": [owner]}
        assert set(clock_days(child.case)) >= {f"sign:{owner}", "by:0", "report:2026Q1"}
        assert (child.case.revision, child.case.process_key) == (1, "duty")
        assert child.case.public_from == world.at
        assert child.targets.get().value == 10
        assert child.lamp_because
        assert Message.objects.get(case=child.case.number).unit.code == owner
        assert Indexed.objects.get(ref=child.case.number).units == sorted(
            child.case.participations.values_list("unit", flat=True)
        )
        stream = Entry.objects.filter(stream=child.case.stream_id).order_by("seq")
        assert [e.seq for e in stream] == [1, 2]
        assert stream[1].previous == stream[0].hash


def test_where_one_part_fails_none_is_there(world, monkeypatch):
    counties(world, 3)
    notice = world.receive(TEXT)
    intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)

    def fail(*_args, **_facts):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(issuing, "send_notes", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        issuing.approve_decomposition(notice, by=world["leader"], at=world.at)
    assert not Duty.objects.exists()
    notice.case.refresh_from_db()
    assert notice.case.state == "confirmed"
