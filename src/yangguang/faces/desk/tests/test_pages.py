"""Officers' pages with the cast: the supervising office, handling units, a stranger, the public."""

from datetime import date

import pytest
from django.test import Client
from django.utils.html import escape

from yangguang.faces.desk import days
from yangguang.faces.portal.values import amount
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.queries import notices_of, unread_of
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform import i18n

i18n.compile()  # Django reads the compiled words only
MADE_UP_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("path", ["/desk/search/?q=登记", "/desk/messages/", "/en/desk/messages/"])
def test_the_public_is_led_to_sign_in(world, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("path", ["/desk/messages/", "/desk/search/?q=稽核", "/desk/rulebook/", "/desk/calendar/"])
def test_pages_have_one_heading_and_nothing_inline(world, path):
    for prefix in ("", "/en"):
        html = text(world.client(world.office), prefix + path)
        assert html.count("<h1") == 1
        assert " style=" not in html
        assert "<script>" not in html


# --- search -------------------------------------------------------------------------------------------------


def test_search_respects_sight(world):
    number = world.duty(1, world.inside).case.number
    for officer, sees in ((world.office, True), (world.finance, True), (world.market, False), (world.stranger, False)):
        client = world.client(officer)
        assert (number in text(client, "/desk/search/?q=稽核")) is sees
        assert (client.get(f"/desk/search/?q={number}").status_code == 302) is sees


def test_a_hit_leads_officers_to_their_page(world):
    number = world.duty(4).case.number
    assert f'href="/desk/duties/{number}/"' in text(world.client(world.stranger), "/desk/search/?q=登记时限")


# --- messages -----------------------------------------------------------------------------------------------


def test_messages_are_those_of_the_unit_and_lead_to_their_case(world):
    html = text(world.client(world.market), "/desk/messages/")
    mine = list(notices_of(unit=world.market.post.unit_id))
    assert mine
    assert all(f"/desk/messages/{message.pk}/" in html for message in mine)
    others = notices_of(unit=world.planner.post.unit_id).exclude(subject__in=[m.subject for m in mine])
    assert all(message.subject not in html for message in others)


def test_opening_a_message_reads_it_and_goes_to_the_case(world):
    client, unit = world.client(world.market), world.market.post.unit_id
    message = unread_of(unit=unit).first()
    answer = client.post(f"/desk/messages/{message.pk}/")
    assert answer["Location"] == f"/desk/duties/{message.case}/"
    assert Message.objects.get(pk=message.pk).read_at is not None


def test_nobody_opens_the_message_of_another_unit(world):
    message = unread_of(unit=world.market.post.unit_id).first()
    assert world.client(world.finance).post(f"/desk/messages/{message.pk}/").status_code == 404
    assert world.client(world.market).get(f"/desk/messages/{message.pk}/").status_code == 405
    assert Message.objects.get(pk=message.pk).read_at is None


def test_a_message_about_a_case_out_of_sight_tells_nothing_more(world):
    message = unread_of(unit=world.stranger.post.unit_id).first() or Message.objects.create(
        unit=world.stranger.post.unit, channel="inapp", subject="旧消息", case=world.duty(1, world.inside).case.number,
        dedupe_key="x#inapp", state="sent", created_at="2026-03-02T02:00:00Z",
    )  # fmt: skip
    assert "打开这一件" not in text(world.client(world.stranger), "/desk/messages/")
    assert world.client(world.stranger).post(f"/desk/messages/{message.pk}/")["Location"] == "/desk/messages/"


def test_reading_all_takes_what_was_shown_and_leaves_what_came_later(world):
    unit = world.office.post.unit_id
    shown = max(unread_of(unit=unit).values_list("pk", flat=True))
    later = Message.objects.create(
        unit_id=unit,
        channel="inapp",
        subject="新到",
        dedupe_key="y#inapp",
        state="sent",
        created_at="2026-04-20T02:00:00Z",
    )
    elsewhere = unread_of(unit=world.market.post.unit_id).count()
    world.client(world.office).post("/desk/messages/read/", {"until": shown})
    assert list(unread_of(unit=unit)) == [later]
    assert unread_of(unit=world.market.post.unit_id).count() == elsewhere
    assert "新到" in text(world.client(world.office), "/desk/messages/?view=unread")


def test_messages_cost_the_same_for_one_and_for_many(world, django_assert_max_num_queries):
    client = world.client(world.office)
    client.get("/desk/messages/")
    with django_assert_max_num_queries(60):
        client.get("/desk/messages/")


# --- rulebook -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_rulebook_shows_every_value_with_article_and_mark(world, prefix):
    html = text(Client(), f"{prefix}/desk/rulebook/")
    for value in house_rulebook():
        place = f'id="{value.key}-{value.overlay}"' if value.overlay else f'id="{value.key}"'
        assert html.count(place) == 1
        part = html[html.index(place) :].split("</dd>", 1)[0]
        assert value.cite.article in part
        assert 'class="yg-tag' in part
        assert escape(value.en if prefix else value.zh) in part
        if not prefix:
            assert amount(value) in part
            assert f"《{value.cite.title}》" in part


def test_the_rulebook_says_what_uses_a_value(world):
    html = text(Client(), "/desk/rulebook/")
    signing = html[html.index('id="duty.sign-99"') :].split("</dd>", 1)[0]
    assert "时钟 7 个，正在走 1 个" in signing
    assert "监察规则" in html[html.index('id="duty.watch.yellow"') :].split("</dd>", 1)[0]


def test_the_rulebook_is_searched_by_any_of_its_words(world):
    assert "duty.sign" in text(Client(), "/desk/rulebook/?q=签收")
    assert "duty.review" not in text(Client(), "/desk/rulebook/?q=签收")
    assert 'id="inspection.review.apply"' in text(Client(), "/en/desk/rulebook/?q=government+inspection+第十七条")
    assert "没有找到“天书”" in text(Client(), "/desk/rulebook/?q=天书")


# --- calendar -----------------------------------------------------------------------------------------------


def test_the_calendar_of_2026_shows_the_six_worked_weekend_days_with_their_notice(world):
    html = text(Client(), "/desk/calendar/?year=2026")
    assert html.count('class="yg-d-made') == 6 + 1  # and once in the legend
    made = [d.fact for m in days.months(calendar_for(None), 2026) for w in m.weeks for d in w if d and d.kind == "made"]
    assert [fact.day.isoformat() for fact in made] == MADE_UP_2026
    assert "国办发明电〔2025〕7号" in html
    assert "全年 248 个工作日" in html
    assert 'class="yg-note' not in html


def test_a_year_without_notice_says_so(world):
    assert "放假安排还没有公布" in text(Client(), "/desk/calendar/?year=2027")
    assert "have not been announced" in text(Client(), "/en/desk/calendar/?year=2027")


@pytest.mark.parametrize(
    "query", ["", "?year=1900", "?year=9999", "?year=abcd", "?year=２０２６", "?place=nowhere", "?place=53"]
)
def test_the_calendar_takes_anything_that_is_asked(world, query):
    text(Client(), f"/desk/calendar/{query}")


def test_places_with_festivals_of_their_own():
    festivals = {festival.name: festival for festival in days.festivals(calendar_for("5134"), 2026)}
    assert festivals["火把节"].off[0].first == date(2026, 8, 6)


def test_spans_break_where_days_do():
    festivals = {festival.name: festival for festival in days.festivals(calendar_for(None), 2026)}
    assert [(s.first.day, s.last.day, s.length) for s in festivals["国庆节"].off] == [(1, 7, 7)]
    assert [fact.day.isoformat() for fact in festivals["国庆节"].work] == ["2026-09-20", "2026-10-10"]
    assert sum(month.worked for month in days.months(calendar_for(None), 2026)) == days.worked_days(
        calendar_for(None), 2026
    )
