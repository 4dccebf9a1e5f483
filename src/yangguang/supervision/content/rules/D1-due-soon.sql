/* ---
code: D1
version: 1
from: 2026-01-01
name: {zh: 到期提醒, en: Falls due soon}
sentence:
  zh: 期限还剩几个工作日时，提醒承办单位。
  en: The handling unit is reminded some working days before a deadline falls due.
protects: {zh: 承办单位及时办理的机会, en: the unit's chance to act in time}
level: reminder
meaning: remind
kinds: [duty, card]
role: supervision.judge
parameters: {reminder_days: duty.watch.reminder}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 到期日, en: Due on}
  days: {zh: 剩余工作日, en: Working days left}
once: [deadline_id, due_on]
because:
  zh: “{label}”到期日 {due_on}；今日 {today}；其间工作日 {days} 天 ≤ 提醒提前量 {reminder_days} 天
  en: “{label}” falls due on {due_on}; today is {today}; {days} working days between ≤ {reminder_days} days of notice
--- */
SELECT c.id AS case_id,
       d.id AS deadline_id,
       coalesce(d.unit_id, c.owner_id) AS unit_id,
       d.label AS label,
       d.due_on AS due_on,
       due.number - present.number AS days
FROM ledger_deadline d
JOIN ledger_case c ON c.id = d.case_id
JOIN ledger_calendarday due ON due.version = d.calendar_version AND due.day = d.due_on
JOIN ledger_calendarday present ON present.version = d.calendar_version AND present.day = :today
WHERE d.state = 'running'
  AND d.due_on >= :today
  AND due.number - present.number <= :reminder_days
  -- a signing clock is shorter than the notice; a review is no act of the handling unit
  AND d.key NOT LIKE 'sign:%' AND d.key NOT LIKE 'review:%'
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
