"""One campaign: load, kills at drawn moments, then every promise asked again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from tests.campaign.load import Load
from tests.campaign.site import Running

#: how often each kind of process is drawn
WEIGHTS = {"web worker": 10, "job worker": 4, "postgres backend": 12, "postmaster": 2, "web server": 1}
#: seconds within which every due job is done after the last kill
SETTLED_SECONDS = 240
DUTIES = """select c.number, u.code from ledger_case c join organisation_unit u on u.id = c.owner_id
    join directives_duty d on d.case_id = c.id
    where c.kind = 'duty' and c.state = 'in_progress' and u.code = '99-finance'
    and not exists (select from directives_target t where t.duty_id = d.id) order by 1"""


@dataclass(frozen=True)
class Plan:
    """How large a campaign is."""

    kills: int
    seed: int
    seconds: float = 3600
    #: a short run does not sit out the minute after which a silent worker counts as dead
    hurried: bool = False


@dataclass
class Outcome:
    """What came of it."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def campaign(plan: Plan) -> Outcome:
    """Run one campaign and return what was found."""
    outcome, draw, site = Outcome(), random.Random(plan.seed), Running()
    try:
        outcome.figures["start_s"] = round(site.wait(), 1)
        with site.database() as connection:
            duties = connection.execute(DUTIES).fetchall()
        load = Load(site.url, duties, plan.seed)
        load.start()
        time.sleep(8)
        _kill(site, plan, draw, outcome)
        site.wait()
        load.end()
        site.wait()
        outcome.faults += load.problems
        with site.database() as connection:
            outcome.figures["settled_s"] = _settle(connection, plan, outcome)
            check(connection, load, outcome)
        outcome.figures["ledger_verify"] = _verify(site, outcome)
        answers = sum((person.answers for person in load.people), Counter())
        outcome.figures["answers"] = {str(k) if k else "lost": v for k, v in sorted(answers.items())}
        outcome.figures["log_lines_of_restarts"] = site.log.read_text().count("start")
        if outcome.faults:
            Path("/tmp/yg-campaign.log").write_text(site.log.read_text())
    finally:
        site.stop()
    return outcome


def _kill(site: Running, plan: Plan, draw: random.Random, outcome: Outcome) -> None:
    began, done, recoveries = time.monotonic(), Counter[str](), []
    while sum(done.values()) < plan.kills and time.monotonic() - began < plan.seconds:
        time.sleep(draw.uniform(0.05, 0.8))
        kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if not site.kill(kind, draw):
            continue
        done[kind] += 1
        if draw.random() < 0.3 or kind in ("postmaster", "web server"):  # else the next one falls into the recovery
            recoveries.append(site.wait())
    recoveries.sort()
    outcome.figures |= {
        "kills": dict(done), "kills_all": sum(done.values()), "seconds": round(time.monotonic() - began),
        "recovery_s": {
            "median": round(recoveries[len(recoveries) // 2], 1), "max": round(recoveries[-1], 1),
        } if recoveries else {},
    }  # fmt: skip


def _settle(connection: psycopg.Connection, plan: Plan, outcome: Outcome) -> float:
    """Wait until no due job is left; a worker's heartbeat tells that it is dead."""
    began = time.monotonic()
    left = "select task_name, status::text, count(*) from procrastinate_jobs where status in ('todo', 'doing') " \
        "and coalesce(scheduled_at, now()) <= now() group by 1, 2"  # fmt: skip
    while rows := connection.execute(left).fetchall():
        if plan.hurried:
            connection.execute(
                "update procrastinate_workers set last_heartbeat = now() - interval '5 minutes' "
                "where last_heartbeat < now() - interval '12 seconds'"
            )
            connection.execute(
                "update procrastinate_jobs set scheduled_at = null where task_name = 'outbox.retry_stalled' "
                "and status = 'todo'"
            )
        if time.monotonic() - began > (15 if plan.hurried else SETTLED_SECONDS):
            if not plan.hurried:
                outcome.faults.append(f"jobs left: {rows}")
            else:
                outcome.figures["jobs_left_in_a_short_run"] = [list(row) for row in rows]
            break
        time.sleep(1)
    failed = connection.execute(
        "select task_name, count(*) from procrastinate_jobs where status in ('failed', 'aborted') group by 1"
    ).fetchall()
    if failed:
        outcome.faults.append(f"jobs failed for good: {failed}")
    return round(time.monotonic() - began, 1)


def check(connection: psycopg.Connection, load: Load, outcome: Outcome) -> None:
    """Ask every promise again of the tables themselves."""
    counts = {
        "report": dict(connection.execute("select text, count(*) from directives_report group by 1").fetchall()),
        "notice": dict(connection.execute(NOTICES).fetchall()),
    }
    acknowledged = set(load.acknowledged)
    outcome.figures["acknowledged"] = dict(Counter(kind for kind, _ in acknowledged))
    for kind, mark in load.asked:
        found = counts[kind].get(mark, 0)
        if found > 1 or (found == 0 and (kind, mark) in acknowledged):
            outcome.faults.append(f"{kind} {mark} is there {found} times, acknowledged {(kind, mark) in acknowledged}")
    for words, query in HALF_WRITES.items():
        if rows := connection.execute(query).fetchall():
            outcome.faults.append(f"{words}: {len(rows)}, such as {rows[:3]}")


NOTICES = "select substring(title from 'C[0-9a-f]{12}'), count(*) from ledger_case where kind = 'notice' group by 1"
#: what would be a half write, and the query that finds it
HALF_WRITES = {
    "a report without its one entry": "select r.id from directives_report r left join ledger_entry e on "
    "(e.body->>'report')::bigint = r.id and e.name in ('directives.progress_reported', 'directives.contribution_given')"
    " where r.text ~ '^R[0-9a-f]{12}$' group by r.id having count(e.id) <> 1",
    "an entry of a report that is not there": "select e.id from ledger_entry e left join directives_report r on "
    "(e.body->>'report')::bigint = r.id where e.name = 'directives.progress_reported' and r.id is null",
    "a stream that counts other entries than it has": "select s.key from ledger_stream s left join ledger_entry e on "
    "e.stream_id = s.key group by s.key, s.length having count(e.id) <> s.length",
    "a case without entries": "select c.number from ledger_case c where not exists "
    "(select from ledger_entry e where e.stream_id = c.stream_id)",
    "progress that is not that of the last report": "select d.id from directives_duty d join lateral (select percent "
    "from directives_report r where r.duty_id = d.id and r.kind = 'report' order by r.id desc limit 1) r on true "
    "where exists (select from directives_report r where r.duty_id = d.id and r.text ~ '^R[0-9a-f]{12}$') "
    "and r.percent <> d.percent",
    "a notice without its rows": "select n.id from directives_notice n where not exists "
    "(select from directives_proposal p where p.notice_id = n.id) and n.source_name ~ '^C[0-9a-f]{12}.txt$'",
    "reports that were told otherwise than once each": "select c.number from ledger_case c join directives_duty d on "
    "d.case_id = c.id where exists (select from directives_report r where r.duty_id = d.id and "
    "r.text ~ '^R[0-9a-f]{12}$') and (select count(*) from directives_report r where r.duty_id = d.id and "
    "r.kind = 'report') <> (select count(*) from outbox_message m where m.case = c.number and "
    "m.subject like '进展反馈：%')",
    "two cards of one signal": "select signal_id from supervision_card group by 1 having count(*) > 1",
    "an entry handed over twice": "select subscriber, entry_id from outbox_delivery group by 1, 2 having count(*) > 1",
}


def _verify(site: Running, outcome: Outcome) -> str:
    with site.database() as connection:
        info = connection.info
        address = f"postgresql://yangguang@/yangguang?host={info.host}"
    command = [sys.executable, "-m", "yangguang.faces.cli", "ledger", "verify"]
    environment = {"DATABASE_URL": address, "YG_DATA": str(site.data), "YG_DEMO": "1"}
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        outcome.faults.append(f"ledger verify: {done.stdout[-500:]} {done.stderr[-500:]}")
    return (done.stdout.strip().splitlines() or ["-"])[-1]
