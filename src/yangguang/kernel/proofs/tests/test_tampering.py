"""Whoever tampers is found, and the place is named: by the database's own walk and by the stand-alone verifier.

Each test tampers as the owner of the database can, with triggers and constraints off.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from yangguang.kernel.ledger import chain
from yangguang.kernel.ledger.models import Entry, Stream
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.proofs import queries
from yangguang.kernel.proofs.commands import close_days, deposit
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.kernel.proofs.tests.world import entry, superuser, three_days
from yangguang.kernel.proofs.verification import compare, compare_with, verify_roots
from yangguang.kernel.proofs.vocabulary import Seen, as_published
from yangguang.kernel.proofs.witnesses.folder import Folder

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).parents[1] / "content" / "verify_ledger.py"
ONE, TWO = "99-T2026-0001", "99-T2026-0002"


class Files:
    """The files that leave the house, in a folder, and the verifier that reads them there."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, what):
        target = self.folder / name
        target.write_text(what if isinstance(what, str) else json.dumps(what))
        return target

    def roots(self, name="roots.json"):
        return self.write(name, queries.roots_file())

    def export(self, **how):
        return self.write("ledger.jsonl", "".join(f"{line}\n" for line in queries.ledger_file(**how)))

    def verify(self, *arguments):
        """Run the verifier as a stranger does: isolated, without our packages."""
        command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)]
        told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder)
        assert not told.stderr
        return told.returncode, told.stdout


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def house(files):
    """Three closed days, what was published of them, and a witness who holds it."""
    days = three_days()
    witness = Folder(files.folder / "witness")
    for day in ClosedDay.objects.order_by("day"):
        deposit(day.day, witness, at=days.at)
    return days, witness, files.roots("kept.json")


def places():
    return [(fault.stream, fault.seq) for fault in (*verify(), *verify_roots())]


def test_an_untouched_ledger_is_good_by_every_check(house, files):
    days, witness, kept = house
    assert places() == []
    assert {a.seen for a in compare([witness])} == {Seen.AGREES}
    roots = files.roots()
    assert files.verify("roots", roots, kept) == (0, "GOOD   3 days, 3 of them compared with the kept copy; 0 faults\n")
    code, said = files.verify("export", files.export(), roots)
    assert (code, said) == (0, "GOOD   10 entries in 3 days; 0 faults\n")
    receipt = files.write("receipt.json", queries.receipt(entry(TWO, 3)))
    code, said = files.verify("receipt", receipt, roots)
    assert code == 0
    assert "case:99-T2026-0002 #3, place 7 of 9 on 2026-03-03" in said


def test_one_altered_byte_of_an_entry_names_the_entry(house, files):
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET text = replace(text, '二', '贰') WHERE hash = %s", [entry(ONE, 3).hash])
    assert places() == [(f"case:{ONE}", 3)]
    code, said = files.verify("export", files.export(), files.roots())
    assert code == 1
    assert "place 2 (case:99-T2026-0001 #3): altered" in said


def test_an_altered_body_beside_an_untouched_text_names_the_entry(house):
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET body = '{\"what\": \"贰\"}' WHERE hash = %s", [entry(ONE, 3).hash])
    assert places() == [(f"case:{ONE}", 3)]


def test_a_dropped_entry_names_its_place(house, files):
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE hash = %s", [entry(TWO, 3).hash])
    assert (f"case:{TWO}", 3) in places()
    assert ("tree", 7) in places()
    code, said = files.verify("export", files.export(), files.roots())
    assert code == 1
    assert "WRONG  place 8 (case:99-T2026-0002 #4): missing or moved: place 7 should stand here" in said


def test_a_dropped_last_entry_with_its_leaf_and_its_stream_made_to_fit_is_named(house, files):
    gone = entry(TWO, 5)
    with superuser() as cursor:
        cursor.execute("DELETE FROM proofs_leaf WHERE entry_id = %s", [gone.pk])
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [gone.pk])
        cursor.execute("UPDATE ledger_stream SET length = 4, head = %s WHERE key = %s", [gone.previous, gone.stream_id])
    assert list(verify()) == [], "the chains alone see nothing"
    assert places() == [("day 2026-03-04", 10)]
    code, said = files.verify("export", files.export(), files.roots())
    assert code == 1
    assert "WRONG  2026-03-04: published with 10 entries; the file has 9" in said


def test_two_entries_in_each_others_place_are_both_named(house):
    first, second = entry(ONE, 2), entry(ONE, 3)
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET seq = 99 WHERE id = %s", [first.pk])
        cursor.execute("UPDATE ledger_entry SET seq = 2 WHERE id = %s", [second.pk])
        cursor.execute("UPDATE ledger_entry SET seq = 3 WHERE id = %s", [first.pk])
    assert {(f"case:{ONE}", 2), (f"case:{ONE}", 3)} <= set(places())


def test_two_entries_swapped_in_the_file_are_named(house, files):
    lines = files.export().read_text().splitlines(keepends=True)
    lines[3], lines[4] = lines[4], lines[3]
    code, said = files.verify("export", files.write("ledger.jsonl", "".join(lines)), files.roots())
    assert code == 1
    assert "place 3 (case:99-T2026-0001 #4): out of order or missing: number 3" in said
    assert "place 2 (case:99-T2026-0001 #3)" in said


def rewrite_second_day():
    """Rewrite an entry of 3 March with every hash that stands on it: chains, leaves, nodes, roots, seals."""
    with superuser() as cursor:
        target, head = entry(TWO, 3), ""
        for row in Entry.objects.filter(stream=target.stream_id, seq__gte=3).order_by("seq"):
            content = json.loads(row.text)
            if row.pk == target.pk:
                content["body"] = {"what": "改"}
            else:
                content["previous"] = head
            text = chain.canonical(content)
            head = chain.digest(text)
            cursor.execute(
                "UPDATE ledger_entry SET text=%s, hash=%s, previous=%s, body=%s WHERE id=%s",
                [text, head, content["previous"], json.dumps(content["body"]), row.pk],
            )
        cursor.execute("UPDATE ledger_stream SET head = %s WHERE key = %s", [head, target.stream_id])
        for table in ("deposit", "leaf", "node", "closedday"):
            cursor.execute(f"DELETE FROM proofs_{table}")


def test_a_day_rewritten_by_the_owner_is_seen_by_witnesses_and_kept_copies_alone(house, files):
    days, witness, kept = house
    receipt = files.write("receipt.json", queries.receipt(entry(TWO, 3)))
    rewrite_second_day()
    close_days(at=days.at)
    assert places() == [], "inside the house all fits again: that is why there are witnesses"
    roots = files.roots()
    assert files.verify("roots", roots)[0] == 0
    assert files.verify("export", files.export(), roots)[0] == 0

    seen = {answer.day.isoformat(): answer.seen for answer in compare([witness])}
    assert seen == {"2026-03-02": Seen.AGREES, "2026-03-03": Seen.DIFFERS, "2026-03-04": Seen.DIFFERS}
    code, said = files.verify("roots", roots, kept)
    assert code == 1
    assert "WRONG  2026-03-03: the kept copy says otherwise" in said
    code, said = files.verify("receipt", receipt, roots)
    assert code == 1
    assert "case:99-T2026-0002 #3" in said
    code, said = files.verify("export", files.export(), kept)
    assert code == 1
    assert "2026-03-03: the first 9 entries of the file do not give the root of this day" in said
    copies = [as_published(day) for day in json.loads(kept.read_text())["days"]]
    assert [a.day.isoformat() for a in compare_with(copies, "kept") if a.seen is Seen.DIFFERS][0] == "2026-03-03"


def test_a_rewritten_entry_under_unchanged_roots_names_entry_and_chain(house):
    with superuser() as cursor:
        row = entry(TWO, 5)
        content = json.loads(row.text) | {"body": {"what": "改"}}
        text = chain.canonical(content)
        cursor.execute("UPDATE ledger_entry SET text=%s, hash=%s, body=%s WHERE id=%s",
                       [text, chain.digest(text), json.dumps(content["body"]), row.pk])  # fmt: skip
        Stream.objects.filter(pk=row.stream_id).update(head=chain.digest(text))
    assert list(verify()) == []
    assert places() == [(f"case:{TWO}", 5)]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE proofs_closedday SET root = repeat('0', 64) WHERE day = '2026-03-03'", "day 2026-03-03"),
        ("UPDATE proofs_closedday SET size = 8 WHERE day = '2026-03-03'", "day 2026-03-03"),
        ("DELETE FROM proofs_closedday WHERE day = '2026-03-03'", "day 2026-03-04"),
        ("UPDATE proofs_leaf SET digest = repeat('0', 64) WHERE position = 4", "case:99-T2026-0002"),
        ("DELETE FROM proofs_leaf WHERE position = 4", "tree"),
    ],
)
def test_altered_roots_and_leaves_are_named(house, change, place):
    with superuser() as cursor:
        cursor.execute(change)
    assert place in {stream for stream, _seq in places()}


def test_a_file_of_roots_with_one_day_changed_is_named(house, files):
    roots = queries.roots_file()
    roots["days"][1]["size"] += 1
    code, said = files.verify("roots", files.write("roots.json", roots))
    assert code == 1
    assert "WRONG  2026-03-03: the seal does not fit" in said
    day = queries.roots_file()["days"]
    day[1]["path"] = day[1]["path"][:-1]
    code, said = files.verify("roots", files.write("roots.json", {"days": day}))
    assert code == 1
    assert "2026-03-03: is no continuation of 2026-03-02" in said


def test_a_forged_receipt_is_found(house, files):
    roots, receipt = files.roots(), queries.receipt(entry(ONE, 2))
    receipt["hash"] = hashlib.sha256(b"another").hexdigest()
    code, said = files.verify("receipt", files.write("receipt.json", receipt), roots)
    assert code == 1
    assert "this entry is not in the ledger as published for 2026-03-02" in said


def test_a_receipt_of_today_promises_and_proves_nothing_yet(house, files):
    receipt = queries.receipt(entry(ONE, 6))
    assert receipt["proof"] is None
    code, said = files.verify("receipt", files.write("receipt.json", receipt), files.roots())
    assert code == 1
    assert "holds no proof yet" in said


def test_the_public_file_hides_texts_and_still_gives_the_roots(house, files):
    code, said = files.verify("export", files.export(public=True), files.roots())
    assert (code, said) == (0, "GOOD   10 entries in 3 days, 11 of them by hash only; 0 faults\n")
    assert "开案" not in (files.folder / "ledger.jsonl").read_text()


def test_what_cannot_be_read_is_said_with_its_own_exit_code(files):
    assert files.verify("roots", "nowhere.json")[0] == 2
    assert files.verify("nonsense")[0] == 2
    assert files.verify("roots", files.write("roots.json", "[]"))[0] == 2
    assert "import yangguang" not in VERIFIER.read_text()
