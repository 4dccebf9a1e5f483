"""Fixtures of the two faces: the published world, built once a module and rolled back after every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import override_settings

from yangguang.platform.now import set_clock

if TYPE_CHECKING:
    from yangguang.faces.portal.tests.world import World


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build the published world in a transaction that is never kept."""
    from yangguang.faces.portal.tests.world import World, calendars  # noqa: PLC0415 - models need the apps first

    folders = calendars(tmp_path_factory.mktemp("calendars"))
    with django_db_blocker.unblock(), override_settings(CALENDAR_DIRS=folders), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    set_clock(None)


@pytest.fixture
def world(built: World, django_db_blocker: object) -> Iterator[World]:
    """Give the published world to one test; what the test writes is taken back, the clock is set again."""
    from yangguang.faces.portal.tests.world import TODAY, moment  # noqa: PLC0415 - as above

    set_clock(lambda: moment(TODAY))
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)
