"""Words of supervision: levels, the life of a card, excuses, events and refusals. Free of Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yangguang.kernel.ledger.vocabulary import Event, Labelled, Refused

#: code of the kind of case
CARD = "card"
#: the part of the system that sweeps
SYSTEM = "supervision"
READ, JUDGE, ANSWER = "supervision.read", "supervision.judge", "supervision.answer"
#: key of the answer clock on a card
ANSWER_CLOCK = "answer"


class Level(Labelled):
    """What a signal means; colours and thresholds are values of the rulebook, never of the code."""

    NOTE = "note", "备查", "On record"
    REMINDER = "reminder", "提醒", "Reminder"
    YELLOW = "yellow", "黄牌", "Yellow card"
    RED = "red", "红牌", "Red card"


CARDED = (Level.YELLOW, Level.RED)


class Meaning(Labelled):
    """What a rule says has happened, whatever colour a place gives it."""

    RECORD = "record", "备查", "On record"
    REMIND = "remind", "提示", "Remind"
    WARN = "warn", "预警", "Warn"
    BREACH = "breach", "违反", "Breach"
    SERIOUS = "serious", "严重", "Serious"


class CardState(Labelled):
    """The life of a card. A judged card ends at once unless it was upheld and is to be put right."""

    ISSUED = "issued", "已发牌", "Issued"
    NOTIFIED = "notified", "已送达", "Notified"
    ACKNOWLEDGED = "acknowledged", "已签收", "Acknowledged"
    EXPLAINED = "explained", "已说明", "Explained"
    UPHELD = "upheld", "维持待整改", "Upheld, to be put right"
    EXCUSED = "excused", "免责", "Excused"
    FALSE_ALARM = "false_alarm", "误报", "False alarm"
    CLOSED = "closed", "已办结", "Closed"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


JUDGED_STATES = (CardState.UPHELD, CardState.EXCUSED, CardState.FALSE_ALARM, CardState.CLOSED)


class SignalState(Labelled):
    """How a signal stands: what was raised is never deleted, only found right or wrong."""

    STANDING = "standing", "有效", "Standing"
    UPHELD = "upheld", "维持", "Upheld"
    EXCUSED = "excused", "免责", "Excused"
    FALSE_ALARM = "false_alarm", "误报", "False alarm"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class Verdict(Labelled):
    """What the owner of supervision finds."""

    UPHELD = "upheld", "维持", "Upheld"
    EXCUSED = "excused", "免责", "Excused"
    FALSE_ALARM = "false_alarm", "误报", "False alarm"


class Excuse(Labelled):
    """Grounds on which a card stays visible but does not count."""

    FORCE_MAJEURE = "force_majeure", "不可抗力", "Force majeure"
    OUTAGE = "outage", "系统故障", "System outage"
    APPLICANT = "applicant", "申请人原因", "Applicant's cause"
    LAW_CHANGED = "law_changed", "依据变更", "Law changed"
    WRONG_RULE = "wrong_rule", "规则有误", "Wrong rule"
    DATA_ENTRY = "data_entry", "录入差错", "Data entry"
    CALENDAR_REVISED = "calendar_revised", "日历更正", "Calendar revised"


# --- events: those of a card stand on its own trail and, where others must know, on the watched case's ------


@dataclass(frozen=True, kw_only=True)
class SignalRaised(Event):
    """A rule found something that needs no answer: a reminder, or a note for the record."""

    name: ClassVar[str] = "supervision.signal_raised"
    zh: ClassVar[str] = "监察提示"
    en: ClassVar[str] = "Supervision signal"
    sentence: ClassVar[str] = "{level_name}（规则 {rule} 第 {rule_version} 版）：{because}"
    sentence_en: ClassVar[str] = "{level} (rule {rule}, version {rule_version}): {because_en}"
    public: ClassVar[bool] = False
    rule: str
    rule_version: int
    level: str
    level_name: str
    because: str
    because_en: str


@dataclass(frozen=True, kw_only=True)
class CardIssued(Event):
    """A rule found a breach: a card was issued to a unit."""

    name: ClassVar[str] = "supervision.card_issued"
    zh: ClassVar[str] = "发牌"
    en: ClassVar[str] = "Card issued"
    sentence: ClassVar[str] = "向 {unit_name} 发出{level_name} {card}（规则 {rule} 第 {rule_version} 版）：{because}"
    sentence_en: ClassVar[str] = (
        "{level} card {card} issued to {unit_name} (rule {rule}, version {rule_version}): {because_en}"
    )
    public: ClassVar[bool] = False
    card: str
    rule: str
    rule_version: int
    rule_sha256: str
    level: str
    level_name: str
    unit: int
    unit_name: str
    because: str
    because_en: str


@dataclass(frozen=True, kw_only=True)
class CardNotified(Event):
    """The card reached the unit; its time to answer runs."""

    name: ClassVar[str] = "supervision.card_notified"
    zh: ClassVar[str] = "送达"
    en: ClassVar[str] = "Notified"
    sentence: ClassVar[str] = "送达 {unit_name}，请于 {due_on} 前说明情况。"
    sentence_en: ClassVar[str] = "{unit_name} was notified and is to explain by {due_on}."
    public: ClassVar[bool] = False
    unit: int
    unit_name: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class CardAcknowledged(Event):
    """The unit signed that it has the card."""

    name: ClassVar[str] = "supervision.card_acknowledged"
    zh: ClassVar[str] = "签收"
    en: ClassVar[str] = "Acknowledged"
    sentence: ClassVar[str] = "{unit_name} 签收。"
    sentence_en: ClassVar[str] = "{unit_name} acknowledged the card."
    unit: int
    unit_name: str


@dataclass(frozen=True, kw_only=True)
class CardExplained(Event):
    """The unit explained itself; the words stand on the card, their hash in the trail."""

    name: ClassVar[str] = "supervision.card_explained"
    zh: ClassVar[str] = "说明情况"
    en: ClassVar[str] = "Explained"
    sentence: ClassVar[str] = "{unit_name} 提交情况说明。"
    sentence_en: ClassVar[str] = "{unit_name} handed in its explanation."
    unit: int
    unit_name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CardJudged(Event):
    """The owner of supervision found whether the card was right."""

    name: ClassVar[str] = "supervision.card_judged"
    zh: ClassVar[str] = "认定"
    en: ClassVar[str] = "Judged"
    sentence: ClassVar[str] = "{card} 认定结果：{verdict_name} {excuse_name}"
    sentence_en: ClassVar[str] = "{card} was judged: {verdict} {excuse}"
    card: str
    verdict: str
    verdict_name: str
    excuse: str
    excuse_name: str
    explained: bool
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CardWithdrawn(Event):
    """A card was withdrawn; it stays readable with the reason."""

    name: ClassVar[str] = "supervision.card_withdrawn"
    zh: ClassVar[str] = "撤回"
    en: ClassVar[str] = "Withdrawn"
    sentence: ClassVar[str] = "{card} 撤回：{excuse_name}"
    sentence_en: ClassVar[str] = "{card} was withdrawn: {excuse}"
    card: str
    excuse: str
    excuse_name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CardClosed(Event):
    """What the upheld card found has been put right."""

    name: ClassVar[str] = "supervision.card_closed"
    zh: ClassVar[str] = "办结"
    en: ClassVar[str] = "Closed"
    sentence: ClassVar[str] = "{card} 已整改办结。"
    sentence_en: ClassVar[str] = "{card} was put right and closed."
    card: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CardPublished(Event):
    """The card of a public case got its public face."""

    name: ClassVar[str] = "supervision.card_published"
    zh: ClassVar[str] = "公开"
    en: ClassVar[str] = "Published"
    sentence: ClassVar[str] = "向社会公开：{ground}"
    sentence_en: ClassVar[str] = "Published: {ground_en}"
    ground: str
    ground_en: str


# --- refusals ----------------------------------------------------------------------------------------------


class WrongState(Refused):
    """The card is not where this step may be taken."""

    code = "supervision.wrong_state"
    says = "这张牌现在“{state}”，不能办理此事。"
    remedy = "请刷新页面，看看轨迹里最新的一步。"


class AnswerPeriodRuns(Refused):
    """The unit may still answer; nobody judges before."""

    code = "supervision.answer_period_runs"
    says = "被监察单位的答复期到 {due_on} 才届满，期满前或答复前不得认定。"
    remedy = "请等单位说明情况，或者等答复期届满。"


class SameUnitJudges(Refused):
    """A unit does not judge the card it was given."""

    code = "supervision.same_unit_judges"
    says = "被监察单位不能认定发给自己的牌。"
    remedy = "请由上级或其他监察机构认定。"
