"""The clock is given back after each test that moved it."""

from __future__ import annotations

import pytest
from django.db import connection

from yangguang.platform import now as clock


@pytest.fixture(autouse=True)
def _clock():
    yield
    clock.set_clock(None)


@pytest.fixture
def _triggers_again(django_db_blocker):
    yield
    with django_db_blocker.unblock():
        _triggers("DEFAULT")


@pytest.fixture
def committed(_triggers_again, transactional_db):
    """Let a test commit; emptying the tables afterwards is the one time that entries may go."""
    yield
    _triggers("replica")


def _triggers(role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {role}")
