"""Witnesses take each day once, keep it, and name the day that we tell otherwise."""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yangguang.kernel.proofs.commands import deposit
from yangguang.kernel.proofs.models import ClosedDay, Deposit
from yangguang.kernel.proofs.queries import due_deposits
from yangguang.kernel.proofs.tests.world import three_days
from yangguang.kernel.proofs.verification import compare, compare_with_print, first_difference
from yangguang.kernel.proofs.vocabulary import NotDeposited, Published, Seen
from yangguang.kernel.proofs.witnesses.folder import Folder
from yangguang.kernel.proofs.witnesses.site import SecondSite
from yangguang.kernel.proofs.witnesses.stamp import TimeStamps
from yangguang.platform.unusable import Unusable

pytestmark = pytest.mark.django_db


@contextmanager
def served(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def other(day):
    return Published(day.day, day.size, "0" * 64, day.previous)


def hand_all(witness, at):
    for day in ClosedDay.objects.order_by("day"):
        deposit(day.day, witness, at=at)


def test_every_day_is_due_until_it_was_taken_and_for_stamps_the_newest_alone(tmp_path):
    days = three_days()
    folder = Folder(tmp_path)
    assert [day.day for day, _name in due_deposits([folder])] == [2, 3, 4]
    hand_all(folder, days.at)
    hand_all(folder, days.at)
    assert due_deposits([folder]) == []
    assert Deposit.objects.count() == 3
    newest = type("Newest", (), {"name": "tsa", "every_day": False})()
    assert [day.day for day, _name in due_deposits([newest])] == [4]


def test_a_folder_never_writes_over_a_day(tmp_path):
    three_days()
    folder, day = Folder(tmp_path), ClosedDay.objects.first().published
    folder.deposit(day)
    folder.deposit(day)
    with pytest.raises(NotDeposited, match="something else"):
        folder.deposit(other(day))
    assert folder.look(day, "").seen is Seen.AGREES
    assert folder.look(other(day), "").seen is Seen.DIFFERS
    assert [file.name for file in tmp_path.iterdir()] == ["2026-03-04.json"]


def test_a_folder_that_lost_or_broke_a_day_is_told_of(tmp_path):
    days = three_days()
    folder = Folder(tmp_path)
    hand_all(folder, days.at)
    (tmp_path / "2026-03-02.json").unlink()
    (tmp_path / "2026-03-03.json").write_text("{}")
    assert [a.seen for a in compare([folder])] == [Seen.UNREADABLE, Seen.UNREADABLE, Seen.AGREES]


def test_a_day_that_a_witness_holds_and_we_lack_is_named(tmp_path):
    days = three_days()
    folder = Folder(tmp_path)
    hand_all(folder, days.at)
    (tmp_path / "2026-03-09.json").write_text("{}")
    wrong = first_difference(compare([folder]))
    assert (wrong.day.day, wrong.words) == (9, "it holds a day that the ledger does not have")


def test_a_second_site_is_given_each_day_once_and_asked_again():
    days, held, puts = three_days(), {}, []

    class Site(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            puts.append((self.path, self.headers["Idempotency-Key"], self.headers["Authorization"]))
            self.send_response(201 if held.setdefault(self.path, body) == body else 409)
            self.end_headers()

        def do_GET(self):
            self.send_response(200 if self.path in held else 404)
            self.end_headers()
            self.wfile.write(held.get(self.path, b""))

        def log_message(self, *_):
            pass

    with served(Site) as url:
        site, day = SecondSite(f"{url}/kept/", "secret"), ClosedDay.objects.first()
        hand_all(site, days.at)
        site.deposit(day.published)
        assert puts[-1] == ("/kept/2026-03-04.json", day.seal, "Bearer secret")
        assert {a.seen for a in compare([site])} == {Seen.AGREES}
        with pytest.raises(NotDeposited, match="409"):
            site.deposit(other(day))
        facts = json.loads(held["/kept/2026-03-03.json"]) | {"root": "0" * 64}
        del facts["seal"]
        held["/kept/2026-03-03.json"] = json.dumps(facts).encode()
        assert first_difference(compare([site])).day.day == 3
    with pytest.raises(NotDeposited):
        site.deposit(day.published)
    assert {a.seen for a in compare([site])} == {Seen.UNREADABLE}


def test_a_second_site_is_spoken_to_encrypted_and_followed_nowhere_else():
    with pytest.raises(Unusable, match="https"):
        SecondSite("http://witness.example.cn")
    three_days()

    class Elsewhere(BaseHTTPRequestHandler):
        def do_PUT(self):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_):
            pass

    with served(Elsewhere) as url, pytest.raises(NotDeposited, match="302"):
        SecondSite(url).deposit(ClosedDay.objects.first().published)


CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A time stamp authority of our own, made with openssl: a root, and a certificate that may only stamp."""
    folder = tmp_path_factory.mktemp("tsa")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "9",
            "-subj", "/CN=Root of the tests", "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA")
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-out", "tsa.pem", "-days", "9", "-extfile", "ext")  # fmt: skip
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_):
            pass

    with served(Authority) as url:
        yield url, folder


def test_a_time_stamp_holds_over_its_seal_alone(authority):
    days = three_days()
    url, folder = authority
    stamps, day = TimeStamps(url, folder / "root.pem"), ClosedDay.objects.first()
    kept = deposit(day.day, stamps, at=days.at)
    answer = stamps.look(day.published, kept.proof)
    assert answer.seen is Seen.AGREES, answer.words
    assert answer.words.startswith("stamped 20")
    assert answer.words.endswith("long after the day"), "the tests' day lies in the past"
    assert stamps.look(other(day), kept.proof).seen is Seen.DIFFERS
    assert stamps.look(day.published, "").seen is Seen.MISSING
    assert stamps.look(day.published, "bm9uc2Vuc2U=").seen is Seen.UNREADABLE
    assert [a.seen for a in compare([stamps])] == [Seen.AGREES]


def test_a_stamp_of_a_stranger_is_refused(authority, tmp_path):
    three_days()
    url, _folder = authority
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "root.pem",
                    "-subj", "/CN=Nobody"], cwd=tmp_path, check=True, capture_output=True)  # fmt: skip
    with pytest.raises(NotDeposited):
        TimeStamps(url, tmp_path / "root.pem").deposit(ClosedDay.objects.first().published)
    with pytest.raises(Unusable, match="YG_WITNESS_TSA_ROOTS"):
        TimeStamps(url, tmp_path / "nowhere.pem")


def test_a_seal_typed_back_from_print_is_compared():
    three_days()
    day = ClosedDay.objects.first().published
    sloppy = day.short.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert [a.seen for a in compare_with_print({day.day: sloppy})] == [Seen.AGREES]
    changed = ("2" if day.short[0] != "2" else "3") + day.short[1:]
    wrong = list(compare_with_print({day.day: changed}))
    assert wrong[0].seen is Seen.DIFFERS
    assert day.short in wrong[0].words
