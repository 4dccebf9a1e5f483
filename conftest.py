"""Fixtures of the whole house: every test process works in its own copy of a migrated database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict

from yangguang.platform.testkit.databases import migrated_copy, test_server


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Point Django at a copy of the template instead of migrating a database for each process."""
    from django.db import connection  # noqa: PLC0415 - rooms without Django are tested without it

    with test_server() as url, migrated_copy(url) as address:
        parts = conninfo_to_dict(address)
        names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        connection.settings_dict.update({django: str(parts.get(key) or "") for django, key in names.items()})
        yield
        with django_db_blocker.unblock():
            connection.close()
