"""Words of the accounts room: kinds of account, what happens to one, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.vocabulary import Event, Refused, Typed

#: stream of the register of accounts
STREAM = "accounts"
#: capability to invite staff and to close their accounts, over the unit of the post they hold
MANAGE = "accounts.manage"


class AccountKind(models.TextChoices):
    """Whose account it is."""

    STAFF = "staff", _("工作人员")
    CITIZEN = "citizen", _("公众")
    SYSTEM = "system", _("系统")


@dataclass(frozen=True, kw_only=True)
class StaffInvited(Event):
    """A member of staff was sent a link by which to set a password."""

    name: ClassVar[str] = "accounts.staff_invited"
    zh: ClassVar[str] = "邀请开通账号"
    en: ClassVar[str] = "Staff invited"
    sentence: ClassVar[str] = "为人员 {person} 发出账号开通邀请，{expires_at} 前有效。"
    sentence_en: ClassVar[str] = "Person {person} was invited to open an account, until {expires_at}."
    public: ClassVar[bool] = False

    account: str
    person: int
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    """The link was used once, and a password set."""

    name: ClassVar[str] = "accounts.invitation_accepted"
    zh: ClassVar[str] = "账号开通"
    en: ClassVar[str] = "Invitation accepted"
    sentence: ClassVar[str] = "账号 {account} 已设置密码并启用。"
    sentence_en: ClassVar[str] = "Account {account} has set a password and is in use."
    public: ClassVar[bool] = False

    account: str


@dataclass(frozen=True, kw_only=True)
class CitizenRegistered(Event):
    """A member of the public opened an account."""

    name: ClassVar[str] = "accounts.citizen_registered"
    zh: ClassVar[str] = "公众注册"
    en: ClassVar[str] = "Citizen registered"
    sentence: ClassVar[str] = "公众账号 {account} 注册。"
    sentence_en: ClassVar[str] = "Citizen account {account} was registered."
    public: ClassVar[bool] = False

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """An account can no longer sign in."""

    name: ClassVar[str] = "accounts.account_closed"
    zh: ClassVar[str] = "停用账号"
    en: ClassVar[str] = "Account closed"
    sentence: ClassVar[str] = "停用账号 {account}：{reason}"
    sentence_en: ClassVar[str] = "Account {account} was closed: {reason}"
    public: ClassVar[bool] = False

    account: str
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class CitizenErased(Event):
    """The name and the phone number of a citizen were erased; the account stays as a number without a person."""

    name: ClassVar[str] = "accounts.citizen_erased"
    zh: ClassVar[str] = "删除个人信息"
    en: ClassVar[str] = "Personal data erased"
    sentence: ClassVar[str] = "公众账号 {account} 的姓名和电话已删除。"
    sentence_en: ClassVar[str] = "Name and phone of citizen account {account} were erased."
    public: ClassVar[bool] = False

    account: str


class InvitationSpent(Refused):
    """The link was used, withdrawn or has run out (or never was one; the answer is the same)."""

    code = "accounts.invitation_spent"
    says = "这个邀请链接已经用过或已过期。"
    remedy = "请联系本单位管理员重新发送邀请。"


class NameTaken(Refused):
    """Another account goes by that login name."""

    code = "accounts.name_taken"
    says = "登录名 {username} 已被使用。"
    remedy = "请换一个登录名。"


class AlreadyOpen(Refused):
    """The person has an account in use."""

    code = "accounts.already_open"
    says = "该人员已有启用的账号 {username}。"
    remedy = "如忘记密码，请重发邀请链接。"
