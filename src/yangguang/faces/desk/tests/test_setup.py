"""Setup pages: whole or not at all, nobody past his reach, nothing typed is lost, a link is shown once."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from yangguang.journeys.house_roles import capability_words, house_roles
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.vocabulary import AccountKind
from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.adopted import forget_adopted
from yangguang.kernel.ledger.kinds import KINDS, Kind
from yangguang.kernel.ledger.models import CalendarNotice, Entry
from yangguang.kernel.ledger.replaying import replay_clocks
from yangguang.kernel.ledger.tests.world import SomethingNoted
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import opening
from yangguang.kernel.office.sheets import write_template
from yangguang.kernel.organisation.models import Collective, Division, Officer, Person, Post, Role, Unit
from yangguang.kernel.organisation.tests.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.wide]
AT = datetime.now(UTC)
ALL = [
    "office.divisions",
    "office.units",
    "office.names",
    "office.people",
    "office.roles",
    "calendar.adopt",
    "accounts.manage",
]
# name -> unit, capabilities, scope
CAST = {
    "province": ("POFF", ALL, "P"),
    "county": ("K", ["office.people", "accounts.manage"], "K"),
    "clerk": ("CFIN", ["directives.read"], None),
}
LISTS = ("units", "divisions", "people", "roles", "collectives", "calendars", "accounts")
OPEN_LISTS = ("units", "divisions", "collectives", "calendars")


@pytest.fixture
def world():
    cache.clear()
    made = build()
    made.cast = {}
    for name, (unit, capabilities, scope) in CAST.items():
        made.cast[name] = made.officer(name, unit, {one: ["*"] for one in capabilities}, scope=scope)
        person = made.cast[name].person
        Account.objects.create(username=name, kind=AccountKind.STAFF, person=person, opened_at=AT)
    made.officer("柳财", "KFIN", {})
    made.officer("云财", "CMKT", {})
    return made


def as_(name: str) -> Client:
    client = Client()
    if name:
        client.force_login(Account.objects.get(username=name))
    return client


def at(path: str) -> str:
    return f"/desk/setup/{path}"


@pytest.mark.parametrize(
    "section", [*LISTS, "import", "units/CFIN", "units/new", "units/CFIN/rename", "roles/new", "collectives/new"]
)
def test_who_has_not_signed_in_is_led_to_it(world, section):
    response = Client().get(at(f"{section}/"))
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize(
    "section",
    [
        "people",
        "people/new",
        "roles",
        "roles/new",
        "accounts",
        "import",
        "import/organisation.xlsx",
        "units/new",
        "divisions/new",
        "collectives/new",
        "calendars/new",
        "calendars/plan/x",
        "calendars/1/withdraw",
        "units/CFIN/rename",
        "units/CFIN/post",
        "people/柳财",
        "accounts/柳财/invite",
    ],
)
def test_without_the_power_there_is_no_page(world, section):
    address = at(section if section.endswith(".xlsx") else f"{section}/")
    assert as_("clerk").get(address).status_code == 403
    assert as_("clerk").post(address, {}).status_code == 403


@pytest.mark.parametrize("section", LISTS)
def test_every_list_has_search_paging_files_and_an_empty_state(world, section):
    client = as_("province")
    page = client.get(at(f"{section}/"))
    assert page.status_code == 200
    assert client.get(at(f"{section}/?q=没有这样的&page=99&sort=name")).content.decode().count("yg-empty") == 1
    book = client.get(at(f"{section}/?file=xlsx"))
    assert book["Content-Disposition"].startswith("attachment")
    assert b"".join([book.content])[:2] == b"PK"
    assert "，" not in client.get(at(f"{section}/?file=csv")).content.decode("utf-8-sig").split("\n", 1)[0]
    assert as_("clerk").get(at(f"{section}/")).status_code == (200 if section in OPEN_LISTS else 403)
    assert client.get(f"/en/desk/setup/{section}/").status_code == 200


def test_units_are_found_by_any_name_they_bore_and_by_division(world):
    client = as_("clerk")
    assert "青禾省卫生健康委员会" in client.get(at("units/?q=省卫生厅")).content.decode()
    page = client.get(at("units/?division=990121")).content.decode()
    assert "柳溪县财政局" in page
    assert "云川市市场监督管理局" not in page
    assert client.get(at("units/?level=nowhere")).status_code == 422


def test_a_unit_shows_its_history_and_offers_only_what_the_officer_may_do(world):
    page = as_("province").get(at("units/PHEA/")).content.decode()
    assert "青禾省卫生厅" in page
    assert "曾用名" in page
    assert at("units/PHEA/rename/") in page
    assert at("units/PHEA/rename/") not in as_("clerk").get(at("units/PHEA/")).content.decode()
    assert as_("province").get(at("units/NOWHERE/")).status_code == 404


def test_acts_on_a_unit_are_done_and_leave_their_entries(world):
    client = as_("province")
    done = [
        (
            "rename",
            {"name": "青禾省财政和国资厅", "short_name": "省财政国资厅", "valid_from": "2026-01-01"},
            "office.unit_renamed",
        ),
        ("short-name", {"name": "省财厅", "valid_from": "2026-01-01"}, "office.unit_named"),
        ("alias", {"text": "财政主管厅"}, "office.alias_learned"),
        ("move", {"superior": "P", "counterpart": ""}, "office.unit_moved"),
        (
            "post",
            {"name": "专员", "roles": [Role.objects.first().pk], "valid_from": "2026-01-01"},
            "office.post_created",
        ),
    ]
    for verb, form, event in done:
        response = client.post(at(f"units/PFIN/{verb}/"), form)
        assert response.status_code == 302, (verb, response.content.decode())
        assert Entry.objects.filter(name=event).exists(), verb
    post = Post.objects.get(unit__code="PFIN", name="专员")
    client.post(at("units/PFIN/appoint/"), {"post": post.pk, "person": "柳财", "valid_from": "2026-01-01"})
    officer = Officer.objects.get(post=post)
    assert officer.person.number == "柳财"
    assert client.post(at(f"appointments/{officer.pk}/end/"), {"valid_to": "2026-02-01"}).status_code == 302
    assert Officer.objects.get(pk=officer.pk).valid_to == date(2026, 2, 1)
    assert client.post(at("units/CMKT/merge/"), {"into": "云川市财政局", "valid_from": "2026-03-01"}).status_code == 302
    assert Unit.objects.get(code="CMKT").merged_into.code == "CFIN"


def test_a_refused_act_keeps_what_was_typed(world):
    response = as_("province").post(at("units/CFIN/merge/"), {"into": "没有的单位", "valid_from": "2026-03-01"})
    assert response.status_code == 422
    assert "没有的单位" in response.content.decode()
    response = as_("province").post(at("units/CFIN/merge/"), {"into": "CFIN", "valid_from": "2026-03-01"})
    assert response.status_code == 422
    assert Unit.objects.get(code="CFIN").merged_into is None


def test_same_names_are_told_apart_by_code(world):
    response = as_("province").post(
        at("collectives/new/"),
        {"name": "某成员单位", "division": "望江区", "within": "division", "valid_from": "2026-01-01"},
    )
    assert response.status_code == 422
    assert "990102、992601" in response.content.decode()


def test_nobody_widens_his_reach_by_a_form(world):
    client, role = as_("county"), Role.objects.first()
    form = {"name": "新岗", "roles": [role.pk], "valid_from": "2026-01-01"}
    assert client.post(at("units/CFIN/post/"), form).status_code == 403
    assert client.post(at("units/KFIN/post/"), {**form, "scope": "C"}).status_code == 403
    assert not Post.objects.filter(name="新岗").exists()
    assert client.post(at("units/KFIN/post/"), form).status_code == 302
    assert client.post(at("units/KFIN/rename/"), {"name": "别名局", "valid_from": "2026-01-01"}).status_code == 403


def test_people_beyond_ones_reach_are_not_there(world):
    page = as_("county").get(at("people/")).content.decode()
    assert "柳财" in page
    assert "云财" not in page
    for address in ("people/云财/", "accounts/云财/invite/"):
        assert as_("county").get(at(address)).status_code == 404
    assert "云财" not in as_("county").get(at("accounts/")).content.decode()


def test_roles_and_collectives_by_their_forms(world):
    client = as_("province")
    assert (
        client.post(
            at("roles/new/"), {"code": "helper", "name": "协办", "capabilities": ["directives.read"]}
        ).status_code
        == 302
    )
    assert (
        client.post(
            at("roles/helper/"), {"name": "协办人", "capabilities": ["directives.read", "directives.handle"]}
        ).status_code
        == 302
    )
    assert Role.objects.get(code="helper").capabilities == ["directives.handle", "directives.read"]
    assert client.post(at("roles/new/"), {"code": "x", "name": "x", "capabilities": ["everything"]}).status_code == 422
    form = {"name": "全市示范单位", "units": "CFIN、CMKT\nCDRC", "within": "division", "valid_from": "2026-01-01"}
    assert client.post(at("collectives/new/"), form).status_code == 302
    assert Collective.objects.get(name="全市示范单位").predicate["units"] == ["CDRC", "CFIN", "CMKT"]
    assert client.post(at("collectives/new/"), {**form, "units": "NONE"}).status_code == 422


def test_divisions_people_and_delegations_by_their_forms(world):
    client = as_("province")
    form = {"code": "990122", "name": "柏溪县", "level": "county", "parent": "9901"}
    assert client.post(at("divisions/new/"), form).status_code == 302
    assert client.post(at("divisions/new/"), form).status_code == 422
    assert client.post(at("divisions/990122/"), {"name": "柏溪市"}).status_code == 302
    assert Division.objects.get(code="990122").name == "柏溪市"
    assert client.post(at("people/new/"), {"number": "900", "name": "新来"}).status_code == 302
    clerk = world.cast["clerk"]
    taker = Officer.objects.get(person__number="云财")
    form = {
        "taker": taker.pk,
        "capabilities": ["directives.read"],
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    }
    assert as_("clerk").post(at(f"appointments/{clerk.pk}/delegate/"), form).status_code == 302
    assert as_("county").post(at(f"appointments/{clerk.pk}/delegate/"), form).status_code == 404


# --- accounts ------------------------------------------------------------------------------------------------


def test_an_invitation_link_is_shown_once_and_works(world):
    response = as_("county").post(at("accounts/柳财/invite/"), {"username": "liu"})
    link = re.search(r"/accounts/invitation/[^/]+/", response.content.decode())
    assert response["Cache-Control"] == "no-store"
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(link[0])
    assert page["Referrer-Policy"] != "no-referrer"  # a form's origin would be null and the browser's post refused
    token = browser.cookies["csrftoken"].value
    form = {"password": "correct-horse-7", "again": "correct-horse-7", "csrfmiddlewaretoken": token}
    assert browser.post(link[0], form, headers={"Origin": "http://testserver"}).status_code == 302
    assert "已启用" in as_("county").get(at("accounts/?state=open&q=柳财")).content.decode()
    assert as_("county").post(at("accounts/柳财/close/"), {"reason": "调离"}).status_code == 302
    assert "柳财" in as_("county").get(at("accounts/?state=closed")).content.decode()


def test_a_taken_login_name_stands_on_the_form(world):
    response = as_("county").post(at("accounts/柳财/invite/"), {"username": "clerk"})
    assert response.status_code == 422
    assert 'value="clerk"' in response.content.decode()


# --- import --------------------------------------------------------------------------------------------------

GOOD = {
    "unit": [["NEW", "柳溪县新设局", "990121", "部门", "K", "", "", "", "", ""]],
    "post": [["NEW", "经办人", "office.units:*", "", ""]],
    "person": [["700", "甲一", "NEW", "经办人", "jiayi", ""], ["701", "乙二", "NEW", "经办人", "clerk", ""]],
}


def upload(client: Client, content: bytes):
    return client.post(at("import/"), {"workbook": SimpleUploadedFile("a.xlsx", content)})


def test_a_workbook_is_tried_then_taken_in_whole_with_its_invitations(world):
    client = as_("province")
    planned = upload(client, write_template(GOOD))
    assert planned.status_code == 302
    assert not Unit.objects.filter(code="NEW").exists()
    assert "柳溪县新设局" in client.get(planned["Location"]).content.decode()
    done = client.post(planned["Location"])
    page = done.content.decode()
    assert done["Cache-Control"] == "no-store"
    assert Person.objects.filter(number__in=("700", "701")).count() == 2
    assert page.count("/accounts/invitation/") == 1
    assert "登录名 clerk 已被使用" in page
    assert client.post(planned["Location"]).status_code == 302  # it waits no more
    again = upload(client, write_template(GOOD))
    assert "没有要新增的内容" in client.get(again["Location"]).content.decode()


def test_a_wrong_workbook_names_every_row_and_changes_nothing(world):
    bad = {
        "unit": [["A1", "好单位", "990121", "部门", "K"], ["A2", "坏单位", "77", "部门", "NOPE"]],
        "person": [["1", "", "", ""]],
    }
    client = as_("province")
    planned = upload(client, write_template(bad))
    page = client.get(planned["Location"]).content.decode()
    assert "没有代码 77" in page
    assert "没有代码 NOPE" in page
    assert "不能为空" in page
    assert client.post(planned["Location"]).status_code == 422
    assert not Unit.objects.filter(code="A1").exists()


def test_a_post_beyond_ones_reach_undoes_the_whole_import(world):
    """A court has no superior, so that nobody of the government manages its people."""
    content = write_template({**GOOD, "post": [["PCOURT", "书记员", "office.units:*", "", ""]], "person": []})
    client = as_("province")
    planned = upload(client, content)
    assert client.post(planned["Location"]).status_code == 403
    assert not Unit.objects.filter(code="NEW").exists()


def test_a_workbook_that_waits_is_its_uploaders_own(world):
    planned = upload(as_("province"), write_template(GOOD))
    other = world.officer("second", "POFF", {one: ["*"] for one in ALL}, scope="P")
    Account.objects.create(username="second", kind=AccountKind.STAFF, person=other.person, opened_at=AT)
    assert as_("second").get(planned["Location"]).status_code == 302


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_what_is_no_workbook_is_told_so(world, content):
    response = upload(as_("province"), content)
    page = as_("province").get(response["Location"]) if response.status_code == 302 else response
    assert "XLSX" in page.content.decode() or response.status_code == 422


def test_the_empty_workbook_has_every_sheet(world):
    response = as_("province").get(at("import/organisation.xlsx"))
    assert load_workbook(io.BytesIO(response.content)).sheetnames == ["区划", "单位", "岗位", "人员"]


def test_every_capability_of_the_house_roles_has_words():
    for role in house_roles():
        assert set(role.capabilities) <= set(capability_words()), role.code


NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月13日（周六）、14日（周日）上班。
三、清明节：4月5日（周一）放假。
四、劳动节：5月1日至5日放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假。
六、中秋节：9月15日（周三）放假。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）、10月9日（周六）上班。鼓励错峰出行。
国务院办公厅
2026年11月5日
"""


@pytest.fixture
def running(world):
    """A case of another office with a clock that the notice moves, and one that it does not."""
    KINDS.setdefault("test", Kind("test", "测试", "Test"))
    unit = Unit.objects.get(code="CFIN")
    at = datetime(2027, 1, 29, 4, tzinfo=UTC)
    facts = {"kind": "test", "title": "不该让管理员看见的题目", "owner": unit, "division": unit.division}
    by = Actor.system("tests")
    given = {**facts, "state": "open", "rulebook_hash": "0" * 64}
    with opening(number="99-T2027-0001", by=by, at=at, **given) as draft:
        draft.record(SomethingNoted(what="起算"))
        for key, term in (("moves", "10 working days"), ("stays", "30 calendar days")):
            deadlines.set_deadline(draft, key, Limit(parse_term(term)), start=at, label=f"{term}内")
    return draft.case


def test_a_notice_is_read_weighed_adopted_and_withdrawn(world, running):
    client = as_("province")
    wrong = client.post(at("calendars/new/"), {"text": NOTICE.replace("1月1日（周五）", "1月1日（周四）")})
    assert wrong.status_code == 422
    assert "实际是星期五" in wrong.content.decode()
    assert "国办发明电〔2026〕99号" in wrong.content.decode()  # what was typed is kept
    planned = client.post(at("calendars/new/"), {"text": NOTICE})["Location"]
    page = client.get(planned).content.decode()
    for words in ("99-T2027-0001", "2027-02-18", "2027-02-17", "定下 2027 年全年", "鼓励错峰出行"):
        assert words in page
    assert "不该让管理员看见的题目" not in page
    assert "30 calendar days" not in page
    assert "99-T2027-0001" not in client.get(f"{planned}?way=later").content.decode()
    assert "99-T2027-0001" in client.get(f"{planned}?q=T2027&way=earlier&page=9").content.decode()
    assert "99-T2027-0001" in client.get(f"{planned}?file=csv").content.decode("utf-8-sig")
    assert not CalendarNotice.objects.exists()
    adopted = client.post(planned)["Location"]
    forget_adopted()
    detail = client.get(adopted).content.decode()
    assert "正在按新日历重算" in detail
    assert client.get(f"/en{adopted}").status_code == 200
    replay_clocks(at=AT)
    detail = client.get(adopted).content.decode()
    assert "正在按新日历重算" not in detail
    assert "1 个期限因此变动" in detail
    assert "有效" in as_("clerk").get(at("calendars/")).content.decode()
    assert "撤回" not in as_("clerk").get(adopted).content.decode()
    again = client.post(at("calendars/new/"), {"text": NOTICE})["Location"]
    assert client.post(again).status_code == 409
    assert "已经采用" in client.post(again).content.decode()
    assert client.post(f"{adopted}withdraw/").status_code == 302
    assert "已撤回" in client.get(at("calendars/")).content.decode()
    forget_adopted()
    calendar = Client().get("/desk/calendar/?year=2027").content.decode()
    assert "暂定" in calendar


def test_the_calendar_page_shows_an_adopted_notice(world):
    client = as_("province")
    client.post(client.post(at("calendars/new/"), {"text": NOTICE})["Location"])
    forget_adopted()
    assert "国办发明电〔2026〕99号" in Client().get("/desk/calendar/?year=2027").content.decode()
