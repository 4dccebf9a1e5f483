"""Who may open what: every route of the house against the public, a handler, a stranger and an auditor.

Nothing is published in the copy of the demonstration used here, so that only an office of one's own opens a case.
A route without a rule fails: whoever adds one says here who may see it.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver

from yangguang.demo.testkit.addresses import Addresses
from yangguang.demo.testkit.copies import demo_copy
from yangguang.platform.testkit import databases

#: nobody signed in; the finance department's handler; a village's handler; an auditor of the whole province
CAST = ("", "caizheng", "cunji", "shenji")
#: answers to the cast, in its order: a status, "in" for the way to the sign-in page, "on" for a way elsewhere
OPEN = ("200", "200", "200", "200")
STAFF = ("in", "200", "200", "200")
SIGNED_IN = STAFF
CASE = ("in", "200", "404", "200")
UNPUBLISHED = NOTHING = ("404", "404", "404", "404")
SENT = ("in", "405", "405", "405")
SENT_BY_ALL = ("405", "405", "405", "405")
MANAGED = ("in", "403", "403", "403")
GUEST = ("200", "on", "on", "on")
AGAIN = ("in", "on", "on", "on")
ABSENT = ("in", "404", "404", "404")

RULES: dict[str, tuple[str, str, str, str]] = {
    "api:openapi-json": OPEN,
    "api:read": SENT_BY_ALL,
    "api:notices": OPEN,
    "api:register_notice": OPEN,
    "api:notice": ("404", "404", "404", "200"),
    "api:duties": OPEN,
    "api:duty": ("404", "200", "404", "200"),
    "api:events": ("404", "200", "404", "200"),
    "api:clocks": ("404", "200", "404", "200"),
    "api:report": SENT_BY_ALL,
    "api:due": ("422", "422", "422", "422"),
    "api:calendar": OPEN,
    "api:rulebook": OPEN,
    "api:divisions": OPEN,
    "api:units": OPEN,
    "api:cards": OPEN,
    "api:ledger_days": OPEN,
    "api:ledger_day": OPEN,
    "api:consistency": ("422", "422", "422", "422"),
    "api:receipt": ("404", "200", "404", "200"),
    "api:api-root": NOTHING,
    "api/v1/<path:rest>": NOTHING,
    "api_docs": OPEN,
    "accounts:invitation": ("410", "410", "410", "410"),
    "accounts:choose_post": SENT,
    "accounts:mine": AGAIN,
    "accounts:erase_mine": AGAIN,
    "accounts:citizens": MANAGED,
    "accounts:demo_logins": OPEN,
    "accounts:enter_demo": SENT_BY_ALL,
    "account_login": GUEST,
    "account_logout": ("on", "200", "200", "200"),
    "account_inactive": OPEN,
    "account_signup": GUEST,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": OPEN,
    "account_change_password": SIGNED_IN,
    "account_set_password": AGAIN,
    "account_reset_password": OPEN,
    "account_confirm_login_code": AGAIN,
    "account_confirm_email": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_done": OPEN,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": AGAIN,
    "mfa_reauthenticate": AGAIN,
    "mfa_activate_totp": AGAIN,
    "mfa_deactivate_totp": ABSENT,
    "mfa_view_recovery_codes": ABSENT,
    "mfa_generate_recovery_codes": AGAIN,
    "mfa_download_recovery_codes": ABSENT,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": AGAIN,
    "mfa_reauthenticate_webauthn": AGAIN,
    "mfa_remove_webauthn": AGAIN,
    "mfa_edit_webauthn": AGAIN,
    "mfa_login_webauthn": AGAIN,
    "directives:desk": STAFF,
    "directives:notices": STAFF,
    "directives:new_notice": STAFF,
    "directives:notice": ("in", "404", "404", "200"),
    "directives:save_proposals": SENT,
    "directives:decide_notice": SENT,
    "directives:correct": ("in", "404", "404", "403"),
    "directives:duties": STAFF,
    "directives:urge": SENT,
    "directives:export": STAFF,
    "directives:duty": CASE,
    "directives:evidence": NOTHING,
    "directives:letter": CASE,
    "directives:act": ("in", "200", "404", "403"),
    "directives:my_unit": AGAIN,
    "directives:unit": STAFF,
    "directives:unit_export": STAFF,
    "directives:feed": NOTHING,
    "directives:public_duties": OPEN,
    "directives:public_export": OPEN,
    "directives:public_duty": UNPUBLISHED,
    "directives:public_notice": UNPUBLISHED,
    "supervision:overview": STAFF,
    "supervision:cases": STAFF,
    "supervision:cards": STAFF,
    "supervision:card": CASE,
    "supervision:step": SENT_BY_ALL,
    "supervision:rules": STAFF,
    "supervision:rule": STAFF,
    "supervision:public_rules": OPEN,
    "supervision:public_rule": OPEN,
    "supervision:public_cards": OPEN,
    "supervision:public_card": UNPUBLISHED,
    "desk:search": STAFF,
    "desk:messages": STAFF,
    "desk:read_messages": SENT,
    "desk:open_message": SENT,
    "desk:rulebook": OPEN,
    "desk:calendar": OPEN,
    "desk:processes": STAFF,
    "desk:process": STAFF,
    "desk:check_process": MANAGED,
    "desk:accounts": MANAGED,
    "desk:invite": MANAGED,
    "desk:close_account": MANAGED,
    "desk:security_log": MANAGED,
    "desk:import": MANAGED,
    "desk:import_template": MANAGED,
    "desk:import_plan": MANAGED,
    "desk:first_use": NOTHING,
    "office:home": ("on", "on", "on", "on"),
    "office:units": STAFF,
    "office:new_unit": MANAGED,
    "office:unit": STAFF,
    "office:unit_act": MANAGED,
    "office:divisions": STAFF,
    "office:new_division": MANAGED,
    "office:rename_division": MANAGED,
    "office:people": MANAGED,
    "office:new_person": MANAGED,
    "office:person": MANAGED,
    "office:end_appointment": MANAGED,
    "office:delegate": ABSENT,
    "office:roles": MANAGED,
    "office:new_role": MANAGED,
    "office:role": MANAGED,
    "office:collectives": STAFF,
    "office:new_collective": MANAGED,
    "proofs:days": OPEN,
    "proofs:day": OPEN,
    "proofs:day_json": OPEN,
    "proofs:roots": OPEN,
    "proofs:feed": OPEN,
    "proofs:gazette": OPEN,
    "proofs:gazette_pdf": OPEN,
    "proofs:receipt": ("404", "200", "404", "200"),
    "proofs:receipt_json": ("404", "200", "404", "200"),
    "proofs:check": OPEN,
    "proofs:verifier": OPEN,
    "office:calendars": STAFF,
    "office:new_calendar": MANAGED,
    "office:calendar_plan": MANAGED,
    "office:calendar": ABSENT,
    "office:withdraw_calendar": MANAGED,
    "portal:home": OPEN,
    "portal:search": OPEN,
    "portal:help": OPEN,
    "portal:help_topic": OPEN,
    "portal:lights": OPEN,
    "portal:method": OPEN,
    "portal:lights_csv": OPEN,
    "portal:feed": OPEN,
    "portal:site_map": OPEN,
    "portal:sitemap": OPEN,
    "portal:healthz": OPEN,
    "portal:readyz": ("503", "503", "503", "503"),
    "portal:metrics": OPEN,
    "desk:health": MANAGED,
    "design/act/": OPEN,
    "design/": OPEN,
    "design/portal/": OPEN,
    "design/confirm/": OPEN,
    "design/plain/": OPEN,
    "demo:clock": OPEN,
}
#: routes where nobody in particular may send something and be answered well
SENT_BY_PUBLIC = {
    "accounts:demo_logins", "accounts:enter_demo", "account_login", "account_logout", "account_signup",
    "account_inactive", "account_reset_password", "account_confirm_email", "account_email_verification_sent",
    "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "api:read", "demo:clock", "design/act/",
    "design/", "design/portal/", "design/confirm/", "design/plain/", "api:openapi-json", "api_docs",
    "directives:public_duties", "directives:public_export", "office:home", "portal:feed", "proofs:feed",
    "proofs:check",
}  # fmt: skip


def routes(resolver, prefix="", space=()):
    """Yield every route as (name, pattern); one without a name is named by its pattern."""
    for part in resolver.url_patterns:
        pattern = prefix + str(part.pattern)
        if hasattr(part, "url_patterns"):
            inner = (*space, part.namespace) if part.namespace else space
            yield from routes(part, pattern, inner)
        else:
            yield ":".join((*space, part.name or pattern)), pattern


ROUTES = dict(routes(get_resolver()))


def address(pattern, numbers):
    """Return an address of a route, with things of the demonstration in its gaps."""
    number = {"cards": "own_card", "notices": "notice", "people": "person", "accounts": "person", "duties": "duty"}
    number["receipts"] = "duty"
    room = next((word for word in number if word in pattern), "")
    codes = {"rules": "D2", "roles": "handler", "divisions": "9901", "letters": "supervision_notice"}
    codes["duties"] = "report"
    gaps = {
        "number": numbers[number[room]] if room else "",
        "code": next((code for word, code in codes.items() if word in pattern), "99-finance"),
        "verb": "approve", "kind": "csv", "form": "docx", "document": "00000000-0000-4000-8000-000000000000",
        "token": "x", "pk": "1", "officer": "1", "digest": "0" * 64, "topic": "confirm", "name": "explain", "key": "x",
        "uidb36": "1", "year": "2026", "rest": "x", "process": "duty", "version": "1",
        "seq": "1", "day": "2026-03-02", "month": "2026-03",
    }  # fmt: skip
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda gap: gaps[gap[1]], plain)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration with nothing published: its case numbers and its cast, signed in."""
    data = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), databases.test_server() as url:
        with demo_copy(url, data) as copy, databases.connected(copy.url):
            numbers = Addresses.of(copy.url).numbers
            from yangguang.kernel.ledger.models import Case  # noqa: PLC0415 - the database stands now

            Case.objects.update(public_from=None)
            cast = [Client(raise_request_exception=False) for _ in CAST]
            for client, username in zip(cast[1:], CAST[1:], strict=True):
                client.post("/accounts/demo/enter/", {"username": username})
            yield numbers, cast


def word(response):
    """Return an answer as the rules above write it."""
    if response.status_code in (301, 302):
        return "in" if "/accounts/login/" in response["Location"] else "on"
    return str(response.status_code)


def test_every_route_has_a_rule_and_every_rule_a_route():
    assert set(RULES) == set(ROUTES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_route_answers_each_of_the_cast_by_its_rule(house, name):
    numbers, cast = house
    where = address(ROUTES[name], numbers)
    assert tuple(word(client.get(where)) for client in cast) == RULES[name], where


@pytest.mark.parametrize("name", sorted(set(RULES) - SENT_BY_PUBLIC))
def test_the_public_can_send_nothing(house, name):
    numbers, _cast = house
    answer = Client(raise_request_exception=False).post(address(ROUTES[name], numbers), {"reason": "x"})
    assert word(answer) in {"in", "400", "401", "403", "404", "405", "410", "422"}
