"""Late duties and disputed ones: cards, explanations, findings, more time, objections and rulings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[1] / "samples" / "service-counters.txt"
#: a duty of the finance department that falls due on 30 November, and two weeks later
LATE, AFTER = "公开省级政府采购意向", "2026-12-14"


def move_clock(visitor, day):
    """Let the demonstration live on another day; lights and supervision follow."""
    page = visitor.open("/demo/clock/")
    page.locator("[name=day][type=date]").fill(day)
    page.get_by_role("button", name="拨到这一天").click()
    page.wait_for_load_state()


def number_of(visitor, address, words=""):
    """Return the case number behind the first link of a page's list with these words."""
    link = visitor.open(address).locator(f"main tbody a:has-text('{words}')").first.get_attribute("href")
    return re.search(r"/([^/]+)/$", link)[1]


def send(page, form, **fields):
    """Fill one of several forms of a page by field name, and send it."""
    for name, value in fields.items():
        field = page.locator(f"{form} [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"{form} [name={name}][value={value}]").check()
        else:
            field.fill(value)
    with page.expect_navigation():
        page.locator(f"{form} button:not([value])").last.click()


def test_more_time_is_asked_for_and_granted_and_both_days_stay(visit):
    handler, leader = visit("caizheng"), visit("lingdao")
    number = number_of(handler, f"/desk/duties/?q={LATE}", LATE)
    page = handler.open(f"/desk/duties/{number}/extend/")
    page.locator("[name=deadline]").select_option(index=1)
    before = re.search(r"\d{4}-\d\d-\d\d", page.locator("[name=deadline] option:checked").inner_text())[0]
    send(page, "main", proposed_on="2026-12-10", reason="两项政策正在会签，需要延长。")
    send(leader.open(f"/desk/duties/{number}/decide/"), "main", granted="yes", reason="同意。")
    words = handler.open(f"/desk/duties/{number}/").locator("main").inner_text()
    assert "2026-12-10" in words
    assert f"原为 {before}" in words


def test_an_objection_is_ruled_on_and_the_duty_goes_to_the_other_unit(visit):
    clerk, leader, head = visit("duchashi"), visit("lingdao"), visit("caizhengting")
    text = SAMPLE.read_text(encoding="utf-8").replace("省窗口改革专班、", "").replace("省窗口改革专班", "省财政厅")
    paper = {"name": "counters.txt", "mimeType": "text/plain", "buffer": text.encode()}
    clerk.open("/desk/notices/new/").locator("[name=files]").set_input_files(paper)
    clerk.press("读取并分解")
    notice = clerk.page.url.rstrip("/").rsplit("/", 1)[1]
    with clerk.page.expect_navigation():
        clerk.page.locator("button[value=confirm]").click()
    leader.open(f"/desk/notices/{notice}/")
    leader.press("审定并交办")
    number = number_of(head, f"/desk/duties/?notice={notice}", "公开省级财政补助窗口")
    send(
        head.open(f"/desk/duties/{number}/object/"),
        "main",
        reason="窗口由政务服务部门管理。",
        basis="省财政厅职能配置规定",
    )
    page = visit("duchazhuren").open(f"/desk/duties/{number}/rule/")
    page.locator("[name=to_unit]").select_option(label="青禾省司法厅")
    send(page, "main", ruling="redispatched", reason="改交司法厅办理。")
    handler = visit("sifa")
    assert handler.open(f"/desk/duties/{number}/").locator("a[href$='/sign/']").count() == 1
    assert "裁定" in handler.page.locator("main").inner_text()


def test_a_late_duty_brings_a_card_that_is_explained_judged_and_public(visit):
    handler, supervisor, public = visit("caizheng"), visit("jiancha"), visit()
    number = number_of(handler, f"/desk/duties/?q={LATE}", LATE)
    move_clock(public, AFTER)
    assert "逾期" in handler.open(f"/desk/duties/{number}/").locator(".yg-duty-head").inner_text()
    card = number_of(handler, f"/desk/watch/cards/?q={number}")
    page = handler.open(f"/desk/watch/cards/{card}/")
    assert "周末" in page.locator("main").inner_text() or page.locator("main details").count() > 0
    send(page, "#explain", explanation="采购计划批复较晚，意向公开随之推迟，本周补齐。")
    send(
        supervisor.open(f"/desk/watch/cards/{card}/"), "#judge", verdict="upheld", judgement="批复时间属于本单位安排。"
    )
    assert "批复时间属于本单位安排" in supervisor.page.locator("main").inner_text()
    shown = public.open(f"/watch/cards/{card}/").locator("main").inner_text()
    assert "青禾省财政厅" in shown
    assert card in public.open("/watch/cards/").locator("main").inner_text()
