"""States, lamps, roles and the plain values of the room, with their words in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yangguang.kernel.ledger.vocabulary import Labelled

#: keys of the process files: of a duty, and of one that only a collective handles
PROCESS, COLLECTIVE_PROCESS = "duty", "duty-collective"
#: the lane of the process whose steps are the owner's; every other lane is the supervision office's
HANDLING_LANE = "handling_unit"


class Role(Labelled):
    """A unit's part in a duty."""

    LEAD = "lead", "牵头单位", "Lead unit"
    SUPPORT = "support", "协办单位", "Supporting unit"
    RESPONSIBLE = "responsible", "责任单位", "Responsible unit"
    SUPERVISING = "supervising", "督查机构", "Supervision office"


HANDLING_ROLES = (Role.LEAD, Role.RESPONSIBLE)


class NoticeState(Labelled):
    """The life of a notice (来文)."""

    DRAFT = "draft", "待确认", "To confirm"
    CONFIRMED = "confirmed", "待审定", "To approve"
    ISSUED = "issued", "已交办", "Issued"
    REPLACED = "replaced", "已被替代", "Replaced"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class DutyState(Labelled):
    """The life of a duty (督查事项), as the process file names it."""

    DRAFT = "draft", "拟办", "Drafted"
    PENDING_APPROVAL = "pending_approval", "待审定", "Awaiting approval"
    ESTABLISHED = "established", "立项", "Established"
    DISPATCHED = "dispatched", "已交办", "Dispatched"
    RETURNED = "returned", "异议退回", "Objected and returned"
    AWAITING_NOMINATION = "awaiting_nomination", "待指定单位", "Awaiting nomination"
    IN_PROGRESS = "in_progress", "办理中", "In progress"
    UNDER_REVIEW = "under_review", "审核中", "Under review"
    VERIFYING = "verify_on_site", "核查中", "Being verified"
    VERIFIED = "verified", "待办结认定", "Awaiting conclusion"
    COMPLETED = "completed", "办结", "Concluded"
    STRUCK_OFF = "struck_off", "销号", "Struck off"
    SUSPENDED = "suspended", "中止", "Suspended"
    MERGED = "merged", "并入", "Merged"
    CANCELLED = "cancelled", "撤项", "Cancelled"
    CARRIED_OVER = "carried_over", "结转", "Carried over"


FINAL_STATES = (DutyState.STRUCK_OFF, DutyState.MERGED, DutyState.CANCELLED, DutyState.CARRIED_OVER)
RUNNING_STATES = (
    DutyState.DISPATCHED,
    DutyState.RETURNED,
    DutyState.AWAITING_NOMINATION,
    DutyState.IN_PROGRESS,
    DutyState.UNDER_REVIEW,
    DutyState.VERIFYING,
    DutyState.VERIFIED,
)


class Lamp(Labelled):
    """The six lights of a duty, each with a shape and a word of its own."""

    NORMAL = "normal", "正常", "On track"
    BEHIND = "behind", "滞后", "Behind"
    OVERDUE = "overdue", "逾期", "Overdue"
    SUSPENDED = "suspended", "暂缓", "Suspended"
    DONE = "done", "办结", "Concluded"
    STRUCK_OFF = "struck_off", "销号", "Struck off"


@dataclass(frozen=True, slots=True)
class Light:
    """A lamp with the sentence and the arithmetic that lit it."""

    lamp: Lamp
    because: str
    because_en: str
    rule: str
    cite: str


class Cycle(Labelled):
    """How often a duty is reported."""

    MONTHLY = "monthly", "按月", "Monthly"
    QUARTERLY = "quarterly", "按季度", "Quarterly"
    HALF_YEARLY = "half_yearly", "每半年", "Half-yearly"
    YEARLY = "yearly", "每年", "Yearly"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A span of a report cycle and the day its report falls due."""

    key: str
    first: date
    last: date
    due_on: date


@dataclass(frozen=True, slots=True)
class RelativeTerm:
    """A deadline counted from an event: ``amount`` of ``unit`` after ``start``."""

    amount: int
    unit: str
    start: str
