"""Fixtures of supervision: a watched world, and a clock that is given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yangguang.platform.now import set_clock


@pytest.fixture
def qinghe(settings: object, tmp_path: Path) -> Iterator[None]:
    """Give the invented province a calendar, and the wall clock back afterwards."""
    from yangguang.supervision.tests.world import calendars  # noqa: PLC0415 - rules are tested without Django

    settings.CALENDAR_DIRS = calendars(tmp_path)
    yield
    set_clock(None)


@pytest.fixture
def world(db: None, qinghe: None) -> object:
    """Build the watched world."""
    from yangguang.supervision.tests.world import World  # noqa: PLC0415 - as above

    return World()


@pytest.fixture
def _triggers_again(django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _triggers("origin")


@pytest.fixture
def committed(_triggers_again: None, transactional_db: None) -> Iterator[None]:
    """Let a test commit; emptying the tables afterwards is the one time that entries may go."""
    yield
    _triggers("replica")


def _triggers(role: str) -> None:
    from django.db import connection  # noqa: PLC0415 - rules are tested without Django

    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {role}")
