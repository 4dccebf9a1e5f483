"""Two people on one record: one wins, the other sees both versions and loses no word; sent twice counts once."""

from __future__ import annotations

import pytest
from django.urls import reverse
from lxml import html

from yangguang.domains.directives.commands import changing
from yangguang.domains.directives.models import Notice, Report
from yangguang.domains.directives.tests.test_confirming import successful, taken_in
from yangguang.domains.directives.tests.test_pages import client
from yangguang.domains.directives.tests.world import NOTICE
from yangguang.kernel.outbox.models import Request
from yangguang.platform.web.unavailable import AWAY, FULL, failed

pytestmark = pytest.mark.django_db


def hidden(page: bytes) -> dict[str, str]:
    """Return the hidden fields of the form of an act."""
    fields = html.fromstring(page.decode()).xpath("//main//form//input[@type='hidden']")
    return {field.get("name"): field.get("value") for field in fields}


@pytest.fixture
def report(issued):
    """The page on which a unit reports, its browser and what the page carries."""
    issued.sign(1, "civil")
    browser = client(issued, "civil")
    address = reverse("directives:act", args=[issued.duty(1).case.number, "report"])
    return browser, address, hidden(browser.get(address).content)


def test_a_form_sent_twice_counts_once_and_both_senders_hear_that_it_was_done(report):
    browser, address, carried = report
    sent = {**carried, "text": "已建60个。", "percent": "50"}
    answers = [browser.post(address, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Report.objects.count(), Request.objects.count()) == (1, 1)


def test_a_refused_form_leaves_no_mark_and_may_be_sent_again(report):
    browser, address, carried = report
    assert browser.post(address, {**carried, "text": "", "percent": "50"}).status_code == 422
    assert Request.objects.count() == 0
    assert browser.post(address, {**carried, "text": "已建。", "percent": "50"}).status_code == 302


def test_who_was_overtaken_sees_what_others_did_and_keeps_his_words(report, issued):
    browser, address, carried = report
    changing.suspend_duty(issued.duty(1), reason="洪水", basis="第1号", by=issued["chief"], at=issued.at)
    changing.resume_duty(issued.duty(1), reason="水退", by=issued["chief"], at=issued.at)
    answer = browser.post(address, {**carried, "text": "我写的进展", "percent": "50"})
    page = answer.content.decode()
    assert (answer.status_code, Report.objects.count()) == (409, 0)
    assert all(words in page for words in ("别人改过这条记录", "洪水", "我写的进展"))
    again = browser.post(address, {**hidden(answer.content), "text": "我写的进展", "percent": "50"})
    assert (again.status_code, Report.objects.get().text) == (302, "我写的进展")


def both_open(world):
    """Two clerks with the same confirm page open."""
    notice, first, sent = taken_in(world, NOTICE.encode(), "通知.txt")
    second = client(world, "chief")
    address = reverse("directives:notice", args=[notice.case.number])
    return notice, (first, sent), (second, successful(second.get(address).content))


def save(notice, browser, sent):
    return browser.post(reverse("directives:save_proposals", args=[notice.case.number]), {**sent, "then": "save"})


def texts(notice):
    return {row.position: row.text for row in Notice.objects.get(pk=notice.pk).proposals.all()}


def test_two_who_change_different_rows_of_one_notice_both_keep_their_work(world):
    notice, (one, page_one), (two, page_two) = both_open(world)
    assert save(notice, one, {**page_one, "r-1-text": "甲改的"}).status_code == 302
    assert save(notice, two, {**page_two, "r-2-text": "乙改的"}).status_code == 302
    assert (texts(notice)[1], texts(notice)[2]) == ("甲改的", "乙改的")


def test_of_two_who_change_one_field_the_later_sees_both_versions_with_his_own_in_the_form(world):
    notice, (one, page_one), (two, page_two) = both_open(world)
    save(notice, one, {**page_one, "r-1-text": "甲改的", "r-3-text": "甲也改了"})
    answer = save(notice, two, {**page_two, "r-1-text": "乙改的", "r-2-title": "乙的标题"})
    page = answer.content.decode()
    assert (answer.status_code, texts(notice)[1]) == (409, "甲改的")
    assert "甲改的" in page
    shown = successful(answer.content)
    assert (shown["r-1-text"], shown["r-2-title"], shown["r-3-text"]) == ("乙改的", "乙的标题", "甲也改了")
    assert save(notice, two, shown).status_code == 302
    assert (texts(notice)[1], texts(notice)[3]) == ("乙改的", "甲也改了")


def test_two_who_add_a_row_both_have_their_row(world):
    notice, (one, page_one), (two, page_two) = both_open(world)
    new = max(texts(notice)) + 1
    save(notice, one, {**page_one, f"r-{new}-text": "甲补的", f"r-{new}-kept": "1"})
    assert save(notice, two, {**page_two, f"r-{new}-text": "乙补的", f"r-{new}-kept": "1"}).status_code == 302
    assert (texts(notice)[new], texts(notice)[new + 1]) == ("甲补的", "乙补的")


@pytest.mark.parametrize(("number", "words"), [(28, FULL), (None, AWAY)])
@pytest.mark.parametrize("path", ["/desk/", "/api/v1/duties"])
def test_a_full_disk_or_a_lost_database_is_said_in_one_sentence(rf, number, words, path):
    from django.db import OperationalError  # noqa: PLC0415 - one use

    try:
        raise OSError(number, "No space left on device") if number else OperationalError("gone")
    except Exception:  # noqa: BLE001 - whatever it is, the page is made of it
        answer = failed(rf.get(path))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert all(word in answer.content.decode() for word in words)
