"""Words of the office: its capabilities, what it records, what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yangguang.kernel.ledger.calendar_vocabulary import ADOPT
from yangguang.kernel.ledger.vocabulary import Event, Labelled, Refused

#: stream of the register of divisions, units, posts and people
STREAM = "organisation"
#: stream of the imports; each also writes its single changes on STREAM
IMPORTS = "organisation-imports"
#: stream on which the beginning of the instance itself is told
INSTANCE = "instance"
#: the part of the system that writes the first rows of an instance
SETUP = "setup"

#: first day of divisions and units whose founding nobody stated, so that papers of any year find them
UNKNOWN_START = date(1949, 10, 1)

DIVISIONS = "office.divisions"
UNITS = "office.units"
NAMES = "office.names"
PEOPLE = "office.people"
ROLES = "office.roles"
#: reads the log of what administrators did, and changes nothing
AUDIT = "security.audit"
#: all an administrator of the whole instance holds; the accounts room adds its own
EVERYTHING = (DIVISIONS, UNITS, NAMES, PEOPLE, ROLES, ADOPT, "accounts.manage", "processes.publish")


@dataclass(frozen=True, kw_only=True)
class DivisionCreated(Event):
    """A division was entered."""

    name: ClassVar[str] = "office.division_created"
    zh: ClassVar[str] = "登记区划"
    en: ClassVar[str] = "Division created"
    sentence: ClassVar[str] = "登记区划 {code} {title}。"
    sentence_en: ClassVar[str] = "Division {code} {title} was created."

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DivisionRenamed(Event):
    """A division got another name."""

    name: ClassVar[str] = "office.division_renamed"
    zh: ClassVar[str] = "区划更名"
    en: ClassVar[str] = "Division renamed"
    sentence: ClassVar[str] = "区划 {code} 由 {before} 更名为 {title}。"
    sentence_en: ClassVar[str] = "Division {code} was renamed from {before} to {title}."

    code: str
    before: str
    title: str


@dataclass(frozen=True, kw_only=True)
class UnitCreated(Event):
    """A unit was entered."""

    name: ClassVar[str] = "office.unit_created"
    zh: ClassVar[str] = "登记单位"
    en: ClassVar[str] = "Unit created"
    sentence: ClassVar[str] = "登记单位 {code} {title}，自 {valid_from} 起。"
    sentence_en: ClassVar[str] = "Unit {code} {title} was created, from {valid_from}."

    unit: int
    code: str
    title: str
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(Event):
    """A unit bears another official name from a day."""

    name: ClassVar[str] = "office.unit_renamed"
    zh: ClassVar[str] = "单位更名"
    en: ClassVar[str] = "Unit renamed"
    sentence: ClassVar[str] = "{before} 自 {valid_from} 起更名为 {title}。"
    sentence_en: ClassVar[str] = "{before} is called {title} from {valid_from}."

    unit: int
    before: str
    title: str
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class UnitNamed(Event):
    """A short name of a unit was entered."""

    name: ClassVar[str] = "office.unit_named"
    zh: ClassVar[str] = "登记简称"
    en: ClassVar[str] = "Short name entered"
    sentence: ClassVar[str] = "登记简称 {title}。"
    sentence_en: ClassVar[str] = "The short name {title} was entered."

    unit: int
    title: str


@dataclass(frozen=True, kw_only=True)
class UnitMerged(Event):
    """A unit ended and another answers for it."""

    name: ClassVar[str] = "office.unit_merged"
    zh: ClassVar[str] = "单位合并"
    en: ClassVar[str] = "Unit merged"
    sentence: ClassVar[str] = "{title} 自 {valid_from} 起并入 {heir_title}。"
    sentence_en: ClassVar[str] = "{title} is part of {heir_title} from {valid_from}."

    unit: int
    title: str
    heir: int
    heir_title: str
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class UnitMoved(Event):
    """A unit got another superior or counterpart."""

    name: ClassVar[str] = "office.unit_moved"
    zh: ClassVar[str] = "调整隶属"
    en: ClassVar[str] = "Unit moved"
    sentence: ClassVar[str] = "调整 {title} 的隶属或对口关系。"
    sentence_en: ClassVar[str] = "The superior or counterpart of {title} was changed."

    unit: int
    title: str
    superior: int | None
    counterpart: int | None


@dataclass(frozen=True, kw_only=True)
class AliasLearned(Event):
    """Somebody confirmed that a printed name means a unit."""

    name: ClassVar[str] = "office.alias_learned"
    zh: ClassVar[str] = "登记别名"
    en: ClassVar[str] = "Alias learned"
    sentence: ClassVar[str] = "确认“{text}”指 {title}。"
    sentence_en: ClassVar[str] = "“{text}” was confirmed to mean {title}."

    unit: int
    title: str
    text: str
    context: str


@dataclass(frozen=True, kw_only=True)
class CollectiveDefined(Event):
    """A name for many units was entered."""

    name: ClassVar[str] = "office.collective_defined"
    zh: ClassVar[str] = "登记统称"
    en: ClassVar[str] = "Collective defined"
    sentence: ClassVar[str] = "登记统称 {title}。"
    sentence_en: ClassVar[str] = "The collective {title} was defined."

    title: str
    predicate: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """A member of staff was entered; the name stands in the register only."""

    name: ClassVar[str] = "office.person_added"
    zh: ClassVar[str] = "登记人员"
    en: ClassVar[str] = "Person added"
    sentence: ClassVar[str] = "登记人员（编号 {person}）。"
    sentence_en: ClassVar[str] = "Person {person} was added."
    public: ClassVar[bool] = False

    person: int


@dataclass(frozen=True, kw_only=True)
class RoleDefined(Event):
    """A role was given its capabilities and kinds."""

    name: ClassVar[str] = "office.role_defined"
    zh: ClassVar[str] = "设定角色"
    en: ClassVar[str] = "Role defined"
    sentence: ClassVar[str] = "角色 {code} 的权限设为：{capabilities}。"
    sentence_en: ClassVar[str] = "Role {code} holds: {capabilities}."
    public: ClassVar[bool] = False

    code: str
    capabilities: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PostCreated(Event):
    """A post was set up in a unit."""

    name: ClassVar[str] = "office.post_created"
    zh: ClassVar[str] = "设立岗位"
    en: ClassVar[str] = "Post created"
    sentence: ClassVar[str] = "设立岗位 {title}，角色：{roles}。"
    sentence_en: ClassVar[str] = "The post {title} was set up with the roles {roles}."
    public: ClassVar[bool] = False

    post: int
    title: str
    unit: int
    scope: int
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OfficerAppointed(Event):
    """A person holds a post from a day."""

    name: ClassVar[str] = "office.officer_appointed"
    zh: ClassVar[str] = "任职"
    en: ClassVar[str] = "Officer appointed"
    sentence: ClassVar[str] = "人员（编号 {person}）自 {valid_from} 起任 {post_title}。"
    sentence_en: ClassVar[str] = "Person {person} holds {post_title} from {valid_from}."
    public: ClassVar[bool] = False

    officer: int
    person: int
    post: int
    post_title: str
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded(Event):
    """A person left a post."""

    name: ClassVar[str] = "office.appointment_ended"
    zh: ClassVar[str] = "免职"
    en: ClassVar[str] = "Appointment ended"
    sentence: ClassVar[str] = "任职 {officer} 至 {valid_to} 止。"
    sentence_en: ClassVar[str] = "Appointment {officer} ends on {valid_to}."
    public: ClassVar[bool] = False

    officer: int
    valid_to: str


@dataclass(frozen=True, kw_only=True)
class PowersDelegated(Event):
    """One officer stands in for another (AB岗)."""

    name: ClassVar[str] = "office.powers_delegated"
    zh: ClassVar[str] = "AB岗代理"
    en: ClassVar[str] = "Powers delegated"
    sentence: ClassVar[str] = "任职 {giver} 委托任职 {taker} 代办：{capabilities}，{valid_from} 至 {valid_to}。"
    sentence_en: ClassVar[str] = "Officer {taker} stands in for {giver}: {capabilities}, {valid_from} to {valid_to}."
    public: ClassVar[bool] = False

    giver: int
    taker: int
    capabilities: tuple[str, ...]
    valid_from: str
    valid_to: str


@dataclass(frozen=True, kw_only=True)
class OrganisationImported(Event):
    """A workbook was taken in whole."""

    name: ClassVar[str] = "office.organisation_imported"
    zh: ClassVar[str] = "批量导入"
    en: ClassVar[str] = "Organisation imported"
    sentence: ClassVar[str] = "导入工作簿 {sha256}：新增 {created} 行，已有 {same} 行。"
    sentence_en: ClassVar[str] = "Workbook {sha256} was imported: {created} rows new, {same} already known."
    public: ClassVar[bool] = False

    sha256: str
    created: int
    same: int


@dataclass(frozen=True, kw_only=True)
class InstanceBegun(Event):
    """The instance was set up: organisation, roles, processes, and a first administrator invited."""

    name: ClassVar[str] = "office.instance_begun"
    zh: ClassVar[str] = "系统启用"
    en: ClassVar[str] = "Instance begun"
    sentence: ClassVar[str] = "系统启用：发布流程 {processes} 个，设定角色 {roles} 个，已邀请首位管理员。"
    sentence_en: ClassVar[str] = (
        "The instance began: {processes} processes, {roles} roles, first administrator invited."
    )
    public: ClassVar[bool] = False

    processes: int
    roles: int


@dataclass(frozen=True, kw_only=True)
class InstanceUpgraded(Event):
    """The instance was given what another version of the program expects."""

    name: ClassVar[str] = "office.instance_upgraded"
    zh: ClassVar[str] = "系统升级"
    en: ClassVar[str] = "Instance upgraded"
    sentence: ClassVar[str] = "系统升级到 {version}：授予权限 {granted}，发布流程 {published}。"
    sentence_en: ClassVar[str] = "The instance was upgraded to {version}: granted {granted}, published {published}."
    public: ClassVar[bool] = False

    version: str
    granted: tuple[str, ...]
    published: tuple[str, ...]


class AlreadyRegistered(Refused):
    """The code, number or name is taken."""

    code = "office.already_registered"
    says = "{what} 已经登记。"
    remedy = "请核对；如为同一对象，请直接修改原记录。"


class HasEnded(Refused):
    """The unit, post or appointment is not in force on that day."""

    code = "office.has_ended"
    says = "{what} 在 {on} 不在有效期内。"
    remedy = "请核对起止日期。"


class MeansAnother(Refused):
    """The printed name already means another unit there."""

    code = "office.means_another"
    says = "“{text}”在这里已经指 {other}。"
    remedy = "请先核对原登记，或限定在某一区划的文件中使用。"


class WouldLoop(Refused):
    """The change would make a unit its own superior or heir."""

    code = "office.would_loop"
    says = "{what} 会成为自己的上级或承接单位。"
    remedy = "请选择其他单位。"


class AlreadyBegun(Refused):
    """The instance has officers; the set-up is over."""

    code = "office.already_begun"
    says = "本系统已有任职人员，初始化只能进行一次。"
    remedy = "请由现任管理员登录后办理。"


class Administration(Labelled):
    """The three administrations of a system under classified protection (等级保护)."""

    SYSTEM = "system", "系统管理", "system administration"
    SECURITY = "security", "安全管理", "security administration"
    AUDIT = "audit", "审计管理", "audit administration"


class NotSeparate(Refused):
    """One person would hold two of the three administrations."""

    code = "office.not_separate"
    says = "{who} 将同时负责：{which}。系统管理、安全管理、审计管理须由不同的人担任。"
    cite = "网络安全等级保护基本要求（三员分立）"
    remedy = "请改由另一人担任，或先结束其原有任职。"
