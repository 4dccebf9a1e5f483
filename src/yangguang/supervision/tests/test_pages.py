"""Pages of supervision with the cast: handling unit, supervisor, stranger, the public."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from yangguang.kernel.accounts.commands import accept_invitation, invite_staff
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.organisation.models import Officer
from yangguang.platform import i18n
from yangguang.platform.now import set_clock
from yangguang.supervision.commands import explain_card, judge_card, withdraw_card
from yangguang.supervision.models import Card
from yangguang.supervision.tests.world import World, moment

NEXT, AFTER = date(2026, 4, 3), date(2026, 4, 13)
i18n.compile()  # Django reads the compiled words only


@pytest.fixture(autouse=True)
def _quick(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def at(day: date) -> datetime:
    set_clock(lambda: moment(day))
    return moment(day)


def signed_in(actor: Actor) -> Client:
    officer = Officer.objects.get(pk=int(actor.key))
    name = f"u{officer.pk}"
    token = invite_staff(officer.person, name, by=Actor.system("setup"), at=moment(NEXT))
    account = accept_invitation(token, "correct-horse-7", at=moment(NEXT))
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(name: str, *args: object) -> str:
    with override("zh-hans"):  # a request leaves its language behind in the thread
        return reverse(f"supervision:{name}", args=args)


def step(card: Card, name: str) -> str:
    return page("step", card.case.number, name)


def test_the_public_is_led_to_sign_in(world: World) -> None:
    for name in ("overview", "cases", "cards", "rules"):
        answer = Client().get(page(name))
        assert (answer.status_code, "login" in answer["Location"]) == (302, True)


def test_the_overview_shows_figures_that_open_their_lists(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    client = signed_in(world.supervisor)
    answer = client.get(page("overview"))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert card.case.number in html
    for _, number, url in answer.context["figures"]:
        assert len(client.get(url).context["table"].rows) == number
    for _, _, number, url in answer.context["levels"]:
        assert len(client.get(url).context["table"].rows) == number
    for _, number, url in answer.context["states"]:
        assert len(client.get(url).context["table"].rows) == number


def test_a_stranger_sees_no_card_anywhere(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    client = signed_in(world.stranger)
    for url in (page("overview"), page("cards"), page("cases")):
        html = client.get(url).content.decode()
        assert card.case.number not in html
        assert card.case.parent.number not in html
    assert client.get(page("card", card.case.number)).status_code == 404
    assert client.post(step(card, "judge"), {"verdict": "upheld", "judgement": "x"}).status_code == 404


def test_the_card_shows_facts_clause_days_and_rule(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    html = signed_in(world.handler).get(page("card", card.case.number)).content.decode()
    for words in (
        card.signal.because, "《阳光平台默认设置》黄牌", "duty.watch.yellow", "2026-04-01", "2026-04-02",
        "present.number - due.number", card.signal.rule_text_id, "2026-04-10",
    ):
        assert words in html
    assert step(card, "explain") in html
    assert step(card, "judge") not in html


def test_the_unit_explains_and_the_office_judges_by_page(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    unit, office = signed_in(world.handler), signed_in(world.supervisor)
    assert unit.post(step(card, "acknowledge"), {}).status_code == 302
    assert unit.post(step(card, "explain"), {"explanation": "暴雨断路"}).status_code == 302
    answer = office.post(step(card, "judge"), {"verdict": "excused", "excuse": "force_majeure", "judgement": "属实"})
    assert answer.status_code == 302
    html = unit.get(page("card", card.case.number)).content.decode()
    assert "暴雨断路" in html
    assert "不可抗力" in html


def test_what_was_typed_stays_when_a_field_is_wrong(world: World) -> None:
    card = world.late_card()
    at(AFTER)
    office = signed_in(world.supervisor)
    answer = office.post(step(card, "judge"), {"verdict": "excused", "judgement": "写了很久的理由"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "写了很久的理由" in html
    assert "请选择免责情形" in html


def test_a_judgement_too_early_is_refused_with_its_article_and_what_was_typed(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    answer = signed_in(world.supervisor).post(step(card, "judge"), {"verdict": "upheld", "judgement": "写了很久的理由"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "督办单" in html
    assert "写了很久的理由" in html


def test_lists_are_searched_filtered_sorted_and_exported(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    client = signed_in(world.supervisor)
    wanted = {
        "q=柳溪": 1, "q=没有": 0, "level=yellow": 1, "level=red": 0, "state=notified": 1, "state=closed": 0,
        "rule=D2": 1, "rule=D4": 0, "sort=-unit": 1, "today=1": 0, "open=1": 1, "late=1": 0,
    }
    for query, number in wanted.items():
        assert len(client.get(f"{page('cards')}?{query}").context["table"].rows) == number, query
    assert "没有符合条件的牌" in client.get(f"{page('cards')}?level=red").content.decode()
    sheet = client.get(f"{page('cards')}?format=csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[1][0] == card.case.number
    assert client.get(f"{page('cases')}?format=xlsx").content[:2] == b"PK"


def test_rules_are_read_by_anyone_with_their_record(world: World) -> None:
    card = world.late_card()
    withdraw_card(card, excuse="wrong_rule", reason="错", by=world.supervisor, at=at(NEXT))
    html = Client().get(page("public_rules")).content.decode()
    assert "期限已过而事项未办结" in html
    answer = Client().get(page("public_rule", "D2"))
    assert (answer.context["record"].fired, answer.context["record"].wrong) == (1, 1)
    assert "ledger_deadline" in answer.content.decode()
    assert Client().get(page("public_rule", "D99")).status_code == 404
    assert signed_in(world.handler).get(page("rule", "D3")).status_code == 200


def test_a_published_card_tells_the_finding_but_not_the_units_words(world: World) -> None:
    card = world.late_card(public=True)
    assert Client().get(page("public_card", card.case.number)).status_code == 404
    explain_card(card, explanation="内部情况若干", by=world.handler, at=at(NEXT))
    judge_card(card, verdict="upheld", judgement="维持", by=world.supervisor, at=at(AFTER))
    assert card.case.number in Client().get(page("public_cards")).content.decode()
    html = Client().get(page("public_card", card.case.number)).content.decode()
    assert card.signal.because in html
    assert "内部情况若干" not in html


def test_the_pages_speak_english(world: World) -> None:
    card = world.late_card()
    at(NEXT)
    client = signed_in(world.supervisor)
    for name, *args in (["overview"], ["cases"], ["cards"], ["card", card.case.number], ["rules"], ["rule", "D2"]):
        assert client.get(f"/en{page(name, *args)}").status_code == 200
    html = client.get(f"/en{page('card', card.case.number)}").content.decode()
    assert "working days between ≥ yellow threshold of 1" in html
    assert "Supervision cards" in html
