"""Lists of supervision ask the database the same number of questions for fifty cards as for five."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yangguang.platform.now import set_clock
from yangguang.supervision.commands import sweep
from yangguang.supervision.models import Card
from yangguang.supervision.tests.test_pages import signed_in
from yangguang.supervision.tests.world import World, moment

MARCH, LATE = date(2026, 3, 2), date(2026, 4, 2)
FEW, MANY = 5, 50
OFFICER_PAGES = (
    "/desk/watch/",
    "/desk/watch/cases/",
    "/desk/watch/cards/",
    "/desk/watch/rules/",
    "/desk/watch/rules/D2/",
)
PUBLIC_PAGES = ("/watch/cards/", "/watch/rules/", "/watch/rules/D2/", "/api/v1/cards")


def late(world: World, cases: int) -> None:
    for _ in range(cases):
        case = world.case(MARCH, public=True)
        world.clock(case, MARCH, due_on=date(2026, 3, 31), label="三月底前完成")
    set_clock(lambda: moment(LATE))
    sweep(today=LATE, at=moment(LATE))


def taken(officer: Client) -> dict[str, int]:
    counts = {}
    for client, pages in ((officer, OFFICER_PAGES), (Client(), PUBLIC_PAGES)):
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200, page
            counts[page] = len(queries)
    return counts


def test_fifty_cards_take_as_many_statements_as_five(world: World) -> None:
    officer = signed_in(world.supervisor)
    late(world, FEW)
    few = taken(officer)
    late(world, MANY - FEW)
    assert Card.objects.count() == MANY
    assert taken(officer) == few
