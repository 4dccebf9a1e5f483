"""Words of the demonstration: what its builder records on a stream of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yangguang.kernel.ledger.vocabulary import Event

#: stream of the builder: one entry a step, written in the step's own transaction
STREAM = "demo"
#: the part of the system that builds
BUILDER = "demo"
#: password of every demonstration login; it opens nothing anywhere else
PASSWORD = "qinghe-yanshi-99"


@dataclass(frozen=True, kw_only=True)
class StepBuilt(Event):
    """A step of the demonstration's history was played."""

    name: ClassVar[str] = "demo.step_built"
    zh: ClassVar[str] = "演示数据"
    en: ClassVar[str] = "Demonstration data"
    sentence: ClassVar[str] = "演示历史第 {number} 步：{verb}。"
    sentence_en: ClassVar[str] = "Step {number} of the demonstration: {verb}."
    public: ClassVar[bool] = False

    number: int
    verb: str
    script: str


@dataclass(frozen=True, kw_only=True)
class DemoBuilt(Event):
    """The history reached the demonstration's day."""

    name: ClassVar[str] = "demo.built"
    zh: ClassVar[str] = "演示就绪"
    en: ClassVar[str] = "Demonstration built"
    sentence: ClassVar[str] = "演示省建成，共 {steps} 步。"
    sentence_en: ClassVar[str] = "The demonstration was built in {steps} steps."
    public: ClassVar[bool] = False

    steps: int
    script: str
