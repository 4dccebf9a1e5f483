"""Words of the accounts room: kinds of account, what happens to one, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.vocabulary import Event, Refused, Typed

#: stream of the register of accounts
STREAM = "accounts"
#: stream of what happens to the keys of the vault
VAULT = "vault"
#: part of the system that acts for the operator at the shell of the server
OPERATOR = "operator"
#: capability to open a citizen's name and phone for a case, each time with an entry that its owner sees
REVEAL = "accounts.reveal"
#: capability to erase a citizen's personal data where law demands it (个人信息保护法 第四十七条)
ERASE = "accounts.erase"
#: capability to invite staff and to close their accounts, over the unit of the post they hold
MANAGE = "accounts.manage"

#: who holds one of these administers the instance, opens personal data or reads its logs: a second factor at once
ADMINISTRATIVE = frozenset(
    {MANAGE, REVEAL, ERASE, "office.people", "office.roles", "office.units", "office.divisions", "security.audit"}
)


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


@dataclass(frozen=True, kw_only=True)
class PersonalDataRevealed(Event):
    """Somebody opened sealed personal data of a citizen; the citizen sees who, when, for what and for which case."""

    name: ClassVar[str] = "accounts.personal_data_revealed"
    zh: ClassVar[str] = "查看个人信息"
    en: ClassVar[str] = "Personal data opened"
    sentence: ClassVar[str] = "因办理 {case} 查看公众账号 {account} 的个人信息（{columns}）：{purpose}"
    sentence_en: ClassVar[str] = "Personal data of {account} ({columns}) was opened for {case}: {purpose}"
    public: ClassVar[bool] = False

    account: str
    columns: tuple[str, ...]
    case: str
    purpose: Typed


@dataclass(frozen=True, kw_only=True)
class VaultKeyAdded(Event):
    """A new key seals from now on; what older ones sealed is sealed anew."""

    name: ClassVar[str] = "accounts.vault_key_added"
    zh: ClassVar[str] = "更换加密密钥"
    en: ClassVar[str] = "Vault key added"
    sentence: ClassVar[str] = "启用第 {version} 版加密密钥。"
    sentence_en: ClassVar[str] = "Vault key {version} seals from now on."
    public: ClassVar[bool] = False

    version: int


@dataclass(frozen=True, kw_only=True)
class SealedAnew(Event):
    """A batch of sealed texts was sealed anew under the newest key."""

    name: ClassVar[str] = "accounts.sealed_anew"
    zh: ClassVar[str] = "重新加密"
    en: ClassVar[str] = "Sealed anew"
    sentence: ClassVar[str] = "{place} 的 {rows} 条已用第 {version} 版密钥重新加密。"
    sentence_en: ClassVar[str] = "{rows} rows of {place} were sealed anew under key {version}."
    public: ClassVar[bool] = False

    place: str
    rows: int
    version: int


@dataclass(frozen=True, kw_only=True)
class VaultKeysRetired(Event):
    """Older keys left the vault; nothing in the database needs them."""

    name: ClassVar[str] = "accounts.vault_keys_retired"
    zh: ClassVar[str] = "停用旧密钥"
    en: ClassVar[str] = "Vault keys retired"
    sentence: ClassVar[str] = "停用第 {versions} 版加密密钥。"
    sentence_en: ClassVar[str] = "Vault keys {versions} were retired."
    public: ClassVar[bool] = False

    versions: tuple[int, ...]


class KeysElsewhere(Refused):
    """The keys stand in the environment, which no program can change for the next start."""

    code = "accounts.keys_elsewhere"
    says = "密钥由环境变量 YG_VAULT_KEYS 给出，程序无法改写。"
    remedy = "请把密钥写入文件，用 YG_VAULT_KEYS_FILE 指明，然后再执行。"


class StillInUse(Refused):
    """A transaction from before the change of keys still runs: what it sealed may be under the old key."""

    code = "accounts.keys_still_in_use"
    says = "仍有更换密钥之前开始的事务，旧密钥暂不能停用。"
    remedy = "请稍后再次执行，已完成的部分不会重做。"


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
