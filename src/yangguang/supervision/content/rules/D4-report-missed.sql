/* ---
code: D4
version: 1
from: 2026-01-01
name: {zh: 未按期报告, en: Report period missed}
sentence:
  zh: 报告周期已过而未反馈进展，逾期达到黄牌阈值的，向承办单位发黄牌。
  en: A unit that has not reported on a period gets a yellow card once the lateness reaches the threshold.
protects: {zh: 按周期报告进展的要求, en: the report cycle}
level: yellow
meaning: breach
kinds: [duty]
role: supervision.judge
parameters: {yellow_after: duty.watch.yellow}
facts:
  label: {zh: 报告, en: Report}
  due_on: {zh: 报告日, en: Due on}
  days: {zh: 逾期工作日, en: Working days overdue}
once: [deadline_id, due_on]
because:
  zh: “{label}”应于 {due_on} 报送；今日 {today}；其间工作日 {days} 天 ≥ 黄牌阈值 {yellow_after} 天
  en: “{label}” was due on {due_on}; today is {today}; {days} working days between ≥ yellow threshold of {yellow_after}
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
  AND d.key LIKE 'report:%'
  -- passed before the house knew of the case: listed by D8
  AND d.due_on >= CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date)
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
