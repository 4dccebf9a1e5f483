"""Why an act of the room is refused: templates in Chinese, translated where they are shown."""

from __future__ import annotations

from yangguang.kernel.ledger.vocabulary import Refused


class WrongState(Refused):
    """The duty is not in a state in which this may be done."""

    code = "directives.wrong_state"
    says = "事项目前是“{state}”，不能办理这一步。"
    remedy = "请刷新页面，按流程图上当前步骤办理。"


class AlreadyKnown(Refused):
    """This notice is here already."""

    code = "directives.already_known"
    says = "这份来文已经收过：{number}。"
    remedy = "请打开已有来文；如系更正稿，请在原文页面选择“登记更正”。"


class ExtensionTooLate(Refused):
    """More time must be asked for before the deadline has passed."""

    code = "directives.extension_too_late"
    says = "期限 {due_on} 已过，不能再申请延期。"
    remedy = "请尽快反馈进展并说明原因；需要调整的，由督查机构按更正办理。"


class ExtensionsUsedUp(Refused):
    """The rule allows no further extension."""

    code = "directives.extensions_used_up"
    says = "本期限已延期 {times} 次，达到上限。"
    remedy = "请按期反馈；确因客观原因无法完成的，可申请中止或结转，由分管领导决定。"


class ExtensionTooLong(Refused):
    """The proposed day lies beyond what the rule allows."""

    code = "directives.extension_too_long"
    says = "申请延至 {proposed_on}，超过规则允许的最晚日期 {latest_on}。"
    remedy = "请改为 {latest_on} 或更早的日期。"


class ObjectionTooLate(Refused):
    """The time to dispute the assignment is over."""

    code = "directives.objection_too_late"
    says = "异议期限 {due_on} 已过。"
    remedy = "请先签收办理，并向督查机构书面说明情况。"


class SameHands(Refused):
    """Who handled the duty may not verify it."""

    code = "directives.same_hands"
    says = "承办单位的人员不能核查本单位办理的事项。"
    remedy = "请由督查机构或受其指定的其他单位核查。"


class NothingToCorrect(Refused):
    """The notice has no issued duties that could be corrected, or is being corrected already."""

    code = "directives.nothing_to_correct"
    says = "来文目前是“{state}”，不能登记更正。"
    remedy = "只有已交办、尚未被替代的来文可以登记更正；未交办的，请直接修改分解稿。"


class PartsOpen(Refused):
    """The duty has parts that are still being handled."""

    code = "directives.parts_open"
    says = "还有 {open} 家的分项在办。"
    remedy = "请先逐家办结、并入或撤项，再办理本事项。"


class UnitsUnresolved(Refused):
    """Rows still name units that nobody has matched."""

    code = "directives.units_unresolved"
    says = "第 {positions} 项还有没有对应到机构的单位名称。"
    remedy = "请在这些行里选定单位，或把名称登记为别名后再提交。"
