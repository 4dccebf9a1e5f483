"""A passkey: added by its owner, named in Chinese, and enough to enter with."""

from __future__ import annotations

import dataclasses

import pytest

from yangguang.demo.testkit.visitor import Visitor
from yangguang.demo.vocabulary import PASSWORD

pytestmark = pytest.mark.browser

#: a key in the machine itself that its owner has just shown to be hers
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_lets_its_owner_in(browser, site):
    # a browser gives keys to names of machines only, never to bare numbers
    owner = Visitor(browser, dataclasses.replace(site, url=site.url.replace("127.0.0.1", "localhost")))
    session = owner.context.new_cdp_session(owner.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page = owner.open("/accounts/login/")
    assert page.locator(".yg-plain-brand").inner_text().endswith("青禾省人民政府")
    page.locator("[name=login]").fill("caizheng")
    page.locator("[name=password]").fill(PASSWORD)
    owner.press("登录")

    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    owner.press("确认")
    page.get_by_label("名称").fill("办公电脑")
    page.get_by_label("无密码").check()
    owner.press("添加")
    assert "办公电脑" in owner.open("/accounts/2fa/webauthn/").locator("main").inner_text()

    owner.context.clear_cookies()
    owner.open("/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/desk/")
    assert "青禾省财政厅" in page.locator("header").first.inner_text()
    assert owner.problems == []
    owner.leave()
