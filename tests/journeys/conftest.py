"""A site for each module of journeys, and visitors who leave when their test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from yangguang.demo.testkit.copies import demo_copy
from yangguang.demo.testkit.site import Site, served
from yangguang.demo.testkit.visitor import Visitor
from yangguang.platform.i18n import compile as compile_catalogues
from yangguang.platform.testkit.databases import test_server


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of the test server."""
    with test_server() as url:
        yield url


@pytest.fixture(scope="module")
def site(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration on its usual day, served; what a module writes there, no other sees."""
    compile_catalogues()
    with demo_copy(database_server, tmp_path_factory.mktemp("data")) as copy, served(copy) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Let somebody in: ``visit("duchashi")``, ``visit()`` for the public; in the end no browser may have complained."""
    visitors: list[Visitor] = []

    def let_in(username: str = "", **options: object) -> Visitor:
        visitors.append(Visitor(browser, site, username, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()
    assert [(visitor.username, visitor.problems) for visitor in visitors if visitor.problems] == []
