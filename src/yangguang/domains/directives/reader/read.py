"""The two doors of the reader."""

from __future__ import annotations

from yangguang.domains.directives.reader.formats import decode
from yangguang.domains.directives.reader.formats.plain import checked
from yangguang.domains.directives.reader.pipeline import read_page
from yangguang.domains.directives.reader.records import Reading, Settings, digest

DEFAULT = Settings()


def read_bytes(data: bytes, name: str, settings: Settings = DEFAULT) -> Reading:
    """Read a file by its content; `name` is only shown and used to name refused formats.

    Raises `Unreadable` with a code, a message and the way out.
    """
    page = decode(data, name, settings)
    return read_page(page.text, page.grids, {"name": name, "sha256": digest(data), "format": page.format})


def read_text(text: str, name: str = "", settings: Settings = DEFAULT) -> Reading:
    """Read pasted text.  Raises `Unreadable` where it is empty, no text or over the size setting."""
    sha = digest(text.encode("utf-8", "surrogatepass"))
    return read_page(checked(text, settings), [], {"name": name, "sha256": sha, "format": "text"})
