"""Fixtures of supervision: a watched world, and a clock that is given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
