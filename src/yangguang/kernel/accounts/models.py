"""Tables of the accounts room. An account signs in and no more: what somebody may do hangs on his posts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q

from yangguang.kernel.accounts.vocabulary import AccountKind
from yangguang.kernel.organisation.models import Person
from yangguang.platform.fields import EncryptedText


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login name; there are no superusers to create."""


class Account(AbstractBaseUser):
    """A login: of a member of staff, a citizen, or a part of the system. No superuser, no admin site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("登录名", max_length=64, unique=True, validators=[UnicodeUsernameValidator()])
    kind = models.CharField("类别", max_length=8, choices=AccountKind)
    is_active = models.BooleanField("启用", default=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="accounts")
    language = models.CharField("语言", max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_demo = models.BooleanField("演示账号", default=False)
    second_factor_required = models.BooleanField("须两步验证", default=False)
    opened_at = models.DateTimeField("开通时间")

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=AccountKind.STAFF, person__isnull=False)
                | ~Q(kind=AccountKind.STAFF) & Q(person__isnull=True),
                name="staff_accounts_have_a_person",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(is_active=True), name="one_account_in_use_a_person"),
        ]

    def __str__(self) -> str:
        return self.username


class Citizen(models.Model):
    """Name and phone of a citizen, sealed; the phone can be looked up by its blind index."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(Account, models.PROTECT, related_name="citizen")
    real_name = EncryptedText(null=True)
    phone = EncryptedText(null=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)

    def __str__(self) -> str:
        return str(self.account_id)


class Invitation(models.Model):
    """A link that sets a password once; only the digest of its token is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account} ({self.expires_at:%Y-%m-%d})"
