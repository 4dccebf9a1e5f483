"""A database of one's own for each test process, copied from one that was migrated once.

The copy takes a fraction of a second, a migration of an empty database many. The
template is kept as long as nothing changes that shapes the tables.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from yangguang.platform.instance import ROOT, schema_version
from yangguang.platform.postgres import Hold

#: where the test server lives when no other is given
EMBEDDED_DATA = ROOT / ".cache" / "tests"
TEMPLATE = "yangguang_template"
COPY = "yangguang_test"
#: how often a database is asked to go, half a second apart
CHANCES = 20
_COUNTER = itertools.count()


@contextmanager
def test_server() -> Iterator[str]:
    """Give the address of the server that tests use: DATABASE_URL, or an embedded one that may forget."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    hold = Hold(EMBEDDED_DATA, durable=False)
    try:
        if hold.started:
            _drop(hold.url, f"%{COPY}_%")
        yield hold.url
    finally:
        hold.release()


@contextmanager
def migrated_copy(url: str) -> Iterator[str]:
    """Give the address of a fresh database with all tables, on the server of `url`; dropped afterwards."""
    with _template_lock():
        copy = _copied(url, migrated_template(url), f"{COPY}_{os.getpid()}")
    try:
        yield _address(url, copy)
    finally:
        _drop(url, copy)


@contextmanager
def prepared_copy(url: str, name: str, version: str, prepare: Callable[[str], None]) -> Iterator[str]:
    """Give the address of a fresh copy of a database that `prepare` fills once for each version.

    `prepare` is given the address of a database with all tables; what it leaves
    there is kept on the server of `url` until the version or the tables change.
    """
    with _template_lock():
        family = f"{name}_template"
        template = f"{family}_{version}_{schema_version()[:8]}"
        if not _names(url, template):
            migrated = migrated_template(url)
            _make(url, template, family, lambda draft: _filled(url, migrated, draft, prepare))
        copy = _copied(url, template, f"{name}_{COPY}_{os.getpid()}_{next(_COUNTER)}")
    try:
        yield _address(url, copy)
    finally:
        _drop(url, copy)


def migrated_template(url: str) -> str:
    """Return the name of the migrated template, making it where the tables' shape has changed."""
    template = f"{TEMPLATE}_{schema_version()}"
    if not _names(url, template):
        _make(url, template, TEMPLATE, lambda draft: _migrated(url, draft))
    return template


def _make(url: str, template: str, family: str, fill: Callable[[str], None]) -> None:
    """Let `fill` make a database under a passing name, so that a broken-off one is never taken for the template."""
    if "DATABASE_URL" not in os.environ:
        _drop(url, f"{family}_%")
    unfinished = f"{template}_{os.getpid()}"
    _drop(url, unfinished)
    fill(unfinished)
    renamed = sql.SQL("alter database {} rename to {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    _execute(url, renamed)


def _migrated(url: str, name: str) -> None:
    _execute(url, sql.SQL("create database {}").format(sql.Identifier(name)))
    environment = os.environ | {"DATABASE_URL": _address(url, name)}
    for command in (["migrate", "--no-input", "--skip-checks", "-v", "0"], ["createcachetable"]):
        subprocess.run([sys.executable, "-m", "django", *command], env=environment, check=True)


def _filled(url: str, migrated: str, name: str, prepare: Callable[[str], None]) -> None:
    prepare(_address(url, _copied(url, migrated, name)))


def _copied(url: str, template: str, copy: str) -> str:
    _drop(url, copy)
    _execute(url, sql.SQL("create database {} template {}").format(sql.Identifier(copy), sql.Identifier(template)))
    return copy


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Let this process's Django work on the database of an address; afterwards on what it worked on before."""
    from django.db import connection  # noqa: PLC0415 - rooms without Django are tested without it

    parts = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    before = {django: connection.settings_dict[django] for django in names}
    connection.close()
    connection.settings_dict.update({django: str(parts.get(key) or "") for django, key in names.items()})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def _template_lock() -> Iterator[None]:
    EMBEDDED_DATA.mkdir(parents=True, exist_ok=True)
    with (EMBEDDED_DATA / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _address(url: str, database: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}"


def _names(url: str, pattern: str) -> list[str]:
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        found = connection.execute("select datname from pg_database where datname like %s", [pattern])
        return [str(row[0]) for row in found.fetchall()]


def _drop(url: str, pattern: str) -> None:
    for name in _names(url, pattern):
        command = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        for chance in range(CHANCES):
            try:
                _execute(url, command)
                break
            except psycopg.errors.InsufficientPrivilege:
                # the server's own cleaner is in it, which only a superuser may end; it leaves by itself
                if chance == CHANCES - 1:
                    raise
                _execute(url, sql.SQL("select pg_sleep(0.5)"))


def _execute(url: str, command: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(command)
