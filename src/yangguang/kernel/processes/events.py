"""What happens to process files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yangguang.kernel.ledger.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class ProcessPublished(Event):
    """A version of a process was published."""

    name: ClassVar[str] = "processes.published"
    zh: ClassVar[str] = "发布流程"
    en: ClassVar[str] = "Process published"
    sentence: ClassVar[str] = "流程 {key} 第 {version} 版发布，文件摘要 {sha256}。"
    sentence_en: ClassVar[str] = "Process {key}, version {version} was published; file hash {sha256}."
    key: str
    version: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class TimerRang(Event):
    """A time limit that a process waited for has run out."""

    name: ClassVar[str] = "processes.timer_rang"
    zh: ClassVar[str] = "时限已到"
    en: ClassVar[str] = "Time limit ran out"
    sentence: ClassVar[str] = "“{label}”的时限已到，流程按图走下一步。"
    sentence_en: ClassVar[str] = "The time limit “{label}” ran out; the process took its next step."
    public: ClassVar[bool] = False
    node: str
    label: str
