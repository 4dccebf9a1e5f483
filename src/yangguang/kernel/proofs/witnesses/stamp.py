"""RFC 3161 time stamps: an authority signs that it saw the seal at a moment. It keeps nothing; we keep its token.

A token cannot be made for a past moment, so a rewritten day has none, or one
that is too late. Requests, answers and signatures are the work of ``rfc3161-client``.
"""

from __future__ import annotations

import base64
import binascii
import urllib.request
from datetime import UTC, date, timedelta
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from yangguang.kernel.proofs.vocabulary import Answer, NotDeposited, Published, Seen
from yangguang.platform.now import BEIJING, beijing_day
from yangguang.platform.unusable import Unusable

SECONDS = 20
MOST = 1 << 20
#: a stamp given later than so long after its day proves little, and the answer says so
LATE = timedelta(days=3)


class TimeStamps:
    """Asks an authority for a stamp over the newest seal; it stands for every day before."""

    name = "tsa"
    every_day = False
    near = True

    def __init__(self, url: str, roots: Path) -> None:
        try:
            self._roots = x509.load_pem_x509_certificates(roots.read_bytes())
        except (OSError, ValueError) as error:
            raise Unusable(
                f"The roots of the time stamp authority cannot be read: {error}.",
                "Set YG_WITNESS_TSA_ROOTS to a PEM file with the authority's root certificates.",
            ) from error
        self.url = url

    def deposit(self, published: Published) -> str:
        """Return the authority's answer, checked, as base64 text."""
        asked = TimestampRequestBuilder().data(_message(published)).hash_algorithm(HashAlgorithm.SHA256).build()
        headers = {"Content-Type": "application/timestamp-query"}
        request = urllib.request.Request(self.url, data=asked.as_bytes(), headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                given = answer.read(MOST)
            self._check(given, _message(published), asked.nonce)
        except (OSError, ValueError, VerificationError) as error:
            raise NotDeposited(f"{self.url}: {error}") from error
        return base64.b64encode(given).decode()

    def look(self, published: Published, proof: str) -> Answer:
        """Check the kept token against the day as we publish it now, and tell when it was given."""
        if not proof:
            return Answer(self.name, published.day, Seen.MISSING, "no stamp was kept")
        try:
            stamp = self._check(base64.b64decode(proof, validate=True), _message(published))
        except VerificationError as error:
            return Answer(self.name, published.day, Seen.DIFFERS, f"the stamp is not over this seal: {error}")
        except (binascii.Error, ValueError) as error:
            return Answer(self.name, published.day, Seen.UNREADABLE, str(error))
        given = stamp.tst_info.gen_time
        given = given if given.tzinfo else given.replace(tzinfo=UTC)
        late = beijing_day(given) - published.day > LATE
        when = f"stamped {given.astimezone(BEIJING):%Y-%m-%d %H:%M} Beijing time"
        words = f"{when}, long after the day" if late else when
        return Answer(self.name, published.day, Seen.AGREES, words)

    def days(self) -> set[date]:
        """Return none: the tokens lie with us."""
        return set()

    def _check(self, given: bytes, message: bytes, nonce: int | None = None) -> TimeStampResponse:
        stamp = decode_timestamp_response(given)
        builder = VerifierBuilder()
        for root in self._roots:
            builder = builder.add_root_certificate(root)
        if nonce is not None:
            builder = builder.nonce(nonce)
        builder.build().verify_message(stamp, message)
        return stamp


def _message(published: Published) -> bytes:
    return published.seal.encode()
