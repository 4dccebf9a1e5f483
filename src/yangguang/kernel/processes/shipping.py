"""Publishing the process files that come with the package, on every instance alike."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

from yangguang.kernel.processes.commands import INSTALLER, publish_process
from yangguang.kernel.processes.models import ProcessVersion


def shipped_processes() -> list[bytes]:
    """Return the process files of all rooms, in the order of their paths."""
    package = resources.files("yangguang")
    rooms = [package / "supervision", *sorted((package / "domains").iterdir(), key=lambda room: room.name)]
    folders = [room / "content" / "processes" for room in rooms]
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir(), key=lambda f: f.name)]
    return [file.read_bytes() for file in files if file.name.endswith(".bpmn")]


def publish_shipped_processes(at: datetime) -> list[ProcessVersion]:
    """Publish each shipped file that is not the latest version already; return the versions that hold."""
    return [publish_process(xml, by=INSTALLER, at=at) for xml in shipped_processes()]
