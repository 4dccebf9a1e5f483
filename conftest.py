"""Fixtures of the whole house: every test process works in its own copy of a migrated database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from yangguang.platform.testkit.databases import connected, migrated_copy, test_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The small size draws the same cases each time, so that a red run means a change and not a draw.
settings.register_profile("small", max_examples=40, derandomize=True, deadline=None)
settings.register_profile("full", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("YG_TEST_SIZE", "small"))


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """Point Django at a copy of the template instead of migrating a database for each process."""
    with test_server() as url, migrated_copy(url) as address, connected(address):
        yield


@pytest.fixture(autouse=True)
def _no_notice_outlives_its_test() -> Iterator[None]:
    """Forget the calendar notices that a test adopted: its database is rolled back, a process remembers."""
    yield
    adopted = sys.modules.get("yangguang.kernel.ledger.adopted")
    if adopted is not None:
        adopted.forget_adopted()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium for the whole session."""
    from yangguang.platform.testkit.browser import chromium  # noqa: PLC0415 - only browser tests need the driver

    with chromium() as running:
        yield running


def pytest_make_parametrize_id(config, val, argname) -> str | None:
    """Name long or binary parameters by their argument: a drawn key in a name differs between test processes."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 60) else None
