"""One instance: its data folder, its database, and whether it is a demonstration.

What kind it is, is decided once, on an empty database, and kept in the database: a real
instance can never turn into a demonstration by a forgotten option.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from yangguang.platform.postgres import database_url
from yangguang.platform.settings import env_path
from yangguang.platform.unusable import Unusable

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
TABLE = "create table if not exists platform_instance (key text primary key, value text not null)"


@dataclass(frozen=True)
class Instance:
    """An instance as its processes need to know it."""

    data: Path
    url: str
    #: true for the demonstration province, with demonstration logins and a movable clock
    demo: bool
    #: what the database remembers about itself
    remembered: dict[str, str] = field(default_factory=dict)

    def remember(self, key: str, value: str) -> None:
        """Keep a fact about the instance in its database, so that it travels with a dump."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "insert into platform_instance values (%s, %s) on conflict (key) do update set value = excluded.value",
                [key, value],
            )
        self.remembered[key] = value

    def environment(self) -> dict[str, str]:
        """Return the settings that every process of this instance shares; what the user has set stays."""
        settings = {
            "DATABASE_URL": self.url,
            "YG_DATA": str(self.data),
            "YG_DEMO": "1" if self.demo else "0",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "yangguang.config.settings"),
        }
        if not self.demo and not {"YG_SECRET_KEY", "YG_SECRET_KEY_FILE"} & set(os.environ):
            settings["YG_SECRET_KEY_FILE"] = str(_secret_file(self.data / "secret-key"))
        return settings


def data_folder() -> Path:
    """Return the data folder: YG_DATA, or `.data` in the checkout."""
    return env_path("YG_DATA", ROOT / ".data")


def open_instance(data: Path, url: str, *, demo: bool | None = None, begins_as_demo: bool = True) -> Instance:
    """Return the instance of a database; an empty one becomes what ``demo`` says, or else ``begins_as_demo``."""
    with _connected(url) as connection:
        used = connection.execute("select to_regclass('django_migrations') is not null").fetchone() == (True,)
        connection.execute(TABLE)
        known = dict(connection.execute("select key, value from platform_instance").fetchall())
        if "demo" not in known:
            begins = begins_as_demo if demo is None else demo
            known["demo"] = "1" if begins and not used else "0"
            connection.execute("insert into platform_instance values ('demo', %s)", [known["demo"]])
    is_demo = known["demo"] == "1"
    if demo is False and is_demo:
        raise Unusable(
            "This database holds the demonstration province.", "Choose an empty data folder for real work: --data DIR."
        )
    return Instance(data, url, is_demo, known)


def look_at_instance(data: Path, url: str) -> Instance:
    """Return the instance of a database without writing anything; one that knows nothing of itself counts as real."""
    known: dict[str, str] = {}
    with _connected(url) as connection:
        if connection.execute("select to_regclass('platform_instance') is not null").fetchone() == (True,):
            known = dict(connection.execute("select key, value from platform_instance").fetchall())
    return Instance(data, url, known.get("demo") == "1", known)


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as problem:
        raise Unusable(
            f"The database does not answer: {str(problem).strip().splitlines()[-1]}.",
            "Check DATABASE_URL and the server.",
        ) from problem


def enter_instance(data: Path | None = None) -> Instance:
    """Make this process work on the instance of a data folder, with Django ready; for commands of the shell.

    The embedded database is started where it does not run, and held until the process ends.
    """
    folder = (data or data_folder()).absolute()
    instance = open_instance(folder, database_url(folder))
    os.environ.update(instance.environment())
    import django  # noqa: PLC0415 - everything else here works without it

    django.setup()
    return instance


def schema_version() -> str:
    """Return a fingerprint of everything that shapes the tables: migrations, settings and locked packages."""
    files = sorted(PACKAGE.glob("**/migrations/*.py")) + sorted(PACKAGE.glob("**/migrations/*.sql"))
    return _fingerprint([*files, PACKAGE / "config" / "settings.py", ROOT / "requirements" / "runtime.lock"])


def static_version() -> str:
    """Return a fingerprint of the files that browsers load: ours and those of the locked packages."""
    files = [path for path in sorted(PACKAGE.glob("**/static/**/*")) if path.is_file()]
    return _fingerprint([*files, ROOT / "requirements" / "runtime.lock"])


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _secret_file(path: Path) -> Path:
    """Return the file of the instance's secret, written once for this user alone."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path
