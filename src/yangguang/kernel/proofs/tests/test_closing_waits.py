"""No closed day misses an entry that was still being written at midnight."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection

from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.tests.world import SomethingNoted
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.proofs.commands import close_days
from yangguang.kernel.proofs.tests.world import Days
from yangguang.platform.now import BEIJING


def test_closing_waits_for_a_writing_that_began_before_midnight(committed):
    days = Days()
    days.note("99-T2026-0001", "一")
    days.at = days.at.replace(hour=23, minute=59)
    written, go_on = threading.Event(), threading.Event()

    def write_late():
        with writing(Case.objects.get(), by=days.world.clerk, at=days.at) as draft:
            written.set()
            go_on.wait(5)
            draft.record(SomethingNoted(what="子夜前"))
        connection.close()

    writer = threading.Thread(target=write_late)
    writer.start()
    written.wait(5)
    threading.Timer(0.5, go_on.set).start()
    midnight = days.at.astimezone(BEIJING) + timedelta(minutes=20)
    closed = close_days(at=midnight)
    writer.join()
    assert [d.size for d in closed] == [3]
