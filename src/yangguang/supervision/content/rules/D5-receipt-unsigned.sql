/* ---
code: D5
version: 1
from: 2026-01-01
name: {zh: 未按期签收, en: Receipt not signed}
sentence:
  zh: 交办后超过签收时限仍不签收，也未提出异议的，向该单位发黄牌。
  en: A unit that neither signs for a duty within the limit nor objects to it gets a yellow card.
protects: {zh: 交办事项有人承接, en: that somebody takes the duty up}
level: yellow
meaning: breach
kinds: [duty]
role: supervision.judge
parameters: {yellow_after: duty.watch.yellow}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 签收截止日, en: To be signed by}
  days: {zh: 逾期工作日, en: Working days overdue}
once: [deadline_id, due_on]
because:
  zh: 应于 {due_on} 前签收；今日 {today}；其间工作日 {days} 天 ≥ 黄牌阈值 {yellow_after} 天
  en: Receipt was to be signed by {due_on}; today is {today}; {days} working days between ≥ yellow threshold of {yellow_after}
--- */
SELECT c.id AS case_id,
       d.id AS deadline_id,
       coalesce(d.unit_id, c.owner_id) AS unit_id,
       d.label AS label,
       d.due_on AS due_on,
       present.number - due.number AS days
FROM ledger_deadline d
JOIN ledger_case c ON c.id = d.case_id
JOIN ledger_entry opened ON opened.stream_id = c.stream_id AND opened.seq = 1
JOIN ledger_calendarday due ON due.version = d.calendar_version AND due.day = d.due_on
JOIN ledger_calendarday present ON present.version = d.calendar_version AND present.day = :today
WHERE d.state = 'running'
  AND d.due_on < :today
  AND present.number - due.number >= :yellow_after
  AND d.key LIKE 'sign:%'
  -- an objection is an answer to the assignment
  AND c.state <> 'returned'
  -- passed before the house knew of the case: listed by D8
  AND d.due_on >= CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date)
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
