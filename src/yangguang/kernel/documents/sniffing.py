"""What a file is, by its content; the name only has to agree. Pure: reads a seekable stream."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

from django.utils.translation.trans_null import gettext_noop as _

from yangguang.kernel.documents.names import suffix_of
from yangguang.kernel.documents.vocabulary import FORMATS, Format, Unfit

#: what an office file may unpack to, in bytes, how many times its size, and into how many parts
UNPACKED_MAX = 200 * 1024 * 1024
RATIO_MAX = 200
PARTS_MAX = 5000
#: below this unpacked size no ratio is a bomb: empty sheets compress a thousandfold
HARMLESS = 10 * 1024 * 1024
_HEAD = 1024
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_SAVE_ANEW = _("请另存为 PDF、DOCX、XLSX、CSV、TXT、PNG 或 JPG 后再上传。")


def sniff(stream: BinaryIO, name: str) -> Format:
    """Return the format of a file or raise ``Unfit``; the stream is left at its beginning."""
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head:
        raise Unfit("empty", _("这个文件是空的。"), _("请检查文件内容后重新上传。"))
    found = FORMATS[_recognise(head, stream, name)]
    stream.seek(0)
    suffix = suffix_of(name)
    if suffix and suffix not in found.suffixes:
        raise Unfit(
            "name_disagrees",
            _("文件名后缀是 {suffix}，内容却是 {found}。"),
            _("请把后缀改为 {right} 后再上传，或另存为 {suffix} 格式。"),
            suffix=suffix,
            found=found.code.upper(),
            right=found.suffixes[0],
        )
    return found


def _recognise(head: bytes, stream: BinaryIO, name: str) -> str:
    for magic, code in _MAGIC.items():
        if head.startswith(magic):
            return code
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unfit("old_office", _("这是旧版 Office/WPS 文件或加了密码的文件，系统读不了。"), _SAVE_ANEW)
    return _text(stream, name)


def _office(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as cause:
        raise Unfit("broken", _("这个文件已损坏，打不开。"), _("请用办公软件打开并重新保存后再上传。")) from cause
    _refuse_bomb(parts)
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit("encrypted", _("这个文件加了密码。"), _("请去掉密码后再上传。"))
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unfit("macros", _("这个文件带有宏。"), _("请另存为不带宏的 DOCX 或 XLSX 后再上传。"))
    for mark, code in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx")):
        if mark in names and "[Content_Types].xml" in names:
            return code
    raise Unfit("not_allowed", _("不接收压缩包和这种格式的文件。"), _SAVE_ANEW)


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    swollen = unpacked > HARMLESS and unpacked > packed * RATIO_MAX
    if len(parts) > PARTS_MAX or unpacked > UNPACKED_MAX or swollen:
        raise Unfit("bomb", _("这个文件解开后过大，可能有害。"), _("请重新保存；仍被拒绝时请拆成几个文件。"))


def _text(stream: BinaryIO, name: str) -> str:
    content = stream.read()
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unfit("not_allowed", _("不接收这种格式的文件。"), _SAVE_ANEW)
    if not _decodes(content):
        raise Unfit("not_allowed", _("这个文件不是可读的文字，也不是接收的格式。"), _SAVE_ANEW)
    if suffix_of(name) == ".csv":
        return "csv"
    start = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) or suffix_of(name) in (".html", ".htm") else "txt"


def _decodes(content: bytes) -> bool:
    codec = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    for name in (codec,) if codec else ("utf-8", "gb18030", "big5hkscs"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        # Bytes of programs or pictures may happen to decode; control characters give them away.
        return len(_CONTROL.findall(text)) * 1000 <= len(text)
    return False
