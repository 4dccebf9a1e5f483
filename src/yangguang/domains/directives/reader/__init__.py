"""The directive reader: a notice in, its proposed duties out.  See README.md."""

from yangguang.domains.directives.reader.read import read_bytes, read_text
from yangguang.domains.directives.reader.records import Deadline, Duty, Reading, Settings, Target, Unreadable, Warn

__all__ = ["Deadline", "Duty", "Reading", "Settings", "Target", "Unreadable", "Warn", "read_bytes", "read_text"]
