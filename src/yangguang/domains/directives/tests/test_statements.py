"""Lists ask the database the same number of questions for fifty duties as for five."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yangguang.domains.directives.models import Duty

HEAD = """青禾省人民政府办公厅关于印发2026年重点任务分解表的通知
青政办发〔2026〕{number}号

各市人民政府，省政府各部门：
　　现将任务分解表印发给你们，请认真落实。
                                青禾省人民政府办公厅
                                2026年2月27日

2026年重点任务分解表

序号|工作任务|牵头单位|协办单位|完成时限
"""
ROW = "{row}|完善第{row}类事项的办理标准并公布|省民政厅|省财政厅|2026年11月30日前\n"
FEW, MANY = 5, 50
PAGES = {
    "clerk": (
        "/desk/",
        "/desk/notices/",
        "/desk/duties/",
        "/desk/units/99-CIV/",
        "/desk/watch/cases/",
        "/api/v1/duties",
    ),
    "civil": ("/desk/", "/desk/duties/", "/desk/units/99-CIV/"),
    "": ("/", "/watch/duties/", "/api/v1/duties", "/api/v1/notices"),
}


def issue(world, number, rows):
    world.issue(HEAD.format(number=number) + "".join(ROW.format(row=row) for row in range(1, rows + 1)))


@pytest.fixture
def visitors(world):
    found = {who: Client() for who in PAGES}
    for who, client in found.items():
        if who:
            client.force_login(world.account(who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def taken(visitors):
    """How many statements every page takes, each opened once before."""
    counts = {}
    for who, pages in PAGES.items():
        for page in pages:
            visitors[who].get(page)
            with CaptureQueriesContext(connection) as queries:
                assert visitors[who].get(page).status_code == 200, page
            counts[who, page] = len(queries)
    return counts


def test_fifty_duties_take_as_many_statements_as_five(world, visitors):
    issue(world, 31, FEW)
    few = taken(visitors)
    issue(world, 32, MANY - FEW)
    assert Duty.objects.count() == MANY
    assert taken(visitors) == few
