/* ---
code: D3
version: 1
from: 2026-01-01
name: {zh: 逾期红牌, en: Red card for lateness}
sentence:
  zh: 逾期达到红牌阈值仍未办结的，向承办单位发红牌；软性期限和暂定日期不发红牌，只数已有通知确定的工作日。
  en: Lateness that reaches the red threshold brings a red card; never for soft deadlines or provisional days, and only working days settled by a notice are counted.
protects: {zh: 承诺的期限, en: the promised deadline}
level: red
meaning: serious
kinds: [duty]
role: supervision.judge
parameters: {red_after: duty.watch.red}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 到期日, en: Due on}
  days: {zh: 逾期工作日, en: Working days overdue}
once: [deadline_id, due_on]
because:
  zh: “{label}”到期日 {due_on}；今日 {today}；其间已确定的工作日 {days} 天 ≥ 红牌阈值 {red_after} 天
  en: “{label}” fell due on {due_on}; today is {today}; {days} settled working days between ≥ red threshold of {red_after}
--- */
SELECT late.case_id, late.deadline_id, late.unit_id, late.label, late.due_on, late.days
FROM (
  SELECT c.id AS case_id,
         d.id AS deadline_id,
         coalesce(d.unit_id, c.owner_id) AS unit_id,
         d.label AS label,
         d.due_on AS due_on,
         (SELECT count(*) FROM ledger_calendarday s
          WHERE s.version = d.calendar_version AND s.day > d.due_on AND s.day <= :today
            AND s.is_work AND NOT s.provisional) AS days
  FROM ledger_deadline d
  JOIN ledger_case c ON c.id = d.case_id
  JOIN ledger_entry opened ON opened.stream_id = c.stream_id AND opened.seq = 1
  WHERE d.state = 'running'
    AND d.due_on < :today
    AND NOT d.soft AND NOT d.provisional
    AND d.key NOT LIKE 'sign:%' AND d.key NOT LIKE 'review:%' AND d.key NOT LIKE 'report:%'
    -- handed in and waiting for the supervising office: not the unit's delay
    AND c.state NOT IN ('under_review', 'verify_on_site', 'verified')
    -- passed before the house knew of the case: listed by D8
    AND d.due_on >= CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date)
    AND c.closed_at IS NULL AND c.suspended_on IS NULL
    AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
) late
WHERE late.days >= :red_after
