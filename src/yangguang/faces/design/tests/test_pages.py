"""Shells, forms, tables, errors and the elder view, as the server sends them."""

import pytest
from django.template import Context, Origin, Template
from django.template.loader import render_to_string
from django.test import Client

from yangguang.faces.design.gallery import SampleForm, SampleTable

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    "address", ["/design/", "/design/portal/", "/design/confirm/", "/design/plain/", "/design/act/"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_sample_page_answers_and_allows_nothing_inline(address, prefix):
    response = Client().get(prefix + address)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert 'lang="en"' in html if prefix else 'lang="zh-Hans"' in html
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_language_switch_stays_on_the_page():
    assert 'href="/en/design/portal/?q=1"' in Client().get("/design/portal/?q=1").content.decode()
    assert 'href="/design/portal/?q=1"' in Client().get("/en/design/portal/?q=1").content.decode()


def test_error_pages_lead_home_in_the_language_they_speak():
    assert 'href="/en/">Home page' in Client().get("/en/nowhere/").content.decode()
    assert 'href="/">回首页' in Client().get("/nowhere/").content.decode()


def test_language_switch_of_an_unknown_page_leads_to_the_front_page():
    assert 'href="/en/"' in Client().get("/nowhere/").content.decode()


def test_elder_view_is_remembered_and_saved_views_do_not_touch_it():
    client = Client()
    assert "yg-elder" not in client.get("/design/portal/").content.decode()
    assert "yg-elder" in client.get("/design/portal/?view=elder").content.decode()
    assert "yg-elder" in client.get("/design/portal/?view=overdue").content.decode()
    assert "yg-elder" not in client.get("/design/portal/?view=standard").content.decode()
    assert "yg-elder" not in client.get("/design/portal/").content.decode()


def test_demonstration_says_so_and_a_real_site_does_not(settings):
    assert "青禾省为虚构" in Client().get("/design/portal/").content.decode()
    settings.DEMO = False
    assert "虚构" not in Client().get("/design/portal/").content.decode()


def test_footer_names_who_answers_for_the_site():
    html = Client().get("/design/portal/").content.decode()
    for words in ("主办单位：", "网站标识码：", "政府网站找错"):
        assert words in html


def test_a_wrong_form_links_each_error_to_its_field_and_keeps_the_text():
    form = SampleForm({"title": "写过的字", "due": "2026-02-31", "kind": "by"})
    html = str(form)
    assert 'href="#id_due"' in html
    assert 'href="#id_result_0"' in html
    assert 'id="id_result_0"' in html
    assert 'value="写过的字"' in html
    assert 'aria-describedby="id_due_error"' in html
    assert 'id="id_due_error"' in html
    assert html.count('aria-invalid="true"') >= 1
    assert 'aria-describedby="id_title_helptext"' in html


def test_a_fresh_form_says_what_may_be_left_out_and_shows_no_errors():
    html = str(SampleForm())
    assert "（选填）" in html
    assert "data-errors" not in html


def test_table_says_how_it_is_sorted():
    html = Client().get("/design/?sort=-due").content.decode()
    assert html.count('aria-sort="descending"') == 1
    assert '<caption class="visually-hidden">任务台账样例</caption>' in html
    assert 'data-label="牵头单位"' in html
    assert Client().get("/design/").content.decode().count("aria-sort") == 0


def test_table_pages_keep_the_query():
    html = Client().get("/design/?sort=due&unit=a").content.decode()
    assert "?sort=due&amp;unit=a&amp;page=2" in html


def test_an_empty_table_shows_no_header_but_a_sentence():
    html = render_to_string("design/table.html", {"table": SampleTable([])})
    assert "<table" not in html
    assert "没有符合条件的记录" in html


def test_refusal_says_why_what_to_do_and_keeps_the_text():
    html = Client().get("/design/plain/").content.decode()
    for words in ("已经销号", "第九条", "重新开启", "等目录下发后一个月内完成"):
        assert words in html


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "409.html", "422.html", "500.html"])
def test_error_pages_need_no_request_and_no_context(name):
    html = render_to_string(name)
    assert "<h1>" in html
    assert "回首页" in html


def test_error_pages_can_carry_a_refusal():
    html = render_to_string("409.html", {"refusal": {"says": "甲已改过", "cite": "", "remedy": "先看再改"}})
    assert "甲已改过" in html
    assert "依据" not in html


ACCOUNT_PAGE = """{% extends "allauth/layouts/base.html" %}{% load allauth %}{% block content %}
{% element form form=form method="post" action="/x/" %}
{% slot body %}{% element fields form=form %}{% endelement %}{% endslot %}
{% slot actions %}
{% element button type="submit" tags="prominent,login" %}Go{% endelement %}
{% element button type="submit" form="f" tags="outline,primary" %}Key{% endelement %}
{% endslot %}{% endelement %}{% endblock %}"""


def test_account_pages_wear_the_plain_shell():
    page = Template(ACCOUNT_PAGE, origin=Origin("sample", template_name="account/sample.html"))
    html = page.render(Context({"form": SampleForm()}))
    assert 'class="btn btn-primary" type="submit">Go' in html.replace("\n", "")
    assert '<button class="btn" form="f"' in html
    assert 'class="yg-field"' in html
    assert html.count('action="/x/"') == 1
