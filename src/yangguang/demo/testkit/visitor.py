"""Somebody with a browser of his own, who signs in as the demonstration's people do."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from yangguang.demo.testkit.site import Site


class Visitor:
    """One person at one screen; what the browser complains about is kept in `problems`."""

    def __init__(self, browser: Browser, site: Site, username: str = "", *, width: int = 1280, **options: Any) -> None:
        self.site = site
        self.username = username
        self.context: BrowserContext = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, **options
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        if username:
            self.sign_in(username)

    def sign_in(self, username: str) -> None:
        """Enter by the page of demonstration logins."""
        self.page.goto("/accounts/demo/")
        with self.page.expect_navigation():
            self.page.locator(f"form:has(input[name=username][value={username}]) button").click()

    def open(self, path: str) -> Page:
        """Open an address; anything but 200 is a fault of the test."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def press(self, name: str) -> None:
        """Press a button by its whole words and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow a link by its whole words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def leave(self) -> None:
        """Close the browser's window."""
        self.context.close()
