"""What happens to a notice and to a duty: the entries of their trails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from yangguang.kernel.ledger.vocabulary import Event, Typed

#: what stands for its fields where a whole row is new
ADDED = "added"
#: the fields of a row that a person may change before it is confirmed, in words
ROW_FIELDS = {
    "kept": ("是否作为任务", "whether it is a duty"),
    "number": ("序号", "number"),
    "path": ("所在章节", "headings"),
    "title": ("标题", "title"),
    "text": ("任务内容", "text"),
    "units": ("责任单位", "units"),
    "deadlines": ("期限", "deadlines"),
    "targets": ("指标", "targets"),
    "persons": ("责任领导", "named leaders"),
    "percent": ("接管时进度", "progress when taken over"),
    "status": ("接管时进展", "state of work when taken over"),
    ADDED: ("新增", "added"),
}


@dataclass(frozen=True, kw_only=True)
class NoticeReceived(Event):
    """A notice was dropped in and read."""

    name: ClassVar[str] = "directives.notice_received"
    zh: ClassVar[str] = "收文"
    en: ClassVar[str] = "Notice received"
    sentence: ClassVar[str] = "收到来文并读出 {duties} 项任务，待人工确认。"
    sentence_en: ClassVar[str] = "The notice was received; {duties} duties were read and await confirmation."
    public: ClassVar[bool] = False
    sha256: str
    document: str
    duties: int
    warnings: int


@dataclass(frozen=True, kw_only=True)
class ProposalChanged(Event):
    """A person changed what was read before it was confirmed; ``fields`` are the changed ones of each row."""

    name: ClassVar[str] = "directives.proposal_changed"
    zh: ClassVar[str] = "修改分解稿"
    en: ClassVar[str] = "Proposal changed"
    sentence: ClassVar[str] = "修改了第 {positions} 项的分解稿{what}。"
    sentence_en: ClassVar[str] = "Rows {positions} of the proposal were changed{what_en}."
    public: ClassVar[bool] = False
    positions: tuple[int, ...]
    #: position -> fields; a row that was added has ``added``
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def told(cls, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Name the changed fields row by row; entries of 0.1.0 have none."""
        rows = sorted((int(position), names) for position, names in body.get("fields", {}).items())
        zh = [f"第 {p} 项{'、'.join(ROW_FIELDS[n][0] for n in names)}" for p, names in rows]
        en = [f"{p} {', '.join(ROW_FIELDS[n][1] for n in names)}" for p, names in rows]
        return {**body, "what": f"：{'；'.join(zh)}" if zh else "", "what_en": f": {'; '.join(en)}" if en else ""}


@dataclass(frozen=True, kw_only=True)
class DecompositionConfirmed(Event):
    """A person confirmed the decomposition and sent it for approval."""

    name: ClassVar[str] = "directives.decomposition_confirmed"
    zh: ClassVar[str] = "确认分解"
    en: ClassVar[str] = "Decomposition confirmed"
    sentence: ClassVar[str] = "确认分解为 {duties} 项任务，送审定。"
    sentence_en: ClassVar[str] = "The decomposition into {duties} duties was confirmed and sent for approval."
    duties: int
    dropped: int


@dataclass(frozen=True, kw_only=True)
class DecompositionApproved(Event):
    """The leader approved the decomposition; the duties are issued."""

    name: ClassVar[str] = "directives.decomposition_approved"
    zh: ClassVar[str] = "审定交办"
    en: ClassVar[str] = "Approved and issued"
    sentence: ClassVar[str] = "分解稿经审定，{duties} 项任务交办。"
    sentence_en: ClassVar[str] = "The decomposition was approved; {duties} duties were issued."
    duties: int


@dataclass(frozen=True, kw_only=True)
class DecompositionReturned(Event):
    """The leader sent the decomposition back."""

    name: ClassVar[str] = "directives.decomposition_returned"
    zh: ClassVar[str] = "退回修改"
    en: ClassVar[str] = "Returned for change"
    sentence: ClassVar[str] = "分解稿退回修改：{reason}"
    sentence_en: ClassVar[str] = "The decomposition was returned: {reason}"
    public: ClassVar[bool] = False
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class CorrectionRegistered(Event):
    """A corrected or replacing notice came in and awaits comparison."""

    name: ClassVar[str] = "directives.correction_registered"
    zh: ClassVar[str] = "登记更正"
    en: ClassVar[str] = "Correction registered"
    sentence: ClassVar[str] = "收到更正或替代文件 {by}，待对照。"
    sentence_en: ClassVar[str] = "A corrected or replacing notice came in as {by} and awaits comparison."
    public: ClassVar[bool] = False
    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeCorrected(Event):
    """A corrected or replacing notice took this one's place."""

    name: ClassVar[str] = "directives.notice_corrected"
    zh: ClassVar[str] = "更正替代"
    en: ClassVar[str] = "Corrected"
    sentence: ClassVar[str] = (
        "本文由 {by_number} 更正或替代：改动 {changed} 项，新增 {added} 项，取消 {removed} 项。理由：{reason}"
    )
    sentence_en: ClassVar[str] = (
        "Corrected or replaced by {by_number}: {changed} changed, {added} added, {removed} removed. Reason: {reason}"
    )
    by_number: str
    changed: int
    added: int
    removed: int
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class NoticePublished(Event):
    """The notice's duties got their public face."""

    name: ClassVar[str] = "directives.notice_published"
    zh: ClassVar[str] = "公开"
    en: ClassVar[str] = "Published"
    sentence: ClassVar[str] = "任务分解向社会公开，公开依据：{basis}"
    sentence_en: ClassVar[str] = "The decomposition was published; basis: {basis}"
    basis: Typed


@dataclass(frozen=True, kw_only=True)
class DutyEstablished(Event):
    """A duty was set up from a place in a notice."""

    name: ClassVar[str] = "directives.duty_established"
    zh: ClassVar[str] = "立项"
    en: ClassVar[str] = "Established"
    sentence: ClassVar[str] = "由 {notice} 第 {position} 项立项。"
    sentence_en: ClassVar[str] = "Established from item {position} of {notice}."
    notice: str
    position: int
    back_entered: bool = False


@dataclass(frozen=True, kw_only=True)
class DutyDispatched(Event):
    """The duty was given to its units."""

    name: ClassVar[str] = "directives.duty_dispatched"
    zh: ClassVar[str] = "交办"
    en: ClassVar[str] = "Dispatched"
    sentence: ClassVar[str] = "交办 {names}。"
    sentence_en: ClassVar[str] = "Dispatched to {names}."
    units: tuple[int, ...]
    names: str


@dataclass(frozen=True, kw_only=True)
class ProgressTakenOver(Event):
    """How far the work was when the duty was taken over while it ran, entered afterwards by the office."""

    name: ClassVar[str] = "directives.progress_taken_over"
    zh: ClassVar[str] = "补录进度"
    en: ClassVar[str] = "Progress back-entered"
    sentence: ClassVar[str] = "补录接管时的进度 {percent}%。"
    sentence_en: ClassVar[str] = "Back-entered: {percent}% was done when the duty was taken over."
    report: int
    percent: int
    sha256: str
    back_entered: bool = True


@dataclass(frozen=True, kw_only=True)
class ReceiptSigned(Event):
    """A unit signed that it has the duty."""

    name: ClassVar[str] = "directives.receipt_signed"
    zh: ClassVar[str] = "签收"
    en: ClassVar[str] = "Receipt signed"
    sentence: ClassVar[str] = "{unit_name} 签收。"
    sentence_en: ClassVar[str] = "{unit_name} signed receipt."
    unit: int
    unit_name: str


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(Event):
    """A unit disputes that the duty is its own."""

    name: ClassVar[str] = "directives.objection_raised"
    zh: ClassVar[str] = "异议退回"
    en: ClassVar[str] = "Objection raised"
    sentence: ClassVar[str] = "{unit_name} 提出异议：{reason}（依据：{basis}）"
    sentence_en: ClassVar[str] = "{unit_name} objects: {reason} (basis: {basis})"
    unit: int
    unit_name: str
    reason: Typed
    basis: Typed


@dataclass(frozen=True, kw_only=True)
class ObjectionRuled(Event):
    """The supervision office ruled on an objection."""

    name: ClassVar[str] = "directives.objection_ruled"
    zh: ClassVar[str] = "异议裁定"
    en: ClassVar[str] = "Objection ruled on"
    sentence: ClassVar[str] = "异议裁定：{ruling_name}。{reason}"
    sentence_en: ClassVar[str] = "Ruling on the objection: {ruling}. {reason}"
    ruling: str
    ruling_name: str
    reason: Typed
    to_unit: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnitsNominated(Event):
    """The units meant by an open collective were named."""

    name: ClassVar[str] = "directives.units_nominated"
    zh: ClassVar[str] = "指定单位"
    en: ClassVar[str] = "Units nominated"
    sentence: ClassVar[str] = "“{collective}”指定为：{names}。"
    sentence_en: ClassVar[str] = "“{collective}” was resolved to: {names}."
    collective: str
    units: tuple[int, ...]
    names: str


@dataclass(frozen=True, kw_only=True)
class ContributionGiven(Event):
    """A supporting unit gave its part to the lead."""

    name: ClassVar[str] = "directives.contribution_given"
    zh: ClassVar[str] = "协办报送"
    en: ClassVar[str] = "Contribution given"
    sentence: ClassVar[str] = "{unit_name} 向牵头单位报送进展。"
    sentence_en: ClassVar[str] = "{unit_name} gave its part to the lead unit."
    report: int
    unit: int
    unit_name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ProgressReported(Event):
    """The handling unit reported progress."""

    name: ClassVar[str] = "directives.progress_reported"
    zh: ClassVar[str] = "反馈进展"
    en: ClassVar[str] = "Progress reported"
    sentence: ClassVar[str] = "{unit_name} 反馈进展 {percent}%。"
    sentence_en: ClassVar[str] = "{unit_name} reported {percent}% progress."
    report: int
    unit: int
    unit_name: str
    percent: int
    final: bool
    period: str
    sha256: str
    missing: tuple[int, ...] = ()
    merges: tuple[int, ...] = ()
    lowered: int = 0


@dataclass(frozen=True, kw_only=True)
class ReportReviewed(Event):
    """The supervision office reviewed a report."""

    name: ClassVar[str] = "directives.report_reviewed"
    zh: ClassVar[str] = "审核反馈"
    en: ClassVar[str] = "Report reviewed"
    sentence: ClassVar[str] = "审核意见：{outcome_name}。{opinion}"
    sentence_en: ClassVar[str] = "Review: {outcome}. {opinion}"
    report: int
    outcome: str
    outcome_name: str
    opinion: Typed


@dataclass(frozen=True, kw_only=True)
class DutyVerified(Event):
    """Somebody other than the handling unit verified the result."""

    name: ClassVar[str] = "directives.duty_verified"
    zh: ClassVar[str] = "核查"
    en: ClassVar[str] = "Verified"
    sentence: ClassVar[str] = "核查结果：{outcome_name}。{opinion}"
    sentence_en: ClassVar[str] = "Verification: {outcome}. {opinion}"
    outcome: str
    outcome_name: str
    opinion: Typed
    method: Typed


@dataclass(frozen=True, kw_only=True)
class DutyConcluded(Event):
    """The supervision office found the duty handled (办结)."""

    name: ClassVar[str] = "directives.duty_concluded"
    zh: ClassVar[str] = "办结"
    en: ClassVar[str] = "Concluded"
    sentence: ClassVar[str] = "认定办结。{opinion}"
    sentence_en: ClassVar[str] = "Found to be handled. {opinion}"
    opinion: Typed


@dataclass(frozen=True, kw_only=True)
class DutyStruckOff(Event):
    """The duty was struck off the list (销号)."""

    name: ClassVar[str] = "directives.duty_struck_off"
    zh: ClassVar[str] = "销号"
    en: ClassVar[str] = "Struck off"
    sentence: ClassVar[str] = "销号。{opinion}"
    sentence_en: ClassVar[str] = "Struck off the list. {opinion}"
    opinion: Typed


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Event):
    """The handling unit asked for more time."""

    name: ClassVar[str] = "directives.extension_asked"
    zh: ClassVar[str] = "申请延期"
    en: ClassVar[str] = "Extension asked"
    sentence: ClassVar[str] = "{unit_name} 申请将“{label}”由 {due_on} 延至 {proposed_on}：{reason}"
    sentence_en: ClassVar[str] = "{unit_name} asks to move “{label}” from {due_on} to {proposed_on}: {reason}"
    extension: int
    unit: int
    unit_name: str
    label: str
    due_on: date
    proposed_on: date
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class ExtensionDecided(Event):
    """The approver granted or refused more time."""

    name: ClassVar[str] = "directives.extension_decided"
    zh: ClassVar[str] = "延期决定"
    en: ClassVar[str] = "Extension decided"
    sentence: ClassVar[str] = "延期申请：{outcome_name}。{reason}"
    sentence_en: ClassVar[str] = "Extension: {outcome}. {reason}"
    extension: int
    outcome: str
    outcome_name: str
    reason: Typed
    new_due_on: date | None = None
    cite: str = ""


@dataclass(frozen=True, kw_only=True)
class DutySuspended(Event):
    """The duty and its clocks were suspended."""

    name: ClassVar[str] = "directives.duty_suspended"
    zh: ClassVar[str] = "中止"
    en: ClassVar[str] = "Suspended"
    sentence: ClassVar[str] = "中止办理：{reason}（依据：{basis}）"
    sentence_en: ClassVar[str] = "Suspended: {reason} (basis: {basis})"
    reason: Typed
    basis: Typed


@dataclass(frozen=True, kw_only=True)
class DutyResumed(Event):
    """The duty and its clocks go on."""

    name: ClassVar[str] = "directives.duty_resumed"
    zh: ClassVar[str] = "恢复"
    en: ClassVar[str] = "Resumed"
    sentence: ClassVar[str] = "恢复办理。{reason}"
    sentence_en: ClassVar[str] = "Resumed. {reason}"
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class DutyMerged(Event):
    """The duty went into another."""

    name: ClassVar[str] = "directives.duty_merged"
    zh: ClassVar[str] = "并入"
    en: ClassVar[str] = "Merged"
    sentence: ClassVar[str] = "并入 {into}：{reason}"
    sentence_en: ClassVar[str] = "Merged into {into}: {reason}"
    into: str
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class DutyCancelled(Event):
    """The leader took the duty off the list before it was done."""

    name: ClassVar[str] = "directives.duty_cancelled"
    zh: ClassVar[str] = "撤项"
    en: ClassVar[str] = "Cancelled"
    sentence: ClassVar[str] = "撤项：{reason}（依据：{basis}）"
    sentence_en: ClassVar[str] = "Cancelled: {reason} (basis: {basis})"
    reason: Typed
    basis: Typed


@dataclass(frozen=True, kw_only=True)
class DutyCarriedOver(Event):
    """The duty goes on as a duty of the next year."""

    name: ClassVar[str] = "directives.duty_carried_over"
    zh: ClassVar[str] = "结转"
    en: ClassVar[str] = "Carried over"
    sentence: ClassVar[str] = "结转下一年度为 {to}：{reason}"
    sentence_en: ClassVar[str] = "Carried over as {to}: {reason}"
    to: str
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class DutyReopened(Event):
    """A look back found the result gone; the duty runs again with a fresh clock."""

    name: ClassVar[str] = "directives.duty_reopened"
    zh: ClassVar[str] = "回头看重启"
    en: ClassVar[str] = "Reopened"
    sentence: ClassVar[str] = "回头看发现问题，重新办理：{reason}"
    sentence_en: ClassVar[str] = "Reopened after a look back: {reason}"
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(Event):
    """A deadline moved, with the old and the new day and why."""

    name: ClassVar[str] = "directives.deadline_moved"
    zh: ClassVar[str] = "期限变动"
    en: ClassVar[str] = "Deadline moved"
    sentence: ClassVar[str] = "“{label}”由 {old} 改为 {new}：{reason}"
    sentence_en: ClassVar[str] = "“{label}” moved from {old} to {new}: {reason}"
    label: str
    old: date | None
    new: date | None
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class PlanSet(Event):
    """The supervision office gave the duty a plan of its own."""

    name: ClassVar[str] = "directives.plan_set"
    zh: ClassVar[str] = "设定计划进度"
    en: ClassVar[str] = "Plan set"
    sentence: ClassVar[str] = "设定计划进度：{plan}。理由：{reason}"
    sentence_en: ClassVar[str] = "Plan set: {plan}. Reason: {reason}"
    old: dict[str, int]
    plan: dict[str, int]
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class PlanProposed(Event):
    """The lead unit proposed how it will decompose its duty (分解): steps and planned progress."""

    name: ClassVar[str] = "directives.plan_proposed"
    zh: ClassVar[str] = "报送分解计划"
    en: ClassVar[str] = "Plan proposed"
    sentence: ClassVar[str] = "{unit_name} 报送分解计划：{steps}"
    sentence_en: ClassVar[str] = "{unit_name} proposed a plan: {steps}"
    proposal: int
    unit: int
    unit_name: str
    plan: dict[str, int]
    steps: Typed


@dataclass(frozen=True, kw_only=True)
class PlanDecided(Event):
    """The supervision office approved the lead unit's plan or sent it back."""

    name: ClassVar[str] = "directives.plan_decided"
    zh: ClassVar[str] = "审定分解计划"
    en: ClassVar[str] = "Plan decided"
    sentence: ClassVar[str] = "分解计划：{outcome_name}。{opinion}"
    sentence_en: ClassVar[str] = "Plan of the lead unit: {outcome}. {opinion}"
    proposal: int
    outcome: str
    outcome_name: str
    opinion: Typed


@dataclass(frozen=True, kw_only=True)
class LightNoted(Event):
    """A leader signed a note that stands beside the computed light until a day."""

    name: ClassVar[str] = "directives.light_noted"
    zh: ClassVar[str] = "亮灯说明"
    en: ClassVar[str] = "Light annotated"
    sentence: ClassVar[str] = "系统计算为“{computed_name}”，人工说明为“{lamp_name}”，至 {until}。理由：{reason}"
    sentence_en: ClassVar[str] = "Computed as {computed}; annotated as {lamp} until {until}. Reason: {reason}"
    computed: str
    computed_name: str
    lamp: str
    lamp_name: str
    until: date
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class LightNoteWithdrawn(Event):
    """The note beside the light was taken back before its day."""

    name: ClassVar[str] = "directives.light_note_withdrawn"
    zh: ClassVar[str] = "撤回亮灯说明"
    en: ClassVar[str] = "Annotation withdrawn"
    sentence: ClassVar[str] = "撤回亮灯说明：{reason}"
    sentence_en: ClassVar[str] = "The annotation of the light was withdrawn: {reason}"
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class ReportsLaidOut(Event):
    """The report days of a new year were laid out."""

    name: ClassVar[str] = "directives.reports_laid_out"
    zh: ClassVar[str] = "排定报告日"
    en: ClassVar[str] = "Report days laid out"
    sentence: ClassVar[str] = "排定 {year} 年的 {reports} 次进展报告。"
    sentence_en: ClassVar[str] = "The {reports} progress reports of {year} were laid out."
    public: ClassVar[bool] = False
    year: int
    reports: int


@dataclass(frozen=True, kw_only=True)
class DutyUrged(Event):
    """The supervision office urged the handling units (催办)."""

    name: ClassVar[str] = "directives.duty_urged"
    zh: ClassVar[str] = "催办"
    en: ClassVar[str] = "Urged"
    sentence: ClassVar[str] = "第 {nth} 次催办：{message}"
    sentence_en: ClassVar[str] = "Urged for the {nth}. time: {message}"
    nth: int
    message: Typed


@dataclass(frozen=True, kw_only=True)
class DutyChanged(Event):
    """A correction of the notice changed the duty's words, units or targets."""

    name: ClassVar[str] = "directives.duty_changed"
    zh: ClassVar[str] = "内容更正"
    en: ClassVar[str] = "Changed"
    sentence: ClassVar[str] = "因 {notice} 更正：{fields}。理由：{reason}"
    sentence_en: ClassVar[str] = "Changed by {notice}: {fields}. Reason: {reason}"
    notice: str
    fields: str
    old: dict[str, object]
    new: dict[str, object]
    reason: Typed


@dataclass(frozen=True, kw_only=True)
class ChildrenCounted(Event):
    """The parts of a duty given to a collective were counted together."""

    name: ClassVar[str] = "directives.children_counted"
    zh: ClassVar[str] = "分项汇总"
    en: ClassVar[str] = "Parts counted"
    sentence: ClassVar[str] = "{done} / {total} 家已完成。"
    sentence_en: ClassVar[str] = "{done} of {total} units are done."
    done: int
    total: int
