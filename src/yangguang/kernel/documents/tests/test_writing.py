"""Without a writing nothing is stored: these tests have no database, and need none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yangguang.kernel.documents.commands import seal, store

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_nothing_is_stored_outside_a_writing(file_root):
    with pytest.raises(RuntimeError, match="writing"):
        store(b"x", name="a.txt", kind="notice", by="7", at=AT)
    assert not file_root.exists()


def test_nothing_is_sealed_outside_a_writing():
    with pytest.raises(RuntimeError, match="writing"):
        seal("x", purpose="p", owner="o", at=AT)
