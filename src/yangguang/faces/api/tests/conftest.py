"""The province of the directives room, seen through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yangguang.domains.directives.tests.conftest import issued, province, world

__all__ = ["callers", "issued", "province", "world"]


@pytest.fixture
def callers(issued: Any) -> Any:
    """Return a client signed in as a member of the cast; without a name, the public's."""
    cache.clear()

    def caller(name: str = "", *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        if name:
            client.force_login(issued.account(name))
        return client

    return caller
