"""A disk without room for the evidence: said in one sentence, no half report, and the same form goes through later."""

from __future__ import annotations

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yangguang.domains.directives.models import Report
from yangguang.domains.directives.tests.test_two_people import hidden
from yangguang.kernel.documents import files

pytestmark = pytest.mark.django_db


def test_evidence_that_finds_the_disk_full_leaves_no_half_report(issued, monkeypatch):
    issued.sign(1, "civil")
    browser = Client(raise_request_exception=False)
    browser.force_login(issued.account("civil"), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("directives:act", args=[issued.duty(1).case.number, "report"])
    carried = hidden(browser.get(address).content)

    def send():
        evidence = SimpleUploadedFile("记录.txt", "现场".encode())
        return browser.post(address, {**carried, "text": "已建60个。", "percent": "50", "evidence": evidence})

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "_copy", full)
        answer = send()
    assert (answer.status_code, Report.objects.count()) == (503, 0)
    assert "磁盘已满" in answer.content.decode()
    assert send().status_code == 302
    assert Report.objects.get().evidence.count() == 1
