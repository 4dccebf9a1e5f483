"""Members of office packages, read within the size setting."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from yangguang.domains.directives.reader.records import Settings, Unreadable

BROKEN = ("broken", "文件已损坏，打不开。", "请用 WPS 或 Word 打开后另存，或粘贴正文。")


def opened(data: bytes, settings: Settings) -> zipfile.ZipFile:
    """Open a package; refuse one that unpacks beyond the size setting, or is encrypted."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable(*BROKEN) from None
    infos = package.infolist()
    if len(infos) > 5000 or any(_unpacks_large(info, settings) for info in infos):
        raise Unreadable("zip_bomb", "文件解压后过大，已拒绝。", "请另存一份不含大图片的文件，或粘贴正文。")
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("encrypted", "文件已加密。", "请去掉密码后再交来。")
    return package


def _unpacks_large(info: zipfile.ZipInfo, settings: Settings) -> bool:
    return info.filename.endswith((".xml", ".rels")) and info.file_size > settings.most_bytes


def member(package: zipfile.ZipFile, name: str, settings: Settings) -> bytes | None:
    """Return one member's bytes, or None where there is none."""
    try:
        with package.open(name) as stream:
            content = stream.read(settings.most_bytes + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise Unreadable(*BROKEN) from None
    if len(content) > settings.most_bytes:
        raise Unreadable("zip_bomb", "文件解压后过大，已拒绝。", "请另存一份不含大图片的文件，或粘贴正文。")
    return content


def parsed(etree: Any, content: bytes) -> Any:
    """Parse an XML member without entities or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable(*BROKEN) from None
