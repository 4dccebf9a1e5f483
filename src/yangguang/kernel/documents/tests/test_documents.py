"""Documents keep their content by hash, their class, their review; sealed records can be erased."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from yangguang.kernel.documents import files
from yangguang.kernel.documents.commands import classify, conclude_review, erase, seal, store, sweep_files, unseal
from yangguang.kernel.documents.models import Blob, Document, SealedRecord
from yangguang.kernel.documents.queries import (
    altered,
    documents_of,
    is_public,
    known,
    may_show_inline,
    open_document,
    public_documents_of,
)
from yangguang.kernel.documents.tests import samples
from yangguang.kernel.documents.vocabulary import Disclosure, Erased, Review, Unfit

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def stored(content: bytes = samples.PDF, name: str = "通知.pdf", **more) -> Document:
    return store(content, name=name, kind="notice", by="7", at=AT, stream="case:1", **more)


def test_a_stored_file_can_be_read_again_and_stands_under_its_hash(file_root):
    document = stored()
    sha = document.blob_id
    assert (file_root / sha[:2] / sha[2:4] / sha).read_bytes() == samples.PDF
    with open_document(document) as stream:
        assert stream.read() == samples.PDF
    assert document.blob.media_type == "application/pdf"
    assert document.blob.size == len(samples.PDF)
    assert list((file_root / "incoming").iterdir()) == []


def test_equal_files_are_one_blob_and_known_again():
    first, second = stored(), stored(name="另一份.pdf")
    assert Blob.objects.count() == 1
    assert set(known(first.blob_id)) == {first, second}


def test_a_name_without_suffix_gets_the_one_of_its_content():
    assert stored(name="../通知").name == "通知.pdf"


def test_a_file_over_the_limit_is_refused_and_leaves_nothing_behind(settings, file_root):
    settings.DOCUMENT_MAX_BYTES = 100
    with pytest.raises(Unfit) as refused:
        stored(b"x" * 101, "长.txt")
    assert refused.value.code == "too_large"
    assert refused.value.sentences(lambda _: "{mib} MB at most")[0] == "9.54e-05 MB at most"
    assert [p for p in file_root.rglob("*") if p.is_file()] == []
    assert not Blob.objects.exists()


def test_a_stream_is_read_once_from_where_it_stands():
    class OneWay(io.RawIOBase):
        def __init__(self):
            self.rest = [b"one ", b"two", b""]

        def read(self, size=-1):
            return self.rest.pop(0)

    document = store(OneWay(), name="a.txt", kind="report", by="7", at=AT)
    with open_document(document) as stream:
        assert stream.read() == b"one two"


def test_a_scanner_may_refuse(monkeypatch):
    monkeypatch.setattr(files, "SCANNERS", [lambda path, found: "带毒" if b"EICAR" in path.read_bytes() else None])
    stored(b"good", "好.txt")
    with pytest.raises(Unfit, match="带毒"):
        stored(b"EICAR", "坏.txt")


def test_a_damaged_file_is_named_and_healed_by_storing_it_again():
    document = stored()
    path = files.path_of(document.blob_id)
    assert list(altered()) == []
    path.write_bytes(b"changed")
    assert list(altered()) == [(document.blob_id, "altered")]
    stored()
    assert list(altered()) == []
    path.unlink()
    assert list(altered()) == [(document.blob_id, "missing")]


def test_files_of_failed_writings_are_swept_and_named_ones_stay(file_root):
    document = stored()
    with transaction.atomic():
        lost = files.path_of(stored(b"lost", "失.txt").blob_id)
        transaction.set_rollback(True)
    assert lost.exists()
    for path in (lost, files.path_of(document.blob_id)):
        os.utime(path, (0, 0))
    assert sweep_files(before=AT) == 1
    assert not lost.exists()
    os.utime(files.path_of(document.blob_id), (0, 0))
    assert stored().blob_id == document.blob_id
    assert files.path_of(document.blob_id).stat().st_mtime > 0, "a file stored again is young again"


def test_only_what_was_reviewed_for_proactive_disclosure_is_public():
    document = stored(disclosure=Disclosure.PROACTIVE)
    assert not is_public(document)
    conclude_review(document, Review.PASSED, by="8", at=AT)
    assert is_public(document)
    assert list(public_documents_of("case:1")) == [document]
    classify(document, Disclosure.ON_REQUEST, basis="第三方权益")
    classify(document, Disclosure.PROACTIVE)
    assert not is_public(document), "a new class needs a new review"


def test_a_document_is_withheld_unless_somebody_decides():
    assert stored().disclosure == Disclosure.WITHHELD


def test_a_replaced_document_is_no_longer_listed():
    old = stored()
    new = stored(b"second", "通知.txt", replaces=old)
    assert list(documents_of("case:1")) == [new]


def test_only_pictures_and_pdf_are_shown_in_the_page():
    assert may_show_inline(stored())
    assert not may_show_inline(stored(b"<html><script></script></html>", "a.html"))


def test_a_sealed_record_opens_until_it_is_erased():
    record = seal("赵某某，电话 000", purpose="applicant", owner="citizen:3", at=AT)
    again = SealedRecord.objects.get(pk=record.pk)
    assert "赵".encode() not in bytes(again.ciphertext)
    assert unseal(again) == "赵某某，电话 000"
    erase(again, at=AT)
    gone = SealedRecord.objects.get(pk=record.pk)
    assert (gone.ciphertext, gone.digest, gone.erased_at) == (None, record.digest, AT)
    with pytest.raises(Erased):
        unseal(gone)


def test_the_database_refuses_a_record_both_sealed_and_erased():
    record = seal("x", purpose="p", owner="o", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedRecord.objects.filter(pk=record.pk).update(erased_at=AT)
