"""Real notices, where the folder named by YG_SEEDS holds some: dropped, matched, confirmed, issued, explained."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from yangguang.domains.directives.reader import read_bytes

pytestmark = pytest.mark.browser

SEEDS = sorted(Path(os.environ["YG_SEEDS"]).glob("*.txt")) if "YG_SEEDS" in os.environ else []
#: unit that stands in for every body the demonstration province does not have
STAND_IN = "青禾省人民政府办公厅"


@pytest.mark.skipif(not SEEDS, reason="YG_SEEDS names no folder of notices")
@pytest.mark.parametrize("paper", SEEDS, ids=lambda path: path.stem)
def test_a_real_notice_becomes_duties_whose_clocks_explain_themselves(visit, paper):
    clerk, leader = visit("duchashi"), visit("lingdao")
    clerk.open("/desk/notices/new/").locator("[name=files]").set_input_files(paper)
    clerk.press("读取并分解")
    notice = clerk.page.url.rstrip("/").rsplit("/", 1)[1]
    rows = clerk.page.locator(".yg-row-card[id^=row-]").count()
    assert rows == len(read_bytes(paper.read_bytes(), paper.name).duties) > 0
    match_names(clerk)
    drop_rows_without_units(clerk)
    with clerk.page.expect_navigation():
        clerk.page.locator("button[value=confirm]").click()
    assert clerk.page.locator("#error-summary").count() == 0
    leader.open(f"/desk/notices/{notice}/")
    leader.press("审定并交办")
    leader.open(duty_with_a_clock(leader))
    account = leader.page.locator(".yg-clock-card details").first
    account.locator("summary").click()
    assert re.search(r"\d{4}-\d\d-\d\d", account.locator("tbody, p").first.inner_text())


def duty_with_a_clock(leader):
    """Return the address of the first duty on the notice's page that has clocks of its own, not only its parts'."""
    links = leader.page.locator("main td a[href*='/desk/duties/']")
    links.first.wait_for()
    for address in [link.get_attribute("href") for link in links.all()]:
        if leader.open(address).locator(".yg-clock-card").count():
            return address
    raise AssertionError("no duty of the notice has a clock")


def match_names(clerk):
    """Give every name that is not known the stand-in, once."""
    fields = clerk.page.locator("[name^=n-][name$=-unit]")
    if fields.count() == 0:
        return
    for field in fields.all():
        field.fill(STAND_IN)
    clerk.press("补上各行")
    assert clerk.page.locator("[name^=n-][name$=-unit]").count() == 0


def drop_rows_without_units(clerk):
    """Leave out rows for which the paper names nobody."""
    for box in clerk.page.locator(".yg-row-open input[name$=-kept]").all():
        box.uncheck()
