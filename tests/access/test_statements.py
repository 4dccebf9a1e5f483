"""How many statements each page may take: what peers lose by, a question for every row, is seen here first.

A page that takes more fails; a page that takes fewer may have its number lowered. Lists have a test of their own in
their rooms: fifty rows take as many statements as five.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from yangguang.demo.testkit.addresses import CLERK, EVERY, HANDLER, PUBLIC, Addresses
from yangguang.demo.testkit.copies import demo_copy
from yangguang.platform.testkit import databases
from yangguang.platform.vault import house_vault

#: pages with a number of their own: who looks, where, the most statements
MOST = {
    (PUBLIC, "/"): 10,
    (PUBLIC, "/watch/duties/{duty}/"): 18,
    (PUBLIC, "/watch/duties/{collective}/"): 19,
    (PUBLIC, "/accounts/demo/"): 20,
    (PUBLIC, "/api/v1/duties"): 2,
    (PUBLIC, "/api/v1/duties/{duty}"): 2,
    (PUBLIC, "/api/v1/duties/{duty}/events"): 10,
    (PUBLIC, "/api/v1/notices"): 1,
    (PUBLIC, "/api/v1/notices/{notice}"): 3,
    (PUBLIC, "/api/v1/cards"): 1,
    (PUBLIC, "/api/v1/units"): 1,
    (PUBLIC, "/api/v1/divisions"): 1,
    (PUBLIC, "/api/v1/rulebook"): 0,
    (CLERK, "/desk/"): 27,
    (CLERK, "/desk/notices/{notice}/"): 21,
    (CLERK, "/desk/duties/{duty}/"): 42,
    (CLERK, "/desk/duties/{collective}/"): 45,
    (CLERK, "/desk/duties/{duty}/plan/"): 27,
    (CLERK, "/desk/duties/{duty}/merge/"): 27,
    (CLERK, "/desk/watch/"): 21,
    (CLERK, "/desk/watch/cases/"): 18,
    (HANDLER, "/desk/"): 26,
    (HANDLER, "/desk/duties/{duty}/"): 42,
    (HANDLER, "/desk/duties/{duty}/report/"): 34,
    (HANDLER, "/desk/duties/{duty}/extend/"): 30,
}
#: every other page, for the public and for officers
PUBLIC_MOST, OFFICER_MOST = 8, 17
#: the pages that every test of pages opens, and the answers of the API
LOOKED_AT = [*EVERY, *((who, path) for who, path in MOST if path.startswith("/api/"))]


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration: its case numbers, and everybody who looks, signed in."""
    data = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), databases.test_server() as url:
        with demo_copy(url, data) as copy, databases.connected(copy.url):
            house_vault.cache_clear()  # another module's demonstration had keys of its own
            visitors = {who: Client() for who, _path in EVERY}
            for who, client in visitors.items():
                if who:
                    client.post("/accounts/demo/enter/", {"username": who})
            yield Addresses.of(copy.url), visitors
    house_vault.cache_clear()


@pytest.mark.parametrize(("who", "path"), LOOKED_AT, ids=lambda part: part or "public")
def test_a_page_takes_no_more_statements_than_it_may(house, who, path):
    addresses, visitors = house
    where = addresses.filled(path)
    visitors[who].get(where)  # what a process keeps for good is read by the first request
    with CaptureQueriesContext(connection) as taken:
        answer = visitors[who].get(where)
    assert answer.status_code in {200, 302}
    most = MOST.get((who, path), OFFICER_MOST if who else PUBLIC_MOST)
    assert len(taken) <= most, "\n".join(query["sql"][:300] for query in taken)


def test_every_number_is_of_a_page_that_is_looked_at():
    assert set(MOST) <= set(LOOKED_AT)
