"""The confirm page's form comes back as it was given: left alone it changes nothing, touched it names what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from lxml import html

from yangguang.domains.directives.commands import intake, issuing
from yangguang.domains.directives.models import Notice
from yangguang.domains.directives.tests.test_pages import client
from yangguang.domains.directives.tests.world import NOTICE, check_invariants, names
from yangguang.domains.directives.vocabulary import ROW_FIELDS
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.queries import trail

HERE = Path(__file__).parents[5]
SAMPLES = sorted((HERE / "tests" / "samples").glob("*.*"))
LAYOUTS = sorted((Path(__file__).parents[1] / "reader" / "tests" / "notices").glob("*.txt"))
NOTICES = sorted(Path(os.environ["YG_SEEDS"]).rglob("*.txt")) if os.environ.get("YG_SEEDS") else []


def successful(page: bytes) -> dict[str, str]:
    """Return what a browser sends of the confirm form, pressed on "confirm", with nothing touched."""
    form = html.fromstring(page.decode()).get_element_by_id("confirm-form")
    sent = {}
    for field in form.iter("input", "textarea", "select"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.get("disabled") is not None:
            continue
        if field.tag == "textarea":
            sent[name] = (field.text or "").removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
        elif field.tag == "select":
            options = field.findall("option")
            sent[name] = next((o for o in options if o.get("selected") is not None), options[0]).get("value")
        elif kind == "checkbox":
            if field.get("checked") is not None:
                sent[name] = field.get("value", "on")
        else:
            sent[name] = "".join((field.get("value") or "").splitlines())
    return sent


def taken_in(world, data, name, browser=None):
    notice = intake.receive_notice(data, name, by=world["clerk"], at=world.at)
    address = reverse("directives:notice", args=[notice.case.number])
    browser = browser or client(world, "clerk")
    return notice, browser, successful(browser.get(address).content)


def saved(notice, browser, sent, then="save"):
    answer = browser.post(reverse("directives:save_proposals", args=[notice.case.number]), {**sent, "then": then})
    return Notice.objects.get(pk=notice.pk), answer


def check_untouched(world, data, name, browser=None):
    notice, browser, sent = taken_in(world, data, name, browser)
    before = list(notice.proposals.values())
    notice, _ = saved(notice, browser, sent, "confirm")
    assert names(notice.case) in (["notice_received"], ["notice_received", "decomposition_confirmed"])
    assert list(notice.proposals.values()) == before


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_left_alone_is_not_changed(world, sample):
    check_untouched(world, sample.read_bytes(), sample.name)


@pytest.mark.skipif(not NOTICES, reason="needs YG_SEEDS")
@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.name)
def test_a_notice_left_alone_is_not_changed(world, notice):
    check_untouched(world, notice.read_bytes(), notice.name)


def check_layouts(world, layouts):
    browser = client(world, "clerk")
    for layout in layouts:
        with transaction.atomic():
            check_untouched(world, layout.read_text("utf-8").split("\n====\n")[0].encode(), layout.name, browser)
            transaction.set_rollback(True)


def test_a_notice_of_another_layout_left_alone_is_not_changed(world):
    check_layouts(world, LAYOUTS[::10])


@pytest.mark.full
def test_a_notice_of_any_layout_left_alone_is_not_changed(world):
    check_layouts(world, LAYOUTS)


def last_body(notice):
    return Entry.objects.filter(stream=notice.case.stream_id).order_by("seq").last().body


TOUCHED = [
    ("r-1-title", "另一标题", "title"),
    ("r-1-text", "新建社区助餐点\r\n150个以上", "text"),
    ("r-1-lead-0-unit", "青禾省财政厅", "units"),
    ("r-1-support-0-printed", "", "units"),
    ("r-1-deadline-0-date", "2026-12-31", "deadlines"),
    ("r-1-deadline-0-soft", "1", "deadlines"),
    ("r-1-target-0-value", "150", "targets"),
    ("r-1-path", "一、民生", "path"),
    ("r-1-persons", "甲、乙", "persons"),
    ("r-1-kept", "", "kept"),
]


@pytest.mark.parametrize(("control", "value", "field"), TOUCHED)
def test_what_was_touched_is_named_and_nothing_else(world, control, value, field):
    notice, browser, sent = taken_in(world, NOTICE.encode(), "任务.txt")
    others = list(notice.proposals.exclude(position=1).values())
    before = notice.proposals.filter(position=1).values().get()
    if field == "units" and not value:
        sent["r-1-support-0-unit"] = ""
    notice, _ = saved(notice, browser, {**sent, control: value})
    assert last_body(notice) == {"positions": [1], "fields": {"1": [field]}}
    after = notice.proposals.filter(position=1).values().get()
    assert {name for name in after if after[name] != before[name]} == {field, "edited"}
    assert list(notice.proposals.exclude(position=1).values()) == others
    assert trail(notice.case)[0].sentence == f"修改了第 1 项的分解稿：第 1 项{ROW_FIELDS[field][0]}。"
    assert ROW_FIELDS[field][1] in trail(notice.case)[0].sentence_en


def test_a_row_of_ones_own_is_named_as_added(world):
    notice, browser, sent = taken_in(world, NOTICE.encode(), "任务.txt")
    notice, _ = saved(notice, browser, {**sent, "r-6-text": "补充一项", "r-6-lead-0-printed": "省民政厅"})
    assert last_body(notice) == {"positions": [6], "fields": {"6": ["added"]}}
    assert trail(notice.case)[0].sentence == "修改了第 6 项的分解稿：第 6 项新增。"


def test_a_name_answered_once_is_filled_in_wherever_it_stands(world):
    text = NOTICE.replace("|省民政厅|", "|省养老办|").replace("|省财政厅|省民政厅|", "|省财政厅|省养老办|")
    notice, browser, sent = taken_in(world, text.encode(), "任务.txt")
    assert sent["n-0-printed"] == "省养老办"
    notice, _ = saved(notice, browser, {**sent, "n-0-unit": "青禾省民政厅"})
    assert last_body(notice) == {"positions": [1, 4], "fields": {"1": ["units"], "4": ["units"]}}


def test_the_state_of_work_is_taken_over(world):
    by, browser = world["clerk"], client(world, "clerk")
    notice = intake.receive_notice(NOTICE.encode(), "任务.txt", by=by, at=world.at, back_entered=True)
    sent = successful(browser.get(reverse("directives:notice", args=[notice.case.number])).content)
    assert sent["r-1-percent"] == "0"
    notice, answer = saved(notice, browser, {**sent, "r-1-percent": "145"})
    assert answer.status_code == 422
    assert names(notice.case) == ["notice_received"]
    notice, _ = saved(notice, browser, {**sent, "r-1-percent": "45", "r-1-status": "已建成52个。"}, "confirm")
    issuing.approve_decomposition(notice, by=world["leader"], at=world.at)
    duty, other = world.duty(1), world.duty(4)
    assert (duty.percent, other.percent) == (45, 0)
    report = duty.reports.get()
    assert (report.kind, report.text, report.state) == ("taken_over", "已建成52个。", "accepted")
    assert report.unit.code == "99-INS"
    assert names(duty.case)[-1] == "progress_taken_over"
    entry = Entry.objects.filter(stream=duty.case.stream_id).order_by("seq").last()
    assert entry.body["back_entered"]
    assert entry.occurred_at == world.at
    assert "progress_taken_over" not in names(other.case)
    assert "已建成52个。" in browser.get(reverse("directives:duty", args=[duty.case.number])).content.decode()
    check_invariants()


def test_only_a_notice_taken_over_asks_for_the_state_of_work(world):
    _, _, sent = taken_in(world, NOTICE.encode(), "任务.txt")
    assert "r-1-percent" not in sent
