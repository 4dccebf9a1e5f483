"""Reads of the accounts room: the officer somebody acts as, citizens by phone, the demonstration's logins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import QuerySet

from yangguang.kernel.accounts.models import Account, Citizen, Invitation
from yangguang.kernel.accounts.vocabulary import ADMINISTRATIVE, AccountKind, PersonalDataRevealed
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.queries import body_of
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind
from yangguang.kernel.organisation.models import Officer
from yangguang.kernel.organisation.queries import capabilities_of, current_officers
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.fields import blind_index, reveal
from yangguang.platform.now import beijing_day


def officers_of(account: Account, on: date) -> QuerySet[Officer]:
    """Return the posts the account's person can act in on that day; none for citizens and closed accounts."""
    if account.person is None or not account.is_active:
        return Officer.objects.none()
    return current_officers(account.person, on)


def officer_of(account: Account, on: date, chosen: int | None = None) -> Officer | None:
    """Return the officer the account acts as: the chosen post while it is held, else the one held longest."""
    held = list(officers_of(account, on).order_by("valid_from", "pk"))
    return next((officer for officer in held if officer.pk == chosen), held[0] if held else None)


def actor_of(account: Account, on: date, chosen: int | None = None) -> Actor | None:
    """Return who stands behind what the account does; None for staff without a post on that day."""
    if account.kind == AccountKind.CITIZEN and account.is_active:
        return Actor(ActorKind.CITIZEN, str(account.pk))
    officer = officer_of(account, on, chosen)
    return Actor.officer(officer.pk, officer.post.unit_id) if officer else None


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """Return the invitation a link stands for, if it can still be used."""
    found = Invitation.objects.filter(digest=digest_of(token), used_at__isnull=True, expires_at__gt=at)
    return found.select_related("account__person").first()


def citizens_by_phone(phone: str) -> QuerySet[Citizen]:
    """Return the citizens registered with a phone number, without opening any other."""
    return Citizen.objects.filter(phone_index=blind_index(Citizen, "phone", phone)).select_related("account")


#: columns of a citizen that are sealed
PERSONAL = ("real_name", "phone")


def stream_of(account: Account) -> str:
    """Return the stream of what happens to a citizen's data."""
    return f"citizen:{account.pk}"


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody opened a citizen's data."""

    at: datetime
    unit: str
    columns: tuple[str, ...]
    case: str
    purpose: str


def looks_at(account: Account) -> list[Look]:
    """Return who has opened a citizen's data, newest first: for the citizen's own page."""
    entries = Entry.objects.filter(stream=stream_of(account), name=PersonalDataRevealed.name)
    looks = []
    for entry in entries.select_related("actor_unit").order_by("-seq"):
        body = body_of(entry)
        unit = entry.actor_unit.name if entry.actor_unit else ""
        looks.append(Look(entry.occurred_at, unit, tuple(body["columns"]), body["case"], body["purpose"]))
    return looks


def masked_phone(citizen: Citizen) -> str:
    """Return the number as lists may show it: the first three and the last two figures."""
    phone = reveal(citizen, "phone")
    return phone[:3] + "*" * max(len(phone) - 5, 0) + phone[-2:] if len(phone) > 5 else "*" * len(phone)


def masked_name(citizen: Citizen) -> str:
    """Return the name as lists may show it: the first character, the rest hidden."""
    name = reveal(citizen, "real_name")
    return name[:1] + "*" * (len(name) - 1)


def second_factor_due(account: Account, on: date) -> bool:
    """Say whether an account must have a second factor on that day: administrators at once, other staff after a grace.

    `settings.SECOND_FACTOR` is staff (all of them), administrators, or off (a demonstration).
    """
    if account.second_factor_required:
        return True
    if settings.SECOND_FACTOR == "off" or account.kind != AccountKind.STAFF:
        return False
    held = {grant.capability for officer in officers_of(account, on) for grant in capabilities_of(officer, on)}
    if held & ADMINISTRATIVE:
        return True
    grace = house_rulebook()("accounts.second_factor_grace", on=on).number
    return settings.SECOND_FACTOR == "staff" and (on - beijing_day(account.opened_at)).days >= grace


def demo_accounts() -> QuerySet[Account]:
    """Return the logins anyone may try; on an instance that is no demonstration there are none."""
    if not settings.DEMO:
        return Account.objects.none()
    return Account.objects.filter(is_demo=True, is_active=True).select_related("person").order_by("username")


def digest_of(token: str) -> str:
    """Return what is kept of an invitation's token."""
    return sha256(token.encode()).hexdigest()
