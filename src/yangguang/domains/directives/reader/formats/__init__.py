"""File formats: bytes in, displayed text and tables out."""

from __future__ import annotations

import importlib

from yangguang.domains.directives.reader.formats.page import Page
from yangguang.domains.directives.reader.formats.plain import checked, decode_text
from yangguang.domains.directives.reader.records import Settings, Unreadable

PASTE = "或打开后全选复制，把正文粘贴进来。"
REFUSED = {
    "doc": ("old_word", "这是旧版 Word（.doc）文件，读不了。", "请用 WPS 或 Word 另存为 .docx，" + PASTE),
    "wps": ("wps", "这是 WPS 文字（.wps）文件，读不了。", "请另存为 .docx，" + PASTE),
    "xls": ("old_excel", "这是旧版表格（.xls/.et）文件，读不了。", "请另存为 .xlsx，" + PASTE),
    "ofd": ("ofd", "这是 OFD 版式文件，读不了。", "请用 OFD 阅读器导出 .docx 或带文字层的 .pdf，" + PASTE),
    "image": ("scan", "这是图片（扫描件），没有文字。", "请先做文字识别（OCR）再交来，或粘贴正文。"),
    "rtf": ("rtf", "这是 RTF 文件，读不了。", "请另存为 .docx，" + PASTE),
    "ceb": ("ceb", "这是 CEB 公文文件，读不了。", "请导出 .docx 或带文字层的 .pdf，" + PASTE),
    "zip": ("archive", "这是压缩包，读不了。", "请解压后逐个交来。"),
}
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def decode(data: bytes, name: str, settings: Settings) -> Page:
    """Decode a file by its content.  Raises `Unreadable`."""
    if len(data) > settings.most_bytes:
        raise Unreadable(
            "too_large",
            f"文件过大：{len(data)} 字节，上限 {settings.most_bytes} 字节。",
            "请拆分文件，或请管理员调高上限。",
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty", "文件为空，没有可读的文字。", "请检查文件，或直接粘贴正文。")
    kind = kind_of(data, name)
    if kind in REFUSED:
        raise Unreadable(*REFUSED[kind])
    if kind == "text":
        if len(data) > settings.most_text:
            raise Unreadable(
                "too_large",
                f"文本过大：{len(data)} 字节，上限 {settings.most_text} 字节。",
                "请拆分文件，或请管理员调高上限。",
            )
        return Page(checked(decode_text(data), settings), [], "text")
    reader = importlib.import_module(f"yangguang.domains.directives.reader.formats.{kind}")
    page: Page = reader.decode(data, settings)
    return Page(checked(page.text, settings), page.grids, page.format) if "\r" not in page.text else page


def kind_of(data: bytes, name: str) -> str:
    """Tell a file's format from its first bytes, and old office formats by name."""
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(OLE):
        return {"wps": "wps", "xls": "xls", "et": "xls"}.get(suffix, "doc")
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zipped(data, suffix)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(IMAGES) or data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    if suffix == "ceb":
        return "ceb"
    return "html" if _is_html(head, suffix) else "text"


def _zipped(data: bytes, suffix: str) -> str:
    if b"word/" in data:
        return "docx"
    if b"xl/" in data:
        return "xlsx"
    if b"OFD.xml" in data or suffix == "ofd":
        return "ofd"
    return {"docx": "docx", "xlsx": "xlsx"}.get(suffix, "zip")


def _is_html(head: bytes, suffix: str) -> bool:
    lowered = head.lower()
    if lowered.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<p>", b"<p ", b"<meta")
    ):
        return True
    return suffix in ("html", "htm", "shtml", "xhtml") and b"<" in lowered or b"<html" in lowered
