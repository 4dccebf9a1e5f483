"""A real browser for tests, and the question whether a page can be used by everybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from yangguang.platform.checks import find_browser
from yangguang.platform.unusable import Unusable


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a running Chromium; refuses with a sentence where there is none."""
    path = find_browser()
    if path is None:
        raise Unusable("The browser tests need Chromium, which is not here.", "Run them by ./test, which sees to it.")
    with sync_playwright() as driver:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def barriers(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, each with the first element concerned; none for a good page."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['help']} ({fault['nodes'][0]['html'][:120]})" for fault in found]
