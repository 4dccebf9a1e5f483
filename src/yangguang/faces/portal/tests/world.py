"""A small published world: one notice of our own issued in public, one inside, some duties late, some done."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from django.test import Client

from yangguang.domains.directives.commands.handling import Progress, report_progress, sign_receipt
from yangguang.domains.directives.commands.intake import confirm_decomposition, receive_notice
from yangguang.domains.directives.commands.issuing import approve_decomposition
from yangguang.domains.directives.commands.lighting import settle_lights
from yangguang.domains.directives.commands.supervising import (
    conclude_duty,
    review_report,
    strike_off,
    verify_duty,
)
from yangguang.domains.directives.models import Duty, Notice
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.vocabulary import AccountKind
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.organisation.models import Officer
from yangguang.kernel.organisation.tests import world as organisation
from yangguang.kernel.processes.commands import publish_house_processes
from yangguang.platform.now import BEIJING, set_clock

ISSUED = date(2026, 3, 2)
TODAY = date(2026, 4, 20)
#: in the public notice: late, done, done and struck off, running, running
OPEN = """云川市人民政府办公室关于印发2026年便民服务提升任务的通知
云政办发〔2026〕7号

市政府各部门：

现将《2026年便民服务提升任务》印发给你们，请认真落实。

云川市人民政府办公室
2026年3月1日

2026年便民服务提升任务

（一）公布收费目录。3月31日前公布全部收费项目和依据。（市财政局牵头）
（二）统一受理标准。4月底前统一登记事项的受理标准。（市市场监督管理局负责）
（三）公开预算执行。6月底前公开一季度预算执行情况。（市财政局负责）
（四）压减登记时限。9月30日前把企业登记压减到一个工作日。（市市场监督管理局牵头，市财政局配合）
（五）编制项目清单。12月底前编制政府投资项目清单。（市发展和改革委员会负责）
"""
CLOSED = """云川市人民政府办公室关于做好内部稽核工作的通知
云政办函〔2026〕3号

市财政局：

（一）开展内部稽核。5月31日前完成往来账款稽核。（市财政局负责）

云川市人民政府办公室
2026年3月1日
"""
ALL = {f"directives.{verb}": ["notice", "duty"] for verb in ("intake", "approve", "supervise", "verify", "read")}
HANDLING = {f"directives.{verb}": ["notice", "duty"] for verb in ("handle", "object", "read")}


def moment(day: date, hour: int = 10) -> datetime:
    """Return a moment of a day in office hours."""
    return datetime.combine(day, time(hour), BEIJING)


def calendars(folder: Path) -> list[str]:
    """Make a folder in which the invented province has a calendar: the nation's."""
    (folder / "99-qinghe").mkdir()
    return [str(folder)]


class World:
    """The city's office, two bureaus and a stranger; the clock stands at 2026-04-20."""

    def __init__(self) -> None:
        self.units = organisation.build()
        self.office = self.units.officer("周督查", "CEFF", ALL, scope="C")
        self.finance = self.units.officer("李财政", "CFIN", HANDLING)
        self.market = self.units.officer("王市监", "CMKT", HANDLING)
        self.stranger = self.units.officer("赵望江", "W2FIN", HANDLING)
        set_clock(lambda: moment(ISSUED))
        publish_house_processes(at=moment(ISSUED))
        self.notice = self._issue(OPEN, "便民服务.txt", basis="《中华人民共和国政府信息公开条例》第十九条")
        self.inside = self._issue(CLOSED, "内部稽核.txt", basis="")
        self._work()
        set_clock(lambda: moment(TODAY))
        settle_lights(TODAY)

    def actor(self, officer: Officer) -> Actor:
        """Return the officer as the ledger names him."""
        return Actor.officer(officer.pk, officer.post.unit_id)

    def client(self, officer: Officer | None) -> Client:
        """Return a browser signed in as an officer, or nobody's."""
        client = Client()
        if officer is not None:
            account, _made = Account.objects.get_or_create(
                person=officer.person,
                defaults={"username": f"u{officer.pk}", "kind": AccountKind.STAFF, "opened_at": moment(ISSUED)},
            )
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def duty(self, position: int, notice: Notice | None = None) -> Duty:
        """Return a duty by its place in a notice, the public one if none is named."""
        return Duty.objects.get(notice=notice or self.notice, position=position)

    def _issue(self, text: str, name: str, *, basis: str) -> Notice:
        by, at = self.actor(self.office), moment(ISSUED)
        notice = receive_notice(text.encode(), name, by=by, at=at)
        confirm_decomposition(notice, by=by, at=at)
        approve_decomposition(notice, by=by, at=at, public_basis=basis)
        notice.refresh_from_db()
        return notice

    def _work(self) -> None:
        self.planner = self.units.officer("孙发改", "CDRC", HANDLING)
        everybody = {
            1: [self.finance],
            2: [self.market],
            3: [self.finance],
            4: [self.market, self.finance],
            5: [self.planner],
        }
        for position, officers in everybody.items():
            for officer in officers:
                sign_receipt(self.duty(position), by=self.actor(officer), at=moment(ISSUED, 14))
        for position, percent in {1: 40, 2: 100, 3: 100, 4: 30}.items():
            self._report(self.duty(position), everybody[position][0], percent)
        for position in (2, 3):
            self._finish(self.duty(position), struck=position == 3)

    def _report(self, duty: Duty, officer: Officer, percent: int) -> None:
        day, final = date(2026, 3, 4), percent == 100
        set_clock(lambda: moment(day))
        report = report_progress(
            duty, Progress("已按计划推进。", percent, final=final), by=self.actor(officer), at=moment(day, 11)
        )
        outcome = "accepted" if final else "accepted_stage"
        review_report(report, outcome=outcome, opinion="认可", by=self.actor(self.office), at=moment(day, 15))

    def _finish(self, duty: Duty, *, struck: bool) -> None:
        by, day = self.actor(self.office), date(2026, 3, 6)
        set_clock(lambda: moment(day))
        verify_duty(duty, outcome="passed", method="现场", opinion="属实", by=by, at=moment(day, 11))
        conclude_duty(Duty.objects.get(pk=duty.pk), opinion="办结", by=by, at=moment(day, 14))
        if struck:
            strike_off(Duty.objects.get(pk=duty.pk), by=by, at=moment(day, 15))
