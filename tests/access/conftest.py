"""The demonstration with hostile words in it, for tests of what pages and files make of them."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from yangguang.demo.testkit.addresses import ADMINISTRATOR, CLERK, HANDLER, PUBLIC, Addresses
from yangguang.demo.testkit.copies import demo_copy
from yangguang.platform.testkit import databases


@pytest.fixture(scope="module")
def visited(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration's numbers, and a client for each visitor of the list of pages."""
    data = tmp_path_factory.mktemp("visited")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), databases.test_server() as url:
        with demo_copy(url, data) as copy, databases.connected(copy.url):
            clients = {who: Client(raise_request_exception=False) for who in (PUBLIC, CLERK, HANDLER, ADMINISTRATOR)}
            for who, client in clients.items():
                if who:
                    client.post("/accounts/demo/enter/", {"username": who})
            yield Addresses.of(copy.url), clients
