"""Bringing an instance up to this version: tables, then what the data lacks, then the whole trail walked.

Every step may be done twice, so a killed upgrade is simply begun again. What was decided once is read from the
ledger: a power that an entry ever named for a role is the administrator's own business from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.core.management import call_command

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import Fault, verify
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.commands import define_role
from yangguang.kernel.office.vocabulary import EVERYTHING, INSTANCE, SETUP, InstanceUpgraded, RoleDefined
from yangguang.kernel.organisation.models import Officer, Role
from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.commands import INSTALLER, house_process_files, publish_process
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.platform.unusable import Unusable

#: what a role of 0.1.0 held that managed the whole instance
ADMINISTERS = frozenset(
    {"office.divisions", "office.units", "office.names", "office.people", "office.roles", "accounts.manage"}
)
#: key of the server's lock that lets one upgrade run at a time
LOCK = 0x5941_4E47


@dataclass(frozen=True, slots=True)
class Mended:
    """What the data fixes did: capabilities by role, processes by key and version."""

    granted: dict[str, tuple[str, ...]]
    published: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.granted or self.published)


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Let one upgrade run at a time; a killed one leaves its connection, and so the lock, to the next."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            raise Unusable("Another upgrade of this instance is running.", "Wait for its end.")
        yield


def bring_tables_up() -> None:
    """Migrate; each step is whole or not done at all."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def mend_data(*, version: str, at: datetime) -> Mended:
    """Give an instance that has begun what this version expects of it, all in one writing with entries."""
    if not is_behind():
        return Mended({}, ())
    by = Actor.system(SETUP)
    with writing(INSTANCE, by=by, at=at) as draft:
        granted = {}
        for role in Role.objects.order_by("code"):
            if new := new_capabilities(role):
                define_role(role.code, role.name, [*role.capabilities, *new], by=by, at=at, kinds=role.kinds)
                granted[role.code] = new
        versions = [publish_process(xml, by=INSTALLER, at=at) for xml in never_published()]
        mended = Mended(granted, tuple(f"{one.key} v{one.version}" for one in versions))
        given = tuple(f"{role}: {', '.join(new)}" for role, new in granted.items())
        draft.record(InstanceUpgraded(version=version, granted=given, published=mended.published))
    return mended


def new_capabilities(role: Role) -> tuple[str, ...]:
    """Return what an administrators' role should hold by this version and nobody has ever decided about."""
    if not ADMINISTERS <= set(role.capabilities):
        return ()
    entries = Entry.objects.filter(name=RoleDefined.name, body__code=role.code)
    decided = {one for body in entries.values_list("body", flat=True) for one in body["capabilities"]}
    return tuple(one for one in EVERYTHING if one not in decided and one not in role.capabilities)


def is_behind() -> bool:
    """Say whether the data lacks something; asked of tables that are up to date."""
    return Officer.objects.exists() and _lacks()


def _lacks() -> bool:
    return any(new_capabilities(role) for role in Role.objects.all()) or bool(never_published())


def never_published() -> list[bytes]:
    """Return the process files of this version that were never published here; what the office changed stays."""
    definitions = [(read_bpmn(xml), xml) for xml in house_process_files()]
    known = set(ProcessVersion.objects.values_list("key", "sha256"))
    return [xml for definition, xml in definitions if (definition.key, definition.sha256) not in known]


def walk_trail() -> list[Fault]:
    """Return every place where the trail is not whole."""
    return list(verify())
