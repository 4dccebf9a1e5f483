"""The words of a process: what a file is made of once it has been read, and how it can be refused.

ProcessFault            every fault of this room; carries a code, a sentence, the place and the way out
├── Malformed           the file is not well-formed or contradicts itself
├── Unsupported         a lawful BPMN element outside the subset we promise to run
├── UnsafeExpression    a condition that is not in the small expression language
├── ExpressionFault     a condition that could not be answered from the facts at hand
└── StepRefused         a step that cannot be taken from the present marking
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple

from yangguang.kernel.ledger.vocabulary import Refused

NAMESPACE = "urn:yangguang:bpmn:1"
"""Namespace of our own attributes in process files, bound to the prefix ``yg`` by custom."""


class ProcessFault(Refused):
    """A fault of a process file or of a step.

    ``says`` is the sentence for the reader, ``cite`` the place (element and line, or step), ``remedy`` the way out.
    """

    code: ClassVar[str] = "process_fault"

    def __str__(self) -> str:
        """The sentence with its place."""
        return f"{self.says}（{self.cite}）" if self.cite else self.says


class Malformed(ProcessFault):
    """The file cannot be read as one consistent process."""

    code: ClassVar[str] = "process_malformed"
    status: ClassVar[int] = 422


class Unsupported(ProcessFault):
    """The file uses an element outside the subset; ``element``, ``element_id`` and ``line`` say which and where."""

    code: ClassVar[str] = "process_unsupported"
    status: ClassVar[int] = 422

    def __init__(self, element: str, element_id: str, line: int, *, remedy: str = "") -> None:
        self.element = element
        self.element_id = element_id
        self.line = line
        super().__init__(
            f"流程文件使用了不支持的元素“{element}”",
            cite=f"元素 {element_id or '（无编号）'}，第 {line} 行",
            remedy=remedy or "请改用说明文件所列范围内的元素。",
        )


class UnsafeExpression(ProcessFault):
    """The text is not an expression of the small language."""

    code: ClassVar[str] = "expression_unsafe"
    status: ClassVar[int] = 422


class ExpressionFault(ProcessFault):
    """The expression is lawful but has no answer for these facts."""

    code: ClassVar[str] = "expression_fault"


class StepRefused(ProcessFault):
    """The step is not possible now: no such token, unknown outcome, or no arrow to follow."""

    code: ClassVar[str] = "step_refused"


class Kind(StrEnum):
    """What a node is. The values are also the last part of its CSS class."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"
    USER = "user"
    MANUAL = "manual"
    SERVICE = "service"
    TASK = "task"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    CATCH = "catch"
    BOUNDARY = "boundary"
    SUBPROCESS = "subprocess"
    CALL = "call"

    @property
    def label(self) -> str:
        """The Chinese word for the kind."""
        return _KIND_LABELS[self]

    @property
    def is_task(self) -> bool:
        """True for work that waits until somebody (or a service) has done it."""
        return self in _TASKS

    @property
    def is_gateway(self) -> bool:
        """True for exclusive, parallel and inclusive gateways."""
        return self in _GATEWAYS

    @property
    def is_scope(self) -> bool:
        """True for what holds steps of its own: a sub-process, or another process that is called."""
        return self in _SCOPES


_KIND_LABELS = {
    Kind.START: "开始",
    Kind.END: "结束",
    Kind.TERMINATE: "终止结束",
    Kind.USER: "人工环节",
    Kind.MANUAL: "线下环节",
    Kind.SERVICE: "系统环节",
    Kind.TASK: "环节",
    Kind.EXCLUSIVE: "择一判断",
    Kind.PARALLEL: "并行",
    Kind.INCLUSIVE: "条件并行",
    Kind.CATCH: "等待事件",
    Kind.BOUNDARY: "附加事件",
    Kind.SUBPROCESS: "子流程",
    Kind.CALL: "调用流程",
}
_TASKS = frozenset({Kind.USER, Kind.MANUAL, Kind.SERVICE, Kind.TASK})
_GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE})
_SCOPES = frozenset({Kind.SUBPROCESS, Kind.CALL})


class Trigger(StrEnum):
    """What a catching event waits for."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"


class Point(NamedTuple):
    """A point of the drawing, in pixels from its upper left corner."""

    x: float
    y: float


class Bounds(NamedTuple):
    """A box of the drawing: upper left corner, width and height in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Lane:
    """Who acts: one lane stands for one role."""

    id: str
    name: str
    name_en: str
    role: str
    nodes: tuple[str, ...]
    line: int
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow. ``command`` and ``outcome`` say by which act, and with which answer, it is taken."""

    id: str
    source: str
    target: str
    line: int
    name: str = ""
    name_en: str = ""
    condition: str = ""
    outcome: str = ""
    command: str = ""
    capability: str = ""
    limit: str = ""
    points: tuple[Point, ...] = ()
    #: where the file puts the label
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Our own attributes of a node, empty where the file says nothing."""

    #: rulebook key of the time limit of this step; for a timer the time it waits
    limit: str = ""
    #: registered command that completes the step
    command: str = ""
    #: capability the actor needs
    capability: str = ""
    #: document template produced here
    document: str = ""
    #: state the case shows while a token is here
    state: str = ""
    #: integrity risk grade of the post (廉政风险点)
    risk: str = ""
    #: name of the fact holding the list for a multi-instance task
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A step, event or gateway. ``parent`` is the sub-process it lies in, empty at the top."""

    id: str
    kind: Kind
    line: int
    name: str = ""
    name_en: str = ""
    parent: str = ""
    lane: str = ""
    role: str = ""
    default: str = ""
    trigger: Trigger | None = None
    #: message or signal name; for a timer the limit key; for a call the key of the process called
    reference: str = ""
    attached_to: str = ""
    interrupting: bool = True
    marks: Marks = field(default_factory=Marks)
    bounds: Bounds | None = None
    #: where the file puts the label of an event or gateway
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A process file as read. Order of nodes and flows is the order of the file."""

    key: str
    name: str
    name_en: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    sha256: str
    pool: Bounds | None = None
    #: key -> hash of the files that were joined to this one, see ``linking``
    calls: Mapping[str, str] = field(default_factory=dict)

    def node(self, node_id: str) -> Node:
        """The node of this id; KeyError where there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def outgoing(self, node_id: str) -> tuple[Flow, ...]:
        """Arrows that leave a node, in file order."""
        return tuple(flow for flow in self.flows if flow.source == node_id)

    def incoming(self, node_id: str) -> tuple[Flow, ...]:
        """Arrows that reach a node, in file order."""
        return tuple(flow for flow in self.flows if flow.target == node_id)

    @property
    def is_drawn(self) -> bool:
        """True when every node and arrow has its place in the drawing."""
        return all(node.bounds for node in self.nodes) and all(len(flow.points) > 1 for flow in self.flows)
