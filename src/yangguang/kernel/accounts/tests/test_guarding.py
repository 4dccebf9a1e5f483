"""Who gets in, and for how long: second factors of staff, ends of sessions, brakes, asking again, one's own page."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from yangguang.kernel.accounts import commands
from yangguang.kernel.accounts.faces import guarding
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.organisation.tests.world import build
from yangguang.platform.vault import Keys, house_vault
from yangguang.platform.web import limits

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-7"
CAST = {"handler": {"x.do": ["*"]}, "administrator": {"office.people": ["*"]}, "manager": {"accounts.manage": ["*"]}}


@pytest.fixture(autouse=True)
def _real(monkeypatch, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SESSION_IDLE_SECONDS = 3600
    settings.DEMO, settings.SECOND_FACTOR, settings.ASK_AGAIN = False, "staff", True
    monkeypatch.setenv("YG_VAULT_KEYS", Keys.generate().written)
    house_vault.cache_clear()
    cache.clear()
    limits.COUNTER.counts.clear()
    yield
    house_vault.cache_clear()


@pytest.fixture
def world():
    return build()


def member(world, who, *, days_ago=0):
    officer = world.officer(f"柳{who}", "KFIN", CAST[who])
    at = datetime.now(UTC) - timedelta(days=days_ago)
    token = commands.invite_staff(officer.person, who, by=Actor.system("setup"), at=at)
    return commands.accept_invitation(token, PASSWORD, at=at)


def signed_in(name):
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client


def enrolled(account):
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})


@pytest.mark.parametrize(
    ("who", "days_ago", "setting", "kept_out"),
    [
        ("handler", 0, "staff", False),
        ("handler", 8, "staff", True),
        ("handler", 8, "administrators", False),
        ("administrator", 0, "staff", True),
        ("administrator", 0, "administrators", True),
        ("manager", 0, "staff", True),
        ("administrator", 9, "off", False),
    ],
)
def test_the_desk_opens_only_with_the_second_factor_that_is_due(world, settings, who, days_ago, setting, kept_out):
    settings.SECOND_FACTOR = setting
    account = member(world, who, days_ago=days_ago)
    client = signed_in(who)
    answer = client.get("/desk/messages/")
    assert (answer.status_code, answer.get("Location", "")) == ((302, "/accounts/2fa/") if kept_out else (200, ""))
    assert (client.get("/en/desk/messages/").status_code == 302) is kept_out
    assert client.get("/accounts/2fa/").status_code == 200
    enrolled(account)
    assert client.get("/desk/messages/").status_code == 200


def test_without_the_second_factor_the_api_knows_nobody(world):
    account = member(world, "administrator")
    client = signed_in("administrator")
    assert client.post("/api/v1/duties/X/reports", {}, content_type="application/json").status_code == 401
    enrolled(account)
    assert client.post("/api/v1/duties/X/reports", {}, content_type="application/json").status_code != 401


def test_a_session_ends_when_left_alone_and_when_too_old(world, settings, monkeypatch):
    member(world, "handler")
    clock = [1_000_000.0]
    monkeypatch.setattr(guarding.time, "time", lambda: clock[0])
    client = signed_in("handler")
    for _ in range(4):
        clock[0] += settings.SESSION_IDLE_SECONDS - 1
        assert client.get("/desk/messages/").status_code == 200
    clock[0] += settings.SESSION_IDLE_SECONDS + 1
    assert client.get("/desk/messages/").status_code == 302
    client = signed_in("handler")
    assert client.get("/desk/messages/").status_code == 200
    began = clock[0]
    while clock[0] - began <= settings.SESSION_COOKIE_AGE:
        assert client.get("/desk/messages/").status_code == 200
        clock[0] += settings.SESSION_IDLE_SECONDS - 1
    assert client.get("/desk/messages/").status_code == 302


def test_ones_other_sessions_are_listed_and_ended(world):
    member(world, "handler")
    here, there = signed_in("handler"), signed_in("handler")
    assert there.get("/desk/messages/").status_code == 200
    assert "127.0.0.1" in here.get("/accounts/sessions/").content.decode()
    assert here.post("/accounts/sessions/").status_code == 302
    assert there.get("/desk/messages/").status_code == 302
    assert here.get("/desk/messages/").status_code == 200


@pytest.mark.parametrize(
    ("path", "send", "amount"),
    [("/setup/", True, 10), ("/search/", False, 60), ("/en/search/", False, 60), ("/api/v1/calendar/2026", False, 600)],
)
def test_who_asks_too_often_waits(settings, monkeypatch, path, send, amount):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "_too_many", lambda request: limits.HttpResponse(status=429))
    monkeypatch.setattr(limits, "COUNTER", limits.Counter())
    monkeypatch.setattr(limits.time, "time", lambda: 6_000_000.0)
    (limit,) = [one for one in limits.LIMITS if one.pattern.match(path) and one.amount == amount]
    for _ in range(amount - 1):
        limits.COUNTER.over(limit, "address 127.0.0.1", limits.time.time())
    client = Client()
    answers = [(client.post if send else client.get)(path).status_code for _ in range(2)]
    assert answers[0] != 429
    assert answers[1] == 429


def test_too_many_requests_are_told_when_to_come_back(settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "COUNTER", type("Full", (), {"over": lambda *_: True})())
    page, answer = Client().get("/search/"), Client().get("/api/v1/units")
    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "too_many")


def test_a_dangerous_act_asks_for_the_password_again(world, settings):
    enrolled(member(world, "manager"))
    other = world.officer("柳九", "KFIN", {})
    client = Client()
    client.force_login(Account.objects.get(username="manager"))
    path = f"/desk/setup/accounts/{other.person.number}/invite/"
    assert "/accounts/" in client.post(path, {"username": "nine"})["Location"]
    assert not Account.objects.filter(username="nine").exists()
    settings.ASK_AGAIN = False
    assert client.post(path, {"username": "nine"}).status_code == 200
    assert Account.objects.filter(username="nine").exists()


SIGNUP = {
    "username": "chen",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "real_name": "陈小明",
    "phone": "13800000000",
}


def test_a_citizen_sees_what_is_kept_and_who_looked_and_can_have_it_erased(world):
    client = Client()
    client.post("/accounts/signup/", SIGNUP)
    page = client.get("/accounts/mine/").content.decode()
    assert "陈**" in page
    assert "138******00" in page
    assert "陈小明" not in page
    asked = client.post("/accounts/mine/erase/", {"sure": "yes"})
    assert Account.objects.filter(username="chen").exists()
    client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert not Account.objects.filter(username="chen").exists()
    assert client.get("/accounts/mine/").status_code == 302


def test_an_officer_finds_a_citizen_masked_and_opens_nothing_without_a_case(world, settings):
    settings.SECOND_FACTOR = "off"
    CAST["service"] = {"accounts.reveal": ["*"]}
    Client().post("/accounts/signup/", SIGNUP)
    member(world, "service")
    client = signed_in("service")
    masked = client.post("/accounts/citizens/", {"phone": "13800000000"}).content.decode()
    assert "陈**" in masked
    assert "陈小明" not in masked
    refused = client.post("/accounts/citizens/", {"phone": "13800000000", "columns": ["real_name"], "purpose": "x"})
    assert refused.status_code == 422
    assert "陈小明" not in refused.content.decode()
    member(world, "handler")
    assert signed_in("handler").get("/accounts/citizens/").status_code == 403
