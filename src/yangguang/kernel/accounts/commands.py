"""Writes of the accounts room: invite staff, accept, register citizens, close, erase."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yangguang.kernel.accounts.models import Account, Citizen, Invitation
from yangguang.kernel.accounts.queries import PERSONAL, digest_of, open_invitation, stream_of
from yangguang.kernel.accounts.vocabulary import (
    ERASE,
    MANAGE,
    REVEAL,
    STREAM,
    AccountClosed,
    AccountKind,
    AlreadyOpen,
    CitizenErased,
    CitizenRegistered,
    InvitationAccepted,
    InvitationSpent,
    NameTaken,
    PersonalDataRevealed,
    StaffInvited,
)
from yangguang.kernel.documents.commands import erase
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.ledger.authority import is_allowed, require
from yangguang.kernel.ledger.queries import case_in_sight
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Malformed, NotAllowed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.organisation.models import Person
from yangguang.kernel.organisation.queries import current_officers
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.fields import blind_index, reveal
from yangguang.platform.now import beijing_day


def invite_staff(person: Person, username: str, *, by: Actor, at: datetime) -> str:
    """Send a member of staff (again) a link to set a password; return its token, which is kept nowhere.

    Earlier links of the account are spent by a new one. Only who manages a unit the person serves in may invite.
    """
    _require_over(person, by, at)
    expires_at = at + timedelta(days=house_rulebook()("accounts.invitation", on=beijing_day(at)).number)
    token = secrets.token_urlsafe(32)
    with writing(STREAM, by=by, at=at) as draft:
        account = _staff_account(person, username, at)
        Invitation.objects.filter(account=account, used_at__isnull=True).delete()
        Invitation.objects.create(account=account, digest=digest_of(token), expires_at=expires_at)
        draft.record(StaffInvited(account=str(account.pk), person=person.pk, expires_at=expires_at.isoformat()))
    return token


def accept_invitation(token: str, password: str, *, at: datetime) -> Account:
    """Set the password by an invitation's link, once."""
    invitation = open_invitation(token, at)
    if invitation is None:
        raise InvitationSpent
    account = invitation.account
    _check_password(password, account)
    with writing(STREAM, by=Actor.system("accounts"), at=at) as draft:
        if not Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).update(used_at=at):
            raise InvitationSpent
        account.set_password(password)
        account.save(update_fields=["password"])
        draft.record(InvitationAccepted(account=str(account.pk)))
    return account


def open_demo_account(person: Person, username: str, password: str, *, by: Actor, at: datetime) -> Account:
    """Open a login anyone may try; refused on an instance that is no demonstration."""
    if not settings.DEMO:
        raise NotAllowed("演示账号只能在演示环境中开通。")
    with writing(STREAM, by=by, at=at) as draft:
        account = _staff_account(person, username, at)
        account.is_demo = True
        account.password = shared_password(password)
        account.save()
        draft.record(InvitationAccepted(account=str(account.pk)))
    return account


@cache
def shared_password(password: str) -> str:
    """Return the hash of a password that is public anyway: reckoned once, where twenty would take seconds."""
    return make_password(password)


def register_citizen(account: Account, *, real_name: str, phone: str, at: datetime) -> Citizen:
    """Open a citizen's account; the account comes unsaved, with its login name and password set."""
    if Account.objects.filter(username=account.username).exists():
        raise NameTaken(username=account.username)
    account.kind, account.opened_at, account.person = AccountKind.CITIZEN, at, None
    with writing(STREAM, by=Actor(ActorKind.CITIZEN, str(account.pk)), at=at) as draft:
        account.save(force_insert=True)
        citizen = Citizen(account=account, real_name=real_name.strip(), phone=phone.strip())
        citizen.phone_index = blind_index(Citizen, "phone", phone)
        citizen.save(force_insert=True)
        draft.record(CitizenRegistered(account=str(account.pk)))
    return citizen


def close_account(account: Account, *, reason: str, by: Actor, at: datetime) -> None:
    """Let an account sign in no more; its sessions end with the next page."""
    if account.person is not None:
        _require_over(account.person, by, at)
    elif by.key != str(account.pk):
        raise NotAllowed(capability=MANAGE)
    with writing(STREAM, by=by, at=at) as draft:
        Invitation.objects.filter(account=account, used_at__isnull=True).delete()
        account.is_active = False
        account.set_unusable_password()
        account.save(update_fields=["is_active", "password"])
        draft.record(AccountClosed(account=str(account.pk), reason=reason))


def reveal_citizen(
    citizen: Citizen, columns: Sequence[str], *, purpose: str, case: str, by: Actor, at: datetime
) -> Mapping[str, str]:
    """Open a citizen's name or phone for a case and a purpose; the entry stands in what the citizen sees.

    The case must be one that the officer may read: nobody looks somebody up for nothing.
    """
    day = beijing_day(at)
    require(by, REVEAL, on=day)
    if not purpose.strip():
        raise Malformed(errors={"purpose": "请写明查看的用途。"})
    if not columns or not set(columns) <= set(PERSONAL):
        raise Malformed(errors={"columns": "请选择要查看的项目。"})
    number = case_in_sight(case.strip(), by, on=day).number
    with writing(stream_of(citizen.account), by=by, at=at) as draft:
        draft.record(
            PersonalDataRevealed(
                account=str(citizen.account_id), columns=tuple(columns), case=number, purpose=purpose.strip()
            )
        )
    return {column: reveal(citizen, column) for column in columns}


def erase_citizen(citizen: Citizen, *, by: Actor, at: datetime) -> None:
    """Erase a citizen's name and phone and close the account; the trail keeps its references and stays whole.

    At his own wish, or by the operator where law demands it. What was typed about him (why his data was looked at)
    goes too, and so do his sessions and second factors.
    """
    account = citizen.account
    if by != Actor(ActorKind.CITIZEN, str(account.pk)):
        require(by, ERASE, on=beijing_day(at))
    with writing(STREAM, by=by, at=at) as draft:
        citizen.real_name = citizen.phone = None
        citizen.phone_index = ""
        citizen.save()
        for typed in SealedRecord.objects.filter(owner=stream_of(account), erased_at__isnull=True):
            erase(typed, at=at)
        Authenticator.objects.filter(user=account).delete()
        UserSession.objects.filter(user=account).delete()
        account.is_active = False
        account.username = f"erased-{account.pk.hex}"
        account.set_unusable_password()
        account.save()
        draft.record(CitizenErased(account=str(account.pk)))


def _staff_account(person: Person, username: str, at: datetime) -> Account:
    mine = Account.objects.select_for_update().filter(person=person, is_active=True).first()
    if mine is not None:
        if mine.username != username:
            raise AlreadyOpen(username=mine.username)
        return mine
    if Account.objects.filter(username=username).exists():
        raise NameTaken(username=username)
    account = Account(username=username, kind=AccountKind.STAFF, person=person, opened_at=at)
    account.set_unusable_password()
    try:
        account.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Malformed(errors={field: "；".join(says) for field, says in error.message_dict.items()}) from error
    account.save(force_insert=True)
    return account


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Malformed("密码不符合要求。", errors={"password": "；".join(error.messages)}) from error


def _require_over(person: Person, by: Actor, at: datetime) -> None:
    """Whoever manages accounts must manage every unit the person serves in; without a post, the register as such."""
    day = beijing_day(at)
    units = [officer.post.unit_id for officer in current_officers(person, day)] or [None]
    if not all(is_allowed(by, MANAGE, on=day, unit=unit) for unit in units):
        raise NotAllowed(capability=MANAGE)
