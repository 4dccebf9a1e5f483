"""An invented province, built by the commands that the pages call, with a notice that has every shape of duty."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lxml import etree

from yangguang.domains import directives
from yangguang.domains.directives.commands import handling, intake, issuing, supervising
from yangguang.domains.directives.models import Duty, Notice
from yangguang.domains.directives.vocabulary import Role
from yangguang.kernel.accounts.commands import open_demo_account
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.ledger.models import Case, Entry, WorkItem
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office import commands as office
from yangguang.kernel.office.commands.beginning import Beginning
from yangguang.kernel.office.vocabulary import UNKNOWN_START
from yangguang.kernel.organisation.models import Division, Officer, Person, Unit
from yangguang.kernel.organisation.vocabulary import Level, Nature
from yangguang.kernel.processes.commands import current_state, publish_house_processes
from yangguang.platform.now import BEIJING, set_clock

#: a Monday after the spring festival
DAY = date(2026, 3, 2)
PASSWORD = "Qinghe-2026-demonstration"

NOTICE = """青禾省人民政府办公厅关于印发2026年民生服务重点任务分解表的通知
青政办发〔2026〕21号

各市人民政府，省政府各部门：
　　现将《2026年民生服务重点任务分解表》印发给你们，请认真落实。
                                青禾省人民政府办公厅
                                2026年2月27日

2026年民生服务重点任务分解表

序号|工作任务|牵头单位|协办单位|完成时限
1|新建社区助餐点120个以上|省民政厅|省财政厅、省住房城乡建设厅|2026年11月30日前
2|各市建成一站式服务大厅|各市人民政府||2026年9月30日前
3|排查整治窗口服务中的突出问题|省政府有关部门||2026年6月30日前
4|每季度公开惠民资金发放情况|省财政厅|省民政厅|每季度
5|制定老旧小区改造实施细则|省住房城乡建设厅|省财政厅|收到通知后20个工作日内
"""

# code, name, division, nature, superior, short names
UNITS = [
    ("99-OFF", "青禾省人民政府办公厅", "99", "department", "99-GOV", ["省政府办公厅"]),
    ("99-INS", "青禾省人民政府督查室", "99", "department", "99-OFF", ["省政府督查室"]),
    ("99-CIV", "青禾省民政厅", "99", "department", "99-GOV", ["省民政厅"]),
    ("99-FIN", "青禾省财政厅", "99", "department", "99-GOV", ["省财政厅"]),
    ("99-BLD", "青禾省住房和城乡建设厅", "99", "department", "99-GOV", ["省住房城乡建设厅"]),
    ("99-AUD", "青禾省审计厅", "99", "department", "99-GOV", ["省审计厅"]),
    ("9901-GOV", "云川市人民政府", "9901", "government", "99-GOV", []),
    ("9902-GOV", "梅岭市人民政府", "9902", "government", "99-GOV", []),
    ("9903-GOV", "柳溪市人民政府", "9903", "government", "99-GOV", []),
]
ROLES = {
    "clerk": ["directives.read", "directives.intake", "directives.supervise"],
    "chief": ["directives.read", "directives.intake", "directives.supervise", "directives.suspend"],
    "leader": ["directives.read", "directives.approve", "directives.suspend"],
    "handler": ["directives.read", "directives.handle"],
    "head": ["directives.read", "directives.handle", "directives.object"],
    "verifier": ["directives.read", "directives.verify"],
    "auditor": ["directives.read"],
}
# name of the cast -> unit, role, scope
CAST = {
    "clerk": ("99-INS", "clerk", None),
    "chief": ("99-INS", "chief", None),
    "leader": ("99-OFF", "leader", "99-GOV"),
    "verifier": ("99-AUD", "verifier", "99-GOV"),
    "auditor": ("99-AUD", "auditor", "99-GOV"),
    "civil": ("99-CIV", "handler", None),
    "civil_head": ("99-CIV", "head", None),
    "finance": ("99-FIN", "handler", None),
    "finance_head": ("99-FIN", "head", None),
    "building": ("99-BLD", "handler", None),
    "building_head": ("99-BLD", "head", None),
    "yunchuan": ("9901-GOV", "handler", None),
    "meiling": ("9902-GOV", "handler", None),
    "liuxi": ("9903-GOV", "handler", None),
}


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of a day in Beijing."""
    return datetime.combine(day, time(hour, minute), BEIJING)


class World:
    """The province, its cast as actors by name, and the acts that tests need again and again."""

    def __init__(self) -> None:
        self.at = moment(DAY)
        set_clock(lambda: self.at)
        self.actors: dict[str, Actor] = {}
        self.officers: dict[str, Officer] = {}
        self._organise()
        publish_house_processes(at=self.at)

    def _organise(self) -> None:
        beginning = Beginning(
            division_code="99", division_name="青禾省", level=Level.PROVINCE, unit_code="99-GOV",
            unit_name="青禾省人民政府", person_number="000", person_name="管理员",
        )
        administrator = office.begin_organisation(beginning, at=self.at)
        by: dict[str, Any] = {"by": Actor.officer(administrator.pk, administrator.post.unit_id), "at": self.at}
        province = Division.objects.get(code="99")
        for code, name in (("9901", "云川市"), ("9902", "梅岭市"), ("9903", "柳溪市")):
            office.create_division(
                code, name, level=Level.PREFECTURE, parent=province, valid_from=UNKNOWN_START, **by
            )
        for code, name, division, nature, superior, short in UNITS:
            office.create_unit(
                code, name, division=Division.objects.get(code=division), nature=Nature(nature),
                superior=self.unit(superior), short_names=short, valid_from=UNKNOWN_START, **by,
            )
        roles = {code: office.define_role(code, code, words, **by) for code, words in ROLES.items()}
        for k, (name, (unit, role, scope)) in enumerate(CAST.items(), start=1):
            post = office.create_post(
                self.unit(unit), name, [roles[role]], scope=self.unit(scope) if scope else None, valid_from=DAY, **by
            )
            person = office.add_person(f"{k:03d}", f"{name}", **by)
            officer = office.appoint(person, post, valid_from=DAY, **by)
            self.officers[name] = officer
            self.actors[name] = Actor.officer(officer.pk, post.unit_id)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    @staticmethod
    def unit(code: str) -> Unit:
        """Return a unit by its code."""
        return Unit.objects.get(code=code)

    def account(self, name: str) -> Account:
        """Return a login of a member of the cast."""
        person: Person = self.officers[name].person
        known = Account.objects.filter(person=person).first()
        administrator = Officer.objects.order_by("pk").first()
        by = Actor.officer(administrator.pk, administrator.post.unit_id)
        return known or open_demo_account(person, f"u-{name}", PASSWORD, by=by, at=self.at)

    def go(self, day: date, hour: int = 10) -> datetime:
        """Move the clock on and return its moment."""
        self.at = moment(day, hour)
        return self.at

    # --- the notice ------------------------------------------------------------------------------------

    def receive(self, text: str = NOTICE, name: str = "任务分解表.txt", **facts: Any) -> Notice:
        """Take a notice in."""
        return intake.receive_notice(text.encode(), name, by=self["clerk"], at=self.at, **facts)

    def issue(self, text: str = NOTICE, *, public: bool = True, **facts: Any) -> Notice:
        """Take a notice in, confirm and approve it."""
        notice = self.receive(text, **facts)
        intake.confirm_decomposition(notice, by=self["clerk"], at=self.at)
        basis = "政府信息公开条例第十九条" if public else ""
        issuing.approve_decomposition(notice, by=self["leader"], at=self.at, public_basis=basis)
        return Notice.objects.get(pk=notice.pk)

    @staticmethod
    def duty(position: int, part: str = "") -> Duty:
        """Return the duty of a row of the notice, fresh; or the part of a unit in it."""
        found = Duty.objects.filter(position=position, case__parent=None).order_by("pk").last()
        return Duty.objects.get(case__parent=found.case, case__owner__code=part) if part else found

    # --- a duty's way ----------------------------------------------------------------------------------

    def sign(self, position: int, who: str, part: str = "") -> Duty:
        """Let a unit sign."""
        handling.sign_receipt(self.duty(position, part), by=self[who], at=self.at)
        return self.duty(position, part)

    def report(self, position: int, who: str, percent: int = 30, *, part: str = "", **facts: Any) -> Any:
        """Let a unit report."""
        progress = handling.Progress(facts.pop("text", "按计划推进。"), percent, **facts)
        return handling.report_progress(self.duty(position, part), progress, by=self[who], at=self.at)

    def review(self, position: int, outcome: str = "accepted_stage", *, part: str = "", **facts: Any) -> None:
        """Let the office review the report that waits."""
        report = self.duty(position, part).reports.get(kind="report", state="given")
        supervising.review_report(report, outcome=outcome, opinion="已核", by=self["clerk"], at=self.at, **facts)

    def finish(self, position: int, who: str, part: str = "") -> Duty:
        """Take a signed duty through its last report to being struck off."""
        self.report(position, who, 100, part=part, final=True)
        self.review(position, "accepted", part=part)
        duty = self.duty(position, part)
        supervising.verify_duty(
            duty, outcome="passed", method="实地查看", opinion="属实", by=self["verifier"], at=self.at
        )
        supervising.conclude_duty(duty, by=self["clerk"], at=self.at)
        supervising.strike_off(duty, by=self["clerk"], at=self.at)
        return self.duty(position, part)


def names(case: Case) -> list[str]:
    """Return the trail of a case as the last words of its events' names."""
    entries = Entry.objects.filter(stream=case.stream_id).order_by("seq")
    return [name.split(".")[1] for name in entries.values_list("name", flat=True)]


def clock_days(case: Case, state: str = "running") -> dict[str, date | None]:
    """Return the clocks of a case in a state by key; units by their code."""
    found = {}
    for clock in case.deadlines.filter(state=state).select_related("unit"):
        key = clock.key.replace(f":{clock.unit_id}", f":{clock.unit.code}") if clock.unit else clock.key
        found[key] = clock.due_on
    return found


def roles_of(case: Case) -> dict[str, list[str]]:
    """Return the codes of the units of a case by role."""
    found: dict[str, list[str]] = {}
    for part in case.participations.select_related("unit"):
        found.setdefault(part.role, []).append(part.unit.code)
    return found


def check_invariants() -> None:
    """What must hold after any act: whole chains, one token a running case, the state the file gives to its step."""
    assert list(verify()) == []
    for case in Case.objects.filter(kind="duty"):
        tokens = WorkItem.objects.filter(case=case, state="open").count()
        if case.closed_at:
            assert tokens == 0, (case.number, case.state)
            assert not case.deadlines.filter(state__in=("running", "suspended")).exists(), case.number
        else:
            assert tokens == 1, (case.number, case.state)
            if case.state != "suspended":
                assert case.state == current_state(case), case.number
        assert case.participations.filter(role=Role.SUPERVISING).count() == 1


def process_without(key: str, *nodes: str) -> bytes:
    """Return a process file without some nodes and their arrows, and without its drawing."""
    source = Path(directives.__file__).parent / "content" / "processes" / f"{key}.bpmn"
    root = etree.fromstring(source.read_bytes())
    flows = [f for f in root.iter("{*}sequenceFlow") if {f.get("sourceRef"), f.get("targetRef")} & set(nodes)]
    gone = {*nodes, *(flow.get("id") for flow in flows)}
    for element in list(root.iter("{*}*")):
        mine = element.get("id") in gone or (element.text or "").strip() in gone
        if (mine or etree.QName(element).localname == "BPMNDiagram") and element.getparent() is not None:
            element.getparent().remove(element)
    return etree.tostring(root)
