"""Fixtures of the directives room: the province with its cast, and a clock that is given back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from yangguang.platform.now import set_clock


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Build the province once a module, in a transaction that ends with it; it has the nation's calendar."""
    from django.db import transaction  # noqa: PLC0415 - rules are tested without Django
    from django.test import override_settings  # noqa: PLC0415 - as above

    from yangguang.domains.directives.tests.world import World  # noqa: PLC0415 - as above

    folder = tmp_path_factory.mktemp("calendars")
    (folder / "99-qinghe").mkdir()
    with django_db_blocker.unblock(), override_settings(CALENDAR_DIRS=[str(folder)]), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(province: Any, db: None) -> Iterator[Any]:
    """The province as it was built, with a clock of its own."""
    own = copy.copy(province)
    set_clock(lambda: own.at)
    yield own
    set_clock(None)


@pytest.fixture
def issued(world: Any) -> Any:
    """The world with its notice read, confirmed, approved and public."""
    world.issue()
    return world
