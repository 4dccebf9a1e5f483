"""Words of calendars and the clocks under them: who may adopt a notice, what is recorded, what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yangguang.kernel.ledger.vocabulary import Event, Refused

#: capability to adopt a calendar notice for the instance, and to withdraw it
ADOPT = "calendar.adopt"
#: stream on which calendar notices are adopted
CALENDARS = "calendars"
#: the part of the system that reckons running clocks anew
KEEPER = "calendar"


@dataclass(frozen=True, kw_only=True)
class NoticeAdopted(Event):
    """A holiday notice was adopted: working days changed for everybody under it."""

    name: ClassVar[str] = "ledger.calendar_notice_adopted"
    zh: ClassVar[str] = "采用放假通知"
    en: ClassVar[str] = "Calendar notice adopted"
    sentence: ClassVar[str] = "采用 {notice}（{published}），适用于 {jurisdiction}；{moves} 个在办期限随之改变。"
    sentence_en: ClassVar[str] = (
        "{notice} ({published}) was adopted for {jurisdiction}; {moves} running clocks stood to move."
    )

    notice: str
    jurisdiction: str
    published: date
    covers: int | None
    sha256: str
    moves: int


@dataclass(frozen=True, kw_only=True)
class NoticeWithdrawn(Event):
    """A notice that had been adopted by mistake was taken back."""

    name: ClassVar[str] = "ledger.calendar_notice_withdrawn"
    zh: ClassVar[str] = "撤回放假通知"
    en: ClassVar[str] = "Calendar notice withdrawn"
    sentence: ClassVar[str] = "撤回误采用的 {notice}。"
    sentence_en: ClassVar[str] = "{notice}, adopted by mistake, was withdrawn."

    notice: str
    jurisdiction: str


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Event):
    """A clock's last day moved because the calendar changed."""

    name: ClassVar[str] = "ledger.clock_moved"
    zh: ClassVar[str] = "期限随日历改变"
    en: ClassVar[str] = "Clock moved by the calendar"
    sentence: ClassVar[str] = "“{label}”的最后一日由 {old} 改为 {new}：工作日按 {notice} 重新计算。"
    sentence_en: ClassVar[str] = "The last day of “{label}” moved from {old} to {new}: working days follow {notice}."

    label: str
    old: date | None
    new: date | None
    notice: str
    unit: int | None


@dataclass(frozen=True, kw_only=True)
class ClocksConfirmed(Event):
    """Last days that had been provisional are final; none moved."""

    name: ClassVar[str] = "ledger.clocks_confirmed"
    zh: ClassVar[str] = "暂定期限确定"
    en: ClassVar[str] = "Provisional clocks confirmed"
    sentence: ClassVar[str] = "“{labels}”的最后一日不变，不再是暂定：{notice}。"
    sentence_en: ClassVar[str] = "The last day of “{labels}” stays and is no longer provisional: {notice}."

    labels: tuple[str, ...]
    notice: str


@dataclass(frozen=True, kw_only=True)
class ClocksUnsettled(Event):
    """Last days that had been final rest on provisional days again; none moved."""

    name: ClassVar[str] = "ledger.clocks_unsettled"
    zh: ClassVar[str] = "期限转为暂定"
    en: ClassVar[str] = "Clocks became provisional"
    sentence: ClassVar[str] = "“{labels}”的最后一日不变，转为暂定：{notice}。"
    sentence_en: ClassVar[str] = "The last day of “{labels}” stays and has become provisional: {notice}."

    labels: tuple[str, ...]
    notice: str


class AlreadyAdopted(Refused):
    """The very same notice stands already."""

    code = "calendar.already_adopted"
    says = "{notice} 已经采用。"
    says_en = "{notice} has been adopted already."
    remedy = "如有更正，请粘贴更正后的通知。"
    remedy_en = "Paste the corrected notice if there is one."


class AlreadyWithdrawn(Refused):
    """The notice was taken back before."""

    code = "calendar.already_withdrawn"
    says = "{notice} 已经撤回。"
    says_en = "{notice} has been withdrawn already."
    remedy = "请刷新页面。"
    remedy_en = "Reload the page."


class UnknownPlace(Refused):
    """There is no such jurisdiction."""

    code = "calendar.unknown_place"
    status = 422
    says = "没有区划 {code}。"
    says_en = "There is no division {code}."
    remedy = "全国性通知请留空；地方通知请填登记过的区划代码。"
    remedy_en = "Leave it empty for the whole nation; otherwise give the code of a registered division."
