"""Taking notices in: once each, however they were set; changed, confirmed, sent back."""

from __future__ import annotations

import pytest

from yangguang.domains.directives.commands import intake
from yangguang.domains.directives.models import Notice
from yangguang.domains.directives.reader import Unreadable
from yangguang.domains.directives.tests.world import NOTICE, names
from yangguang.domains.directives.vocabulary import AlreadyKnown, NoticeState, UnitsUnresolved, WrongState
from yangguang.kernel.ledger.vocabulary import Conflict, Malformed, NotAllowed


def test_a_notice_is_read_into_rows_with_units_matched(world):
    notice = world.receive()
    rows = list(notice.proposals.all())
    assert (notice.document_number, notice.issuer, len(rows)) == ("青政办发〔2026〕21号", "青禾省人民政府办公厅", 5)
    assert [u["unit"] for u in rows[0].units["support"]] == [world.unit("99-FIN").pk, world.unit("99-BLD").pk]
    collectives = [u["collective"] for r in rows[1:3] for u in r.units["lead"]]
    assert [c["open"] for c in collectives] == [False, True]
    assert names(notice.case) == ["notice_received"]


TRADITIONAL = NOTICE.translate(
    str.maketrans("务门产厅财设乡发请认点类问题众资实", "務門產廳財設鄉發請認點類問題眾資實")
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NOTICE, "the same file"),
        (NOTICE.replace("\n", "\r\n\r\n"), "other line ends"),
        (NOTICE.replace("，", ",").replace("（", "("), "half width"),
        ("首页 > 政务公开 > 文件\n打印 关闭\n" + NOTICE + "\n扫一扫在手机打开当前页\n主办：某单位\n", "web chrome"),
        (TRADITIONAL, "traditional script"),
        (NOTICE.replace("青政办发〔2026〕21号\n", ""), "the page leaves out the number"),
        (NOTICE.replace("120个", "121个"), "the same number, title and day"),
    ],
)
def test_the_same_notice_leads_to_the_one_that_is_here(world, text, why):
    first = world.receive()
    with pytest.raises(AlreadyKnown) as refusal:
        world.receive(text, "另一来源.txt")
    assert refusal.value.facts["number"] == first.case.number, why
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NOTICE.replace("21号", "22号"), "the same words under another number are another notice"),
        (NOTICE.replace("21号", "23号").replace("120个", "90个"), "another notice"),
    ],
)
def test_another_notice_is_taken_in(world, text, why):
    world.receive()
    assert world.receive(text).pk, why


def test_two_offices_may_hold_the_same_notice(world):
    world.receive()
    officer = world["clerk"]
    Notice.objects.update(sha256=Notice.objects.get().sha256)
    notice = Notice.objects.get()
    other = world.unit("99-OFF")
    type(notice.case).objects.filter(pk=notice.case_id).update(owner=other)
    assert intake.receive_notice(NOTICE.encode(), "a.txt", by=officer, at=world.at).pk != notice.pk


def test_nothing_is_kept_of_what_cannot_be_read(world):
    with pytest.raises(Unreadable):
        intake.receive_notice(b"", "a.txt", by=world["clerk"], at=world.at)
    with pytest.raises(NotAllowed):
        intake.receive_notice(NOTICE.encode(), "a.txt", by=world["civil"], at=world.at)
    assert not Notice.objects.exists()


def test_a_notice_is_changed_confirmed_sent_back_and_confirmed_again(world):
    notice = world.receive()
    by = world["clerk"]
    intake.change_proposals(notice, {1: {"title": "助餐点"}, 5: {"kept": False}}, by=by, at=world.at)
    with pytest.raises(Conflict):
        intake.change_proposals(notice, {1: {"title": "x"}}, by=by, at=world.at, revision=0)
    with pytest.raises(Malformed):
        intake.change_proposals(notice, {1: {"read": {}}}, by=by, at=world.at)
    intake.confirm_decomposition(notice, by=by, at=world.at)
    with pytest.raises(WrongState):
        intake.change_proposals(notice, {1: {"title": "y"}}, by=by, at=world.at)
    with pytest.raises(Malformed):
        intake.return_decomposition(notice, reason=" ", by=world["leader"], at=world.at)
    with pytest.raises(NotAllowed):
        intake.return_decomposition(notice, reason="分工不清", by=by, at=world.at)
    intake.return_decomposition(notice, reason="分工不清", by=world["leader"], at=world.at)
    assert notice.case.state == NoticeState.DRAFT
    intake.confirm_decomposition(notice, by=by, at=world.at)
    assert names(notice.case) == [
        "notice_received", "proposal_changed", "decomposition_confirmed", "decomposition_returned",
        "decomposition_confirmed",
    ]


def test_rows_without_units_are_named(world):
    notice = world.receive(NOTICE.replace("省民政厅|省财政厅、", "省有名无实厅|"))
    with pytest.raises(UnitsUnresolved) as refusal:
        intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)
    assert "1" in refusal.value.says
    for row in notice.proposals.all():
        row.kept = False
        row.save()
    with pytest.raises(Malformed):
        intake.confirm_decomposition(notice, by=world["clerk"], at=world.at)
