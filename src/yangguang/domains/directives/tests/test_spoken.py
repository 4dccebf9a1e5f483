"""A refusal is said in the reader's language, with its facts, remedy, fields and citation."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from yangguang.domains.directives.tests.test_pages import client
from yangguang.domains.directives.vocabulary import DutyState, ExtensionTooLong, WrongState
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Malformed, NotFound
from yangguang.platform import i18n


@pytest.fixture(autouse=True)
def words():
    i18n.compile()
    with translation.override("en"):
        yield


def test_template_facts_and_remedy():
    refusal = ExtensionTooLong(proposed_on="2026-07-01", latest_on="2026-06-30", cite="《没有的规定》第一条")
    assert refusal.says == "申请延至 2026-07-01，超过规则允许的最晚日期 2026-06-30。"
    assert refusal.remedy == "请改为 2026-06-30 或更早的日期。"
    assert told(refusal).says == "2026-07-01 lies beyond 2026-06-30, the last day the rule allows."
    assert told(refusal).remedy == "Choose 2026-06-30 or an earlier day."
    assert told(refusal).cite == "《没有的规定》第一条"


def test_a_state_is_a_word_of_each_language():
    refusal = WrongState(state=DutyState.SUSPENDED)
    assert "中止" in str(refusal)
    assert "Suspended" in told(refusal).says
    assert "signed" in told(WrongState(state="已签收")).says


def test_fields_are_translated_and_keep_their_names():
    refusal = Malformed(errors={"codes": "没有这些单位代码：{codes}", "reason": "必填。"}, codes="99-X")
    assert refusal.errors == {"codes": "没有这些单位代码：99-X", "reason": "必填。"}
    assert told(refusal).errors == {"codes": "There are no such unit codes: 99-X", "reason": "Required."}


def test_a_citation_bears_the_registered_english_title():
    law = told(NotFound(cite="《政府督查工作条例》第十七条")).cite
    assert law.endswith(", 第十七条")
    assert "《" not in law


def test_chinese_stays_chinese():
    with translation.override("zh-hans"):
        refusal = NotFound(cite="《政府督查工作条例》第十七条")
        assert told(refusal).says == refusal.says == "没有找到这条记录。"
        assert told(refusal).cite == refusal.cite


@pytest.mark.django_db
def test_a_refused_page_speaks_english(issued):
    answer = client(issued, "auditor").get(
        reverse("directives:act", args=[issued.duty(1).case.number, "sign"]), headers={"accept-language": "en"}
    )
    assert answer.status_code == 403
    assert "This step is not yours to take now." in answer.content.decode()


@pytest.mark.django_db
def test_a_form_refused_by_its_command_speaks_english(issued):
    address = reverse("directives:act", args=[issued.duty(1).case.number, "object"])
    data = {"reason": "x", "basis": "y"}
    issued.go(date(2026, 4, 20))
    answer = client(issued, "civil_head").post(address, data, headers={"accept-language": "en"})
    assert "The time for objections ended on" in answer.content.decode()
