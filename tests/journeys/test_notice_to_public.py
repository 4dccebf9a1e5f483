"""The main job, end to end: a notice becomes duties, is handled, verified, struck off and seen by the public."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import docx
import icalendar
import openpyxl
import pypdfium2
import pytest

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[1] / "samples" / "service-counters.txt"
#: the name that the paper prints and no unit bears, and the unit it means
PRINTED, MEANT = "省窗口改革专班", "青禾省市场监督管理局"
DUTY = "公开省级财政补助窗口服务清单"


def number_in(visitor):
    """Return the number of the case whose page is open."""
    return visitor.page.url.rstrip("/").rsplit("/", 1)[1]


def send_to_leader_by_keyboard(clerk):
    """Match the open name and confirm, with the keyboard alone."""
    page = clerk.page
    tab_to(page, "n-0-unit")
    page.keyboard.type(MEANT)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[name=n-0-unit]").count() == 0
    assert page.locator(f"[value={MEANT}][name$=-unit]").count() == 2
    tab_to(page, "r-1-title", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+s")
    assert page.evaluate("document.activeElement.matches('[data-source]')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name").startswith("r-1-")
    tab_to(page, "then", "confirm")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page, name, value=""):
    """Go on with Tab until the control with a name (and value) has the focus."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.name, document.activeElement.value]") == [name, value]:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def send_to_leader(clerk):
    """Match the open name and confirm, as one does without scripts."""
    clerk.page.locator("[name=n-0-unit]").fill(MEANT)
    clerk.press("补上各行")
    assert clerk.page.locator("[name=n-0-unit]").count() == 0
    clerk.page.locator("button[value=confirm]").click()


def act(visitor, number, code, **fields):
    """Do an act on a duty: fill its form by field name, send it, and be led back to the duty."""
    page = visitor.open(f"/desk/duties/{number}/")
    page.locator(f"a.yg-act[href$='/{code}/']").click()
    for name, value in fields.items():
        field = page.locator(f"[name='{name.replace('__', '-')}']")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif value is True:
            field.first.check()
        elif field.first.get_attribute("type") == "radio":
            page.locator(f"[name='{name}'][value='{value}']").check()
        else:
            field.fill(value)
    page.locator("main form .btn-primary").click()
    page.wait_for_url(f"**/desk/duties/{number}/")


def duty_found(leader, words):
    """Return the number of the duty whose link holds these words, on the open page."""
    link = leader.page.get_by_role("link", name=words).first.get_attribute("href")
    return re.fullmatch(r".*/duties/([^/]+)/", link)[1]


def handle(visit, number, evidence, **options):
    """Take a duty from receipt to the end: sign, report, review, verify, conclude, strike off."""
    handler, clerk, verifier = (visit(name, **options) for name in ("caizheng", "duchashi", "hecha"))
    act(handler, number, "sign")
    figure = handler.open(f"/desk/duties/{number}/report/").locator("[name^=figure-]").get_attribute("name")
    told = {"text": "清单已经公开，共三十二项。", "percent": "100", figure: "32", "evidence": evidence, "final": True}
    act(handler, number, "report", **told)
    assert handler.page.get_by_role("link", name=evidence.name).is_visible()
    act(clerk, number, "review", outcome="accepted", meets=True, opinion="材料齐全。")
    act(verifier, number, "verify", outcome="passed", method="网上逐项核对", opinion="清单三十二项均可查到。")
    act(clerk, number, "conclude", opinion="按期完成。")
    act(clerk, number, "strike-off")
    assert clerk.page.locator(".yg-duty-head").get_by_text("销号").first.is_visible()


@pytest.fixture
def evidence(tmp_path):
    """A paper that proves something."""
    paper = tmp_path / "清单公开截图说明.txt"
    paper.write_text("窗口服务清单公开页面说明", encoding="utf-8")
    return paper


def test_a_notice_is_dropped_confirmed_by_keyboard_handled_and_public(visit, evidence):
    clerk = visit("duchashi")
    clerk.open("/desk/notices/new/").locator("[name=files]").set_input_files(SAMPLE)
    clerk.press("读取并分解")
    notice = number_in(clerk)
    assert clerk.page.locator(".yg-row-card[id^=row-]").count() == 3
    assert clerk.page.locator("#open-names").inner_text().startswith("1 ")
    assert PRINTED in clerk.page.locator(".yg-name-label").inner_text()
    send_to_leader_by_keyboard(clerk)
    leader = visit("lingdao")
    leader.open(f"/desk/notices/{notice}/")
    leader.press("审定并交办")
    number = duty_found(leader, DUTY)
    handle(visit, number, evidence)

    public = visit()
    page = public.open(f"/watch/duties/{number}/")
    assert "销号" in page.locator("main").inner_text()
    assert public.open(f"/open/notices/{notice}/").get_by_role("link", name=DUTY).count() == 1
    leader.open(f"/desk/notices/{notice}/")
    number = duty_found(leader, "对窗口服务规范开展合法性审核")
    handler = visit("sifa")
    act(handler, number, "sign")
    assert "周末" in explained(handler.open(f"/desk/duties/{number}/"))


def explained(page):
    """Return the words of all clocks on the page of a duty, unfolded."""
    accounts = page.locator(".yg-clock-card details")
    for account in accounts.all():
        account.locator("summary").click()
    return "".join(accounts.all_inner_texts())


def test_without_scripts_the_whole_way_can_be_gone(visit, evidence):
    plain = {"java_script_enabled": False}
    clerk = visit("duchashi", **plain)
    text = SAMPLE.read_text(encoding="utf-8").replace("112号", "113号").replace("提升行动", "便民行动")
    text = text.replace(PRINTED, "省窗口便民专班")
    clerk.open("/desk/notices/new/").locator("textarea[name=text]").fill(text)
    clerk.press("读取并分解")
    notice = number_in(clerk)
    send_to_leader(clerk)
    leader = visit("lingdao", **plain)
    leader.open(f"/desk/notices/{notice}/")
    leader.press("审定并交办")
    number = duty_found(leader, DUTY)
    handle(visit, number, evidence, **plain)
    assert "销号" in visit(**plain).open(f"/watch/duties/{number}/").locator("main").inner_text()


def test_the_same_notice_again_leads_to_the_one_that_is_here(visit):
    clerk = visit("duchashi")
    numbers = []
    for name in ("first.txt", "another page.txt"):
        text = SAMPLE.read_text(encoding="utf-8").replace("112号", "114号").replace("提升行动", "改造行动")
        paper = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        clerk.open("/desk/notices/new/").locator("[name=files]").set_input_files(paper)
        clerk.press("读取并分解")
        numbers.append(number_in(clerk))
    assert numbers[0] == numbers[1]


READERS = {
    "xlsx": lambda content: "".join(
        str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(content)).active for cell in row
    ),
    "docx": lambda content: "".join(
        cell.text for row in docx.Document(io.BytesIO(content)).tables[0].rows for cell in row.cells
    ),
    "pdf": lambda content: "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)),
    "csv": lambda content: "".join("".join(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))),
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("address", ["/desk/duties/", "/watch/duties/", "/desk/units/99-finance/"])
def test_the_ledger_leaves_as_a_file_that_opens(visit, address, kind):
    answer = visit("duchashi").page.request.get(f"{address}export.{kind}")
    assert answer.status == 200
    assert "牵头部门" in READERS[kind](answer.body()).replace("\n", "")


def test_a_unit_can_subscribe_its_deadlines(visit):
    handler = visit("caizheng")
    address = handler.open("/desk/units/99-finance/").get_by_role("link", name="订阅期限日历").get_attribute("href")
    calendar = icalendar.Calendar.from_ical(visit().page.request.get(address).body())
    events = calendar.walk("VEVENT")
    assert events
    assert all(event["SUMMARY"] and event["DTSTART"] and event["UID"] for event in events)
