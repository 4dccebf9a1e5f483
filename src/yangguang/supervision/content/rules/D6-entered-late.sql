/* ---
code: D6
version: 1
from: 2026-01-01
name: {zh: 事后补录, en: Entered long after}
sentence:
  zh: 办理事项与录入系统相隔超过规定工作日的，列入备查；补录再整齐也看得出来。
  en: An act recorded more working days after it happened than allowed is put on record, however tidy it looks.
protects: {zh: 轨迹的真实, en: the truth of the trail}
level: note
meaning: record
kinds: [notice, duty]
role: supervision.judge
parameters: {gap_days: watch.entry.gap}
facts:
  act: {zh: 事项, en: Act}
  occurred_on: {zh: 发生日, en: Happened on}
  recorded_on: {zh: 录入日, en: Recorded on}
  days: {zh: 相隔工作日, en: Working days between}
  seq: {zh: 轨迹序号, en: Place in the trail}
once: [seq]
because:
  zh: 发生于 {occurred_on}，录入于 {recorded_on}；其间工作日 {days} 天 > 允许间隔 {gap_days} 天（轨迹第 {seq} 条 {act}）
  en: Happened on {occurred_on}, recorded on {recorded_on}; {days} working days between > {gap_days} allowed (entry {seq}, {act})
--- */
SELECT gap.case_id, gap.deadline_id, gap.unit_id, gap.act, gap.occurred_on, gap.recorded_on,
       entered.number - happened.number AS days, gap.seq
FROM (
  SELECT c.id AS case_id,
         CAST(NULL AS bigint) AS deadline_id,
         coalesce(e.actor_unit_id, c.owner_id) AS unit_id,
         e.name AS act,
         CAST(e.occurred_at AT TIME ZONE 'Asia/Shanghai' AS date) AS occurred_on,
         CAST(e.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date) AS recorded_on,
         e.seq AS seq
  FROM ledger_entry e
  JOIN ledger_case c ON c.stream_id = e.stream_id
  WHERE e.actor_kind = 'officer'
    AND e.recorded_at > e.occurred_at
    AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
) gap
JOIN ledger_calendarday happened ON happened.version = :calendar AND happened.day = gap.occurred_on
JOIN ledger_calendarday entered ON entered.version = :calendar AND entered.day = gap.recorded_on
WHERE entered.number - happened.number > :gap_days
  AND gap.recorded_on <= :today
