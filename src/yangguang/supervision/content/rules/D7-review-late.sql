/* ---
code: D7
version: 1
from: 2026-01-01
name: {zh: 审核超时, en: Review overdue}
sentence:
  zh: 单位已反馈，督查机构超过审核时限不审核的，向督查机构自己发黄牌。
  en: A supervision office that does not review a report within its limit gets a yellow card itself.
protects: {zh: 已按时反馈的单位, en: the unit that reported in time}
level: yellow
meaning: breach
kinds: [duty]
role: supervision.judge
parameters: {yellow_after: duty.watch.yellow}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 审核截止日, en: To be reviewed by}
  days: {zh: 逾期工作日, en: Working days overdue}
once: [deadline_id, due_on]
because:
  zh: 反馈应于 {due_on} 前审核；今日 {today}；其间工作日 {days} 天 ≥ 黄牌阈值 {yellow_after} 天
  en: The report was to be reviewed by {due_on}; today is {today}; {days} working days between ≥ yellow threshold of {yellow_after}
--- */
SELECT c.id AS case_id,
       d.id AS deadline_id,
       office.unit_id AS unit_id,
       d.label AS label,
       d.due_on AS due_on,
       present.number - due.number AS days
FROM ledger_deadline d
JOIN ledger_case c ON c.id = d.case_id
JOIN ledger_participation office ON office.case_id = c.id AND office.role = 'supervising' AND office.position = 0
JOIN ledger_calendarday due ON due.version = d.calendar_version AND due.day = d.due_on
JOIN ledger_calendarday present ON present.version = d.calendar_version AND present.day = :today
WHERE d.state = 'running'
  AND d.due_on < :today
  AND present.number - due.number >= :yellow_after
  AND d.key LIKE 'review:%'
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
