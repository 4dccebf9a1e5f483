"""A file is what its content says; all else is refused by name, with a way out."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.documents import sniffing
from yangguang.kernel.documents.names import NAME_MAX, clean_name
from yangguang.kernel.documents.sniffing import sniff
from yangguang.kernel.documents.tests import samples
from yangguang.kernel.documents.vocabulary import FORMATS, Unfit


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (samples.PDF, "通知.pdf", "pdf"),
        (b"\xef\xbb\xbf" + samples.PDF, "通知.pdf", "pdf"),
        (samples.PNG, "章.png", "png"),
        (samples.JPEG, "照片.JPG", "jpeg"),
        (samples.DOCX, "通知.docx", "docx"),
        (samples.XLSX, "台账.xlsx", "xlsx"),
        ("序号,任务\r\n1,公开".encode("gb18030"), "台账.csv", "csv"),
        ("一、总体要求".encode(), "通知.txt", "txt"),
        ("一、總體要求，務求實效".encode("big5"), "通知.txt", "txt"),
        ("一、总体要求".encode("utf-16"), "通知.txt", "txt"),
        (b"<!DOCTYPE html><p>x</p>", "page.html", "html"),
        (b"plain", "no-suffix", "txt"),
    ],
)
def test_what_is_allowed_is_known_by_its_content(content, name, code):
    stream = io.BytesIO(content)
    assert sniff(stream, name).code == code
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.pdf", "empty"),
        (samples.PDF, "通知.docx", "name_disagrees"),
        (b"<html><script>alert(1)</script>", "照片.png", "name_disagrees"),
        (samples.PDF, "运行.exe", "name_disagrees"),
        (b"MZ\x90\x00" + b"\0" * 60, "运行.exe", "not_allowed"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "工具", "not_allowed"),
        (bytes(range(1, 256)) * 4, "怪.txt", "not_allowed"),
        (samples.OLD_WORD, "旧.doc", "old_office"),
        (samples.package("a.txt"), "包.zip", "not_allowed"),
        (samples.DOCX[:60], "断.docx", "broken"),
        (samples.package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏.docx", "macros"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(content, name, code):
    with pytest.raises(Unfit) as refused:
        sniff(io.BytesIO(content), name)
    assert refused.value.code == code
    assert refused.value.says
    assert refused.value.remedy


def test_a_package_that_swells_is_refused_without_being_unpacked(monkeypatch):
    zeros = samples.package("[Content_Types].xml", "word/document.xml", content=b"\0" * (sniffing.HARMLESS + 1))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(Unfit) as refused:
        sniff(io.BytesIO(zeros), "大.docx")
    assert refused.value.code == "bomb"


def test_a_package_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(sniffing, "PARTS_MAX", 3)
    many = samples.package("[Content_Types].xml", "word/document.xml", "a", "b")
    with pytest.raises(Unfit) as refused:
        sniff(io.BytesIO(many), "碎.docx")
    assert refused.value.code == "bomb"


def test_a_locked_package_is_refused():
    locked = bytearray(samples.DOCX)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unfit) as refused:
        sniff(io.BytesIO(bytes(locked)), "密.docx")
    assert refused.value.code == "encrypted"


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\关于公开的通知.PDF", "关于公开的通知.PDF"),
        ("通\u202egpj.知.exe", "通gpj.知.exe"),
        ("a\x00b\n c.txt", "ab c.txt"),
        ("报告<1>:终稿?.docx", "报告_1__终稿_.docx"),
        ("  ..  ", "未命名"),
        (".pdf", "未命名.pdf"),
        ("con.txt", "_con.txt"),
        ("", "未命名"),
    ],
)
def test_names_are_cleaned(given_name, clean):
    assert clean_name(given_name) == clean


@given(st.text(max_size=300))
def test_a_clean_name_is_safe_short_and_stays_as_it_is(name):
    clean = clean_name(name)
    assert clean
    assert len(clean) <= NAME_MAX
    assert not set(clean) & set('/\\<>:"|?*\0\n')
    assert not clean.startswith(".")
    assert clean_name(clean) == clean


def outcome(content: bytes) -> str:
    try:
        return sniff(io.BytesIO(content), "x").code
    except Unfit as refused:
        return refused.code


@given(st.binary(max_size=400))
def test_any_bytes_are_either_of_an_allowed_format_or_refused(content):
    assert outcome(content) in {*FORMATS, "empty", "not_allowed", "broken", "old_office"}
