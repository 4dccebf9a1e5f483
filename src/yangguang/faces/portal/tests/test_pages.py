"""Public pages: what is on them, what never is, and what they cost."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from django.test import Client

from yangguang.domains.directives.models import Duty
from yangguang.kernel.ledger.models import Deadline
from yangguang.platform import i18n

i18n.compile()  # Django reads the compiled words only
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
EVERY = ["/", "/search/", "/search/?q=登记", "/watch/lights/", "/data/method/", "/help/", "/help/start/", "/site/map/"]


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_has_one_heading_and_nothing_inline(world, prefix):
    for path in EVERY:
        html = text(Client(), prefix + path)
        assert html.count("<h1") == 1, path
        assert " style=" not in html
        assert "<style" not in html
        assert "<script>" not in html


def test_the_front_page_counts_each_promise_once_and_says_why_a_light_is_red(world):
    html = text(Client(), "/")
    assert "公开承诺 <b>5</b> 项，已办成 <b>2</b> 项。" in html
    for words in ("正常 1", "滞后 1", "逾期 1", "办结 1", "销号 1"):
        assert words in html
    assert "云政办发〔2026〕7号" in html
    # due 31 March; 1 April to 20 April less two weekends and a half and 清明节 are 13 working days
    assert "于 2026-03-31 到期，已过 13 个工作日" in html
    assert "9月30日到期，还有 114 个工作日" in html
    assert "暂无" not in html


def test_the_front_page_shows_nothing_that_is_not_public(world):
    for path in ("/", "/watch/lights/", "/feed/notices.atom", "/sitemap.xml", "/search/?q=稽核", "/en/"):
        html = text(Client(), path)
        assert "内部稽核" not in html
        assert world.inside.case.number not in html


def test_the_front_page_speaks_english(world):
    html = text(Client(), "/en/")
    assert "Today: how promises are being kept" in html
    assert "<b>5</b> public promises, <b>2</b> kept." in html
    assert "13 working days have passed" in html


def test_the_front_page_costs_as_much_with_more_duties(world, django_assert_max_num_queries):
    Client().get("/")
    with django_assert_max_num_queries(16):
        Client().get("/")


def test_search_finds_what_is_public_only_and_a_number_leads_to_its_page(world):
    assert "压减<mark>登记</mark>时限" in text(Client(), "/search/?q=登记")
    assert "没有找到“稽核”" in text(Client(), "/search/?q=稽核")
    number = world.duty(1).case.number
    assert Client().get(f"/search/?q={number}")["Location"] == f"/watch/duties/{number}/"
    hidden = world.duty(1, world.inside).case.number
    assert Client().get(f"/search/?q={hidden}").status_code == 200


@pytest.mark.parametrize("query", ["q=登记&page=99999999999999999999", "q=登记&page=²", "q=%00", "q=登记&kind=nothing",
                                   "q=" + "长" * 5000, "q=')--", "q=登记&page=-1"])  # fmt: skip
def test_search_takes_anything_that_is_typed(world, query):
    text(Client(), f"/search/?{query}")


def test_search_narrows_to_a_kind(world):
    everything, duties, notices = (
        text(Client(), f"/search/?q=登记时限{kind}") for kind in ("", "&kind=duty", "&kind=notice")
    )
    duty, notice = world.duty(4).case.number, world.notice.case.number
    assert (duty in everything, notice in everything) == (True, True)
    assert (duty in duties, notice in duties) == (True, False)
    assert (duty in notices, notice in notices) == (False, True)


def rows(client):
    content = client.get("/data/lights.csv").content.decode("utf-8")
    assert content.startswith("\ufeff")
    return {row["单位"]: row for row in csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))}


def test_lights_table_and_its_file_agree(world):
    found = rows(Client())
    assert found["云川市财政局"]["任务合计"] == "2"
    assert found["云川市财政局"]["逾期"] == "1"
    assert found["云川市发展和改革委员会"]["逾期次数"] == "1"
    html = text(Client(), "/watch/lights/")
    assert all(name in html for name in found)


@pytest.mark.parametrize(("due", "late", "share"), [(9, 0, ""), (10, 0, "100"), (10, 3, "70"), (12, 1, "92")])
def test_a_share_is_given_only_from_ten_reports_on(world, due, late, share):
    case = world.duty(5).case
    Deadline.objects.filter(case=case, key__startswith="report:").delete()
    clock = Deadline.objects.filter(case=case).first()
    for n in range(due):
        clock.pk, clock.key, clock.due_on = None, f"report:{n}", "2026-03-31"
        clock.state, clock.met_on = ("running", None) if n < late else ("met", "2026-03-30")
        clock.save()
    assert rows(Client())["云川市发展和改革委员会"]["按时率（%）"] == share
    shown = f"应报 {due} 次，不足以算比率" in text(Client(), "/watch/lights/")
    assert shown == (share == "")


def test_a_name_is_no_formula(world):
    world.units["CFIN"].__class__.objects.filter(pk=world.units["CFIN"].pk).update(name="=1+1")
    assert "'=1+1" in rows(Client())


def test_method_shows_each_value_of_the_lights_with_its_source(world):
    html = text(Client(), "/data/method/")
    for words in (
        "报告逾期阈值",
        "10 个工作日",
        "《阳光平台默认设置》报告逾期",
        "平台默认",
        "每季度：次月 5 日前",
        "青禾省",
    ):
        assert words in html
    assert "a report is more than 10 working days late" in text(Client(), "/en/data/method/")


def test_the_feed_is_atom_with_stable_names(world):
    feed = ET.fromstring(Client().get("/feed/notices.atom").content)  # noqa: S314 - our own answer
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:yangguang:case:{world.notice.case.number}"
    assert "5 项任务 · 正常 1 · 滞后 1" in entry.findtext(f"{ATOM}summary")


def test_the_map_lists_public_cases_only(world):
    urls = ET.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314 - our own answer
    found = [url.findtext(f"{MAP}loc") for url in urls]
    public = Duty.objects.filter(case__public_from__isnull=False).count()
    assert len([address for address in found if "/watch/duties/9901" in address]) == public == 5
    assert len(set(found)) == len(found)


def test_pages_are_read_and_never_posted_to(world):
    assert Client().post("/").status_code == 405
