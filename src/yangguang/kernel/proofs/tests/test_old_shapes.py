"""An entry is verified by the text that was hashed, never by the class of its event: old shapes stay verifiable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.queries import trail
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import EVENTS, Event
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.proofs import queries
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.kernel.proofs.tests.test_tampering import Files
from yangguang.kernel.proofs.tests.world import entry, three_days
from yangguang.kernel.proofs.verification import verify_roots

pytestmark = pytest.mark.django_db
NAME, ONE = "tests.something_noted", "99-T2026-0001"


@pytest.fixture
def second_shape(monkeypatch):
    """The event as a later release has it: another field, and the shape's version in the body."""
    monkeypatch.delitem(EVENTS, NAME)

    @dataclass(frozen=True, kw_only=True)
    class SomethingNotedAnew(Event):
        name: ClassVar[str] = NAME
        sentence: ClassVar[str] = "记：{words}（{shape}）"
        words: str
        shape: int = 2

    yield SomethingNotedAnew
    EVENTS.pop(NAME)


def test_entries_of_both_shapes_verify_side_by_side_and_stand_in_roots(tmp_path, second_shape):
    days = three_days()
    with writing(Case.objects.get(number=ONE), by=days.world.clerk, at=days.at) as draft:
        draft.record(second_shape(words="新"))
    days.night()
    assert json.loads(entry(ONE, 2).text)["body"] == {"what": "一"}
    assert json.loads(entry(ONE, 7).text)["body"] == {"shape": 2, "words": "新"}
    assert ClosedDay.objects.first().size == 12
    assert list(verify()) == list(verify_roots()) == []
    assert queries.receipt(entry(ONE, 2))["proof"]
    files = Files(tmp_path)
    assert files.verify("export", files.export(), files.roots())[0] == 0
    told = [line.sentence for line in trail(Case.objects.get(number=ONE))]
    assert told[0] == "记：新（2）"
    assert told[-1] == "记：—（—）", "an old entry still tells its sentence, with a dash for what it did not know"
