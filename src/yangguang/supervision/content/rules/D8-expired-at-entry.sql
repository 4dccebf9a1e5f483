/* ---
code: D8
version: 1
from: 2026-01-01
name: {zh: 录入时已过期, en: Expired when entered}
sentence:
  zh: 事项进入本平台之前期限已过的，不发牌，只列入备查。
  en: A deadline that had passed before the case was entered here brings no card and is put on record.
protects: {zh: 上线前移交事项的公平, en: fairness to duties taken over at go-live}
level: note
meaning: record
kinds: [duty]
role: supervision.judge
parameters: {}
facts:
  label: {zh: 期限, en: Deadline}
  due_on: {zh: 到期日, en: Due on}
  recorded_on: {zh: 录入日, en: Entered on}
once: [deadline_id]
because:
  zh: “{label}”到期日 {due_on}，早于录入日 {recorded_on}，不发牌
  en: “{label}” fell due on {due_on}, before the case was entered on {recorded_on}; no card is issued
--- */
SELECT c.id AS case_id,
       d.id AS deadline_id,
       coalesce(d.unit_id, c.owner_id) AS unit_id,
       d.label AS label,
       d.due_on AS due_on,
       CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date) AS recorded_on
FROM ledger_deadline d
JOIN ledger_case c ON c.id = d.case_id
JOIN ledger_entry opened ON opened.stream_id = c.stream_id AND opened.seq = 1
WHERE d.state = 'running'
  AND d.due_on < CAST(opened.recorded_at AT TIME ZONE 'Asia/Shanghai' AS date)
  AND d.due_on < :today
  AND c.closed_at IS NULL AND c.suspended_on IS NULL
  AND c.kind IN (:kinds) AND c.division_id IN (:divisions)
