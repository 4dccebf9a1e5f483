"""The first use of a real instance: its organisation, roles and processes, and the first administrator's link.

Who may do it is whoever can read the instance's data folder: the first-use page asks for the token kept there.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from yangguang.journeys.house_roles import house_roles
from yangguang.kernel.accounts.commands import invite_staff
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.commands import begin_organisation, define_role
from yangguang.kernel.office.commands.beginning import Beginning
from yangguang.kernel.office.vocabulary import INSTANCE, SETUP, AlreadyBegun, InstanceBegun
from yangguang.kernel.organisation.models import Officer
from yangguang.kernel.processes.commands import publish_house_processes

__all__ = ["Beginning", "Begun", "begin", "has_begun", "is_setup_token", "setup_token"]


@dataclass(frozen=True, slots=True)
class Begun:
    """What was set up: the token of the one-time invitation, and how many processes and roles there are."""

    invitation: str
    processes: int
    roles: int


def has_begun() -> bool:
    """Say whether anybody has been appointed here: from then on an administrator does the rest."""
    return Officer.objects.exists()


def begin(beginning: Beginning, username: str, *, at: datetime) -> Begun:
    """Set the instance up and invite its first administrator, all of it or nothing; once only."""
    by = Actor.system(SETUP)
    with writing(INSTANCE, by=by, at=at) as draft:
        if has_begun():
            raise AlreadyBegun
        officer = begin_organisation(beginning, at=at)
        for role in house_roles():
            define_role(role.code, role.name, role.capabilities, by=by, at=at)
        processes = publish_house_processes(at=at)
        invitation = invite_staff(officer.person, username, by=by, at=at)
        draft.record(InstanceBegun(processes=len(processes), roles=len(house_roles())))
    _token_file().unlink(missing_ok=True)
    return Begun(invitation, len(processes), len(house_roles()))


def setup_token() -> str:
    """Return the token that the first-use page asks for, made on the first call; AlreadyBegun once it is over."""
    if has_begun():
        raise AlreadyBegun
    path = _token_file()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    token = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w") as file:
        file.write(token)
    return token


def is_setup_token(given: str) -> bool:
    """Say whether somebody holds the token; never where none was made or the instance has begun."""
    try:
        token = _token_file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    return bool(token) and hmac.compare_digest(token.encode(), given.encode("utf-8", "replace")) and not has_begun()


def _token_file() -> Path:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "setup-token"
