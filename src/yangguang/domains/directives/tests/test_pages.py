"""Pages: nobody sees a record outside his sight, every address answers, forms do what they say."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yangguang.domains.directives.commands import handling
from yangguang.domains.directives.faces import acts
from yangguang.domains.directives.faces.units import feed_token
from yangguang.domains.directives.models import Duty, Notice
from yangguang.domains.directives.tests.test_correcting import CORRECTED
from yangguang.domains.directives.tests.world import NOTICE, check_invariants
from yangguang.kernel.processes.commands import INSTALLER, publish_process
from yangguang.kernel.processes.layout import lay_out

#: who sees the duties of the notice: what each has a part in, or oversees
SIGHT = {
    "clerk": {1, 2, 3, 4, 5}, "leader": {1, 2, 3, 4, 5}, "auditor": {1, 2, 3, 4, 5}, "civil": {1, 4},
    "finance": {1, 4, 5}, "building": {1, 5}, "yunchuan": set(), "public": set(),
}  # fmt: skip


@pytest.fixture
def hidden(world):
    """A notice whose duties are not public."""
    world.issue(public=False)
    world.sign(1, "civil")
    file = SimpleUploadedFile("记录.txt", "现场".encode())
    progress = handling.Progress("内部进展", 30, attachments=[handling.Attachment(file.name, file)])
    handling.report_progress(world.duty(1), progress, by=world["civil"], at=world.at)
    return world


def client(world, who):
    """Sign a member of the cast in."""
    browser = Client()
    if who != "public":
        browser.force_login(world.account(who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def addresses(duty):
    """Every address of one duty."""
    number = duty.case.number
    report = duty.reports.first()
    return [
        reverse("directives:duty", args=[number]),
        *(reverse("directives:act", args=[number, code]) for code in acts.ACTS),
        reverse("directives:letter", args=[number, "supervision_notice", "docx"]),
        reverse("directives:public_duty", args=[number]),
        *([reverse("directives:evidence", args=[number, report.evidence.first().pk])] if report else []),
    ]


@pytest.mark.wide
@pytest.mark.parametrize("who", SIGHT)
def test_no_page_of_a_duty_is_seen_out_of_sight(hidden, who):
    browser = client(hidden, who)
    for position in range(1, 6):
        duty = hidden.duty(position)
        seen = browser.get(reverse("directives:duty", args=[duty.case.number])).status_code == 200
        assert seen == (position in SIGHT[who]), (who, position)
        for address in addresses(duty):
            answer = browser.get(address)
            assert answer.status_code in (200, 302, 403, 404, 409), address
            if position not in SIGHT[who]:
                assert answer.status_code in (302, 404), (who, address)
                assert duty.text not in getattr(answer, "content", b"").decode(errors="ignore")


LISTS = [
    ("desk", []), ("notices", []), ("duties", []), ("export", ["csv"]), ("my_unit", []), ("unit", ["99-CIV"]),
    ("unit_export", ["99-CIV", "csv"]), ("public_duties", []), ("public_export", ["csv"]),
]  # fmt: skip


@pytest.mark.parametrize("who", SIGHT)
def test_lists_and_exports_show_what_is_in_sight_and_nothing_else(hidden, who):
    browser = client(hidden, who)
    for name, args in LISTS:
        answer = browser.get(reverse(f"directives:{name}", args=args), {"view": "all"}, follow=True)
        assert answer.status_code == 200, name
        text = answer.content.decode("utf-8-sig", errors="ignore")
        of_its_part = {2} if who == "yunchuan" else set()  # its own part bears the words of the whole
        for position in set(range(1, 6)) - SIGHT[who] - of_its_part:
            assert hidden.duty(position).text not in text, (who, name, position)
    for name in ("notice", "correct", "public_notice"):
        number = Notice.objects.get().case.number
        seen = (403,) if (who, name) == ("auditor", "correct") else (200,)
        expected = seen if who in ("clerk", "leader", "auditor") and name != "public_notice" else (302, 404)
        assert browser.get(reverse(f"directives:{name}", args=[number])).status_code in expected, (who, name)


def test_the_public_face_tells_no_report_and_no_inner_entry(hidden):
    from yangguang.domains.directives.commands import issuing  # noqa: PLC0415

    issuing.publish_notice(Notice.objects.get(), basis="条例第十九条", by=hidden["leader"], at=hidden.at)
    answer = Client().get(reverse("directives:public_duty", args=[hidden.duty(1).case.number]))
    assert answer.status_code == 200
    assert "内部进展" not in answer.content.decode()


def test_a_feed_is_open_to_its_address_only(issued):
    good = Client().get(reverse("directives:feed", args=[feed_token(issued.unit("99-CIV").pk)]))
    assert good.status_code == 200
    assert b"20261130" in good.content
    assert Client().get(reverse("directives:feed", args=["1:forged"])).status_code == 404


def test_the_way_of_a_notice_through_the_pages(world):
    clerk, leader = client(world, "clerk"), client(world, "leader")
    answer = clerk.post(reverse("directives:new_notice"), {"text": NOTICE, "name": "任务分解"})
    number = Notice.objects.get().case.number
    assert answer.url == reverse("directives:notice", args=[number])
    again = clerk.post(reverse("directives:new_notice"), {"text": NOTICE.replace("，", ","), "name": "另一页"})
    assert again.url == answer.url, "the same notice leads to the one that is here"
    assert clerk.get(answer.url).status_code == 200
    clerk.post(reverse("directives:save_proposals", args=[number]), {"then": "confirm"})
    approve = reverse("directives:decide_notice", args=[number, "approve"])
    assert clerk.post(approve, {}).status_code == 403
    assert leader.post(approve, {"public": "1", "basis": "条例第十九条"}).status_code == 302
    assert Duty.objects.filter(case__parent=None).count() == 5
    check_invariants()


def test_the_way_of_a_correction_through_the_pages(issued):
    clerk, leader = client(issued, "clerk"), client(issued, "leader")
    old = Notice.objects.get()
    address = reverse("directives:correct", args=[old.case.number])
    assert client(issued, "civil").get(address).status_code == 403
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {"text": ""}).status_code == 422
    assert clerk.post(address, {"text": NOTICE}).status_code == 422, "nothing has changed"
    sent = clerk.post(address, {"text": CORRECTED, "name": "更正"})
    new = Notice.objects.get(replaces=old)
    assert sent.url == reverse("directives:notice", args=[new.case.number])
    shown = clerk.get(address).content.decode()
    assert "<del>新建社区助餐点120个以上</del>" in shown
    assert "<ins>新建社区助餐点100个以上</ins>" in shown
    clerk.post(reverse("directives:save_proposals", args=[new.case.number]), {"then": "confirm"})
    removed = issued.duty(3).pk
    assert clerk.post(address, {"reason": "误", "cancel": removed}).status_code == 403
    assert leader.post(address, {"reason": "", "cancel": removed}).status_code == 422
    assert leader.post(address, {"reason": "原文有误", "cancel": removed}).status_code == 302
    assert leader.get(address).status_code == 200
    assert Duty.objects.get(pk=removed).case.state == "cancelled"
    check_invariants()


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_letters_are_offered_once_there_was_cause(issued, form):
    clerk, number = client(issued, "clerk"), issued.duty(4).case.number
    assert clerk.get(reverse("directives:letter", args=[number, "supervision_notice", form])).status_code == 200
    urging = reverse("directives:letter", args=[number, "urging_notice", form])
    assert clerk.get(urging).status_code == 404
    clerk.post(reverse("directives:urge"), {"selected": [issued.duty(4).pk], "message": "请加快"})
    answer = clerk.get(urging)
    assert answer.status_code == 200
    if form == "docx":
        assert "请加快" in docx.Document(BytesIO(answer.content)).element.xpath("string(.)")
    assert answer.content[:2] in (b"PK", b"%P")


def test_evidence_is_given_as_a_download(hidden):
    report = hidden.duty(1).reports.get()
    address = reverse("directives:evidence", args=[hidden.duty(1).case.number, report.evidence.get().pk])
    answer = client(hidden, "clerk").get(address)
    assert b"".join(answer.streaming_content) == "现场".encode()
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_acts_offered_are_those_of_the_file(issued):
    """An arrow that is deleted from the file takes its act from the page."""
    duty, head = issued.duty(1), issued["civil_head"]
    assert {"sign", "object"} <= {a.code for a in acts.offered(duty, head, issued.at)}
    from yangguang.domains.directives.tests.world import process_without  # noqa: PLC0415

    publish_process(lay_out(process_without("duty", "rule", "ruled")), by=INSTALLER, at=issued.at)
    issued.issue(NOTICE.replace("21号", "40号"))
    fresh = issued.duty(1)
    assert fresh.case.process_version == 2
    assert "object" not in {a.code for a in acts.offered(fresh, head, issued.at)}
    answer = client(issued, "civil_head").get(reverse("directives:act", args=[fresh.case.number, "object"]))
    assert answer.status_code == 403
    assert "object" in {a.code for a in acts.offered(issued.duty(1) and duty, head, issued.at)}, "who began goes on"


@pytest.mark.wide
def test_every_act_that_is_offered_can_be_opened(issued):
    issued.sign(1, "civil")
    issued.go(date(2026, 3, 4))
    for who in ("clerk", "leader", "chief", "civil", "civil_head", "finance", "yunchuan", "auditor"):
        browser = client(issued, who)
        for duty in Duty.objects.select_related("case"):
            for act in acts.offered(duty, issued[who], issued.at):
                answer = browser.get(reverse("directives:act", args=[duty.case.number, act.code]))
                assert answer.status_code == 200, (who, duty.case.number, act.code)


def test_the_top_bar_bears_the_name_of_the_person_and_the_post(issued):
    shown = client(issued, "clerk").get(reverse("directives:desk")).content.decode()
    officer = issued.officers["clerk"]
    assert f"<b>{officer.person.name}</b> {officer.post.unit.name} · {officer.post.name}" in shown
    assert "<b>u-clerk</b>" not in shown
