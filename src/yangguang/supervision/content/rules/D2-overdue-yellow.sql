/* ---
code: D2
version: 1
from: 2026-01-01
name: {zh: 逾期黄牌, en: Yellow card for lateness}
sentence:
  zh: 期限已过而事项未办结，逾期达到黄牌阈值的，向承办单位发黄牌。
  en: A unit that has not finished when a deadline has passed gets a yellow card once the lateness reaches the threshold.
protects: {zh: 承诺的期限, en: the promised deadline}
level: yellow
meaning: breach
kinds: [duty]
role: supervision.judge
parameters: {yellow_after: duty.watch.yellow, red_after: duty.watch.red}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 到期日, en: Due on}
  days: {zh: 逾期工作日, en: Working days overdue}
  soft: {zh: 软性期限, en: Soft deadline}
  provisional: {zh: 到期日为暂定, en: Provisional due date}
once: [deadline_id, due_on]
because:
  zh: “{label}”到期日 {due_on}；今日 {today}；其间工作日 {days} 天 ≥ 黄牌阈值 {yellow_after} 天
  en: “{label}” fell due on {due_on}; today is {today}; {days} working days between ≥ yellow threshold of {yellow_after}
--- */
SELECT c.id AS case_id,
       d.id AS deadline_id,
       coalesce(d.unit_id, c.owner_id) AS unit_id,
       d.label AS label,
       d.due_on AS due_on,
       present.number - due.number AS days,
       d.soft AS soft,
       d.provisional AS provisional
FROM ledger_deadline d
JOIN ledger_case c ON c.id = d.case_id
JOIN ledger_entry opened ON opened.stream_id = c.stream_id AND opened.seq = 1
JOIN ledger_calendarday due ON due.version = d.calendar_version AND due.day = d.due_on
JOIN ledger_calendarday present ON present.version = d.calendar_version AND present.day = :today
WHERE d.state = 'running'
  AND d.due_on < :today
  AND present.number - due.number >= :yellow_after
  -- from the red threshold on, D3 speaks; it never does for soft or provisional days
  AND (d.soft OR d.provisional OR (
        SELECT count(*) FROM ledger_calendarday s
        WHERE s.version = d.calendar_version AND s.day > d.due_on AND s.day <= :today
          AND s.is_work AND NOT s.provisional
      ) < :red_after)
  AND d.key NOT LIKE 'sign:%' AND d.key NOT LIKE 'review:%' AND d.key NOT LIKE 'report:%'
  -- handed in and waiting for the supervising office: not the unit's delay
  AND c.state NOT IN ('under_review', 'verify_on_site', 'verified')
  -- passed before the house knew of the case: listed by D8
  AND d.due_on >= CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date)
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
