"""Public pages of a house where nothing was published yet."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_empty_house_says_what_will_be_there_and_shows_no_empty_block():
    html = Client().get("/").content.decode()
    assert "第一份来文公开后" in html
    for heading in ("最新来文", "已经逾期", "接下来到期", "最近办成", "暂无"):
        assert heading not in html
    assert "还没有公开的任务" in Client().get("/watch/lights/").content.decode()


def test_the_house_says_that_it_is_well():
    assert Client().get("/healthz").content == b"ok\n"
