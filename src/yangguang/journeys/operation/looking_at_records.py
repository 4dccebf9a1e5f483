"""Looking over the database and what lies in it: tables, trail, keys, calendars, jobs, messages, backups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from yangguang.journeys.operation import copies
from yangguang.journeys.operation.backup import REMEMBERED
from yangguang.journeys.operation.findings import Finding, fail, ok, warn
from yangguang.kernel.documents.commands import unseal
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.office.vocabulary import EVERYTHING
from yangguang.kernel.organisation.models import Officer, Role
from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.vocabulary import State
from yangguang.platform.now import real_now, today
from yangguang.platform.unusable import Unusable
from yangguang.platform.vault import SealBroken, house_vault

OLDEST_SERVER = 15
#: seconds by which the clocks of program and database may differ
SKEW_WARN, SKEW_FAIL = 2.0, 60.0
#: a worker says every ten seconds that it lives
SILENT = timedelta(seconds=60)
LATE = timedelta(minutes=10)
#: entries at the end of the trail whose chains are walked
TAIL = 500
BACKUP_WARN, BACKUP_FAIL = timedelta(days=2), timedelta(days=8)


def look_at_database() -> Iterator[Finding]:
    """Look at the server, its clock and the tables."""
    with connection.cursor() as cursor:
        before = real_now()
        cursor.execute(
            "select clock_timestamp(), current_setting('server_version'), current_setting('server_encoding'),"
            " (select rolsuper from pg_roles where rolname = current_user)"
        )
        moment, version, encoding, superuser = cursor.fetchone()
        middle = before + (real_now() - before) / 2
    yield from _server(version, encoding, superuser)
    yield _skew(abs((moment - middle).total_seconds()))
    pending = pending_migrations()
    if pending:
        yield fail("migrations", _("还有 %(n)s 步表结构升级没有做。") % {"n": len(pending)}, "yangguang upgrade")
    else:
        yield ok("migrations", _("表结构是本版本的。"))


def pending_migrations() -> list[str]:
    """Return the steps that the tables still lack."""
    executor = MigrationExecutor(connection)
    return [str(step) for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _server(version: str, encoding: str, superuser: bool) -> Iterator[Finding]:
    says = _("数据库 PostgreSQL %(version)s 有应答。") % {"version": version}
    if int(version.split(".")[0]) < OLDEST_SERVER:
        yield fail("database", says, _("请升级到 PostgreSQL 15 或更新版本。"))
    elif encoding != "UTF8":
        yield fail("database", _("数据库的编码是 %(encoding)s。") % {"encoding": encoding}, "createdb --encoding UTF8")
    elif superuser and not settings.DEMO:
        remedy = _("请改用只拥有本库的账户：超级用户能绕过轨迹的触发器。")
        yield warn("database", _("本系统以数据库超级用户身份连接。"), remedy)
    else:
        yield ok("database", says)


def _skew(seconds: float) -> Finding:
    says = _("程序与数据库的时钟相差 %(seconds)s 秒。") % {"seconds": f"{seconds:.1f}"}
    if seconds >= SKEW_WARN:
        return (fail if seconds >= SKEW_FAIL else warn)("time", says, _("请在两台机器上启用时间同步（chrony）。"))
    return ok("time", says)


def look_at_work() -> Iterator[Finding]:
    """Look at the worker, its jobs and the messages."""
    yield worker()
    at = real_now()
    stuck = ProcrastinateJob.objects.filter(status="doing")
    stuck = stuck.exclude(worker__last_heartbeat__gte=at - SILENT).count()
    late = ProcrastinateJob.objects.filter(status="todo", attempts=0, scheduled_at=None)
    late = late.filter(procrastinateevent__type="deferred", procrastinateevent__at__lt=at - LATE).distinct().count()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    if stuck or late:
        says = _("%(late)s 项任务等了十分钟以上，%(stuck)s 项办到一半停住。") % {"late": late, "stuck": stuck}
        yield warn("jobs", says, _("后台程序运行时会自动接着办；如不减少，请看它的日志。"))
    else:
        yield ok("jobs", _("后台任务没有积压。"))
    if failed:
        says = _("%(n)s 项后台任务多次失败后放弃。") % {"n": failed}
        yield warn("failed-jobs", says, "python -m django procrastinate shell → list_jobs status=failed")
    else:
        yield ok("failed-jobs", _("没有放弃的后台任务。"))
    yield _messages(at)


def worker() -> Finding:
    """Say whether a worker has told within the last minute that it lives."""
    heard = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    if heard is not None and real_now() - heard <= SILENT:
        return ok("worker", _("后台程序在运行。"))
    return fail("worker", _("后台程序没有运行：期限无人监看，消息发不出去。"), "yangguang worker run")


def _messages(at: datetime) -> Finding:
    failed = Message.objects.filter(state=State.FAILED).count()
    waiting = Message.objects.filter(state=State.QUEUED, created_at__lt=at - timedelta(hours=1)).count()
    if failed or waiting:
        says = _("%(failed)s 条消息未送达，%(waiting)s 条等了一小时以上。") % {"failed": failed, "waiting": waiting}
        return warn("outbox", says, _("请核对 YG_OUTBOX_URLS 和对方服务；站内提醒不受影响。"))
    return ok("outbox", _("消息都已送出或记录在案。"))


def look_at_trust() -> Iterator[Finding]:
    """Look at the trail, the keys, the backups, the powers."""
    yield _trail()
    yield from _keys()
    yield from _backup()
    yield from _powers()


def _trail() -> Finding:
    last = Entry.objects.order_by("-pk").values_list("stream_id", flat=True)[:TAIL]
    streams = sorted(set(last))
    faults = list(verify(streams))
    if faults:
        first = faults[0]
        says = _("轨迹有 %(n)s 处不完整，第一处在 %(stream)s 第 %(seq)s 条。")
        facts = {"n": len(faults), "stream": first.stream, "seq": first.seq}
        return fail("ledger", says % facts, "yangguang ledger verify")
    return ok("ledger", _("最近记过事的 %(n)s 条轨迹链完整。") % {"n": len(streams)})


def _keys() -> Iterator[Finding]:
    try:
        house_vault()
        newest = SealedRecord.objects.filter(erased_at=None).order_by("-sealed_at").first()
        if newest is not None:
            unseal(newest)
    except (Unusable, SealBroken) as problem:
        yield fail("vault", _("密封的个人信息打不开：%(why)s") % {"why": problem}, _("请放回 vault.keys，见备份。"))
        return
    yield ok("vault", _("密封个人信息的密钥可用。"))


def last_backup() -> dict[str, object] | None:
    """Return what the instance remembers of its last backup."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('platform_instance') is not null")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute("select value from platform_instance where key = %s", [REMEMBERED])
        row = cursor.fetchone()
    return json.loads(row[0]) if row else None


def _backup() -> Iterator[Finding]:
    if settings.DEMO:
        yield ok("backup", _("演示不必备份。"))
        return
    kept = last_backup()
    if kept is None:
        yield warn("backup", _("从未备份。"), "yangguang backup DIR --passphrase-file FILE")
        return
    age = real_now() - datetime.fromisoformat(str(kept["at"]))
    says = _("上次备份是 %(hours)s 小时以前。") % {"hours": int(age.total_seconds() // 3600)}
    if age > BACKUP_WARN:
        yield (fail if age > BACKUP_FAIL else warn)("backup", says, "yangguang backup DIR --passphrase-file FILE")
    else:
        yield ok("backup", says)
    yield _kept_keys(kept)


def _kept_keys(kept: dict[str, object]) -> Finding:
    now = {name: copies.fingerprint(key) for name, key in copies.keys_at_hand(Path(settings.DATA_DIR)).items()}
    if not kept["sealed"]:
        return warn("keys", _("备份里没有密钥。"), _("请确认另有一份，或用 --passphrase-file 一并备份。"))
    if kept["keys"] != now:
        return fail("keys", _("密钥在上次备份以后换过。"), "yangguang backup DIR --passphrase-file FILE")
    return ok("keys", _("现用的密钥在备份里。"))


def _powers() -> Iterator[Finding]:
    if not Officer.objects.exists():
        yield warn("powers", _("还没有任命管理员。"), "yangguang setup token")
        return
    held = {capability for role in Role.objects.all() for capability in role.capabilities}
    lacking = [capability for capability in EVERYTHING if capability not in held]
    if lacking:
        says = _("没有岗位有这些权限：%(which)s。") % {"which": ", ".join(lacking)}
        yield warn("powers", says, _("请在“机构与人员”的“角色”里授予，或运行 yangguang upgrade。"))
    else:
        yield ok("powers", _("每项管理权限都有角色持有。"))


def look_at_calendar() -> Iterator[Finding]:
    """Look whether the working calendar is settled for this year and the next."""
    calendar, day = calendar_in(""), today()
    if not calendar.first <= day <= calendar.last:
        yield fail("calendar", _("工作日历不含今天。"), _("请更新本系统。"))
        return
    if day.year in calendar.provisional_years:
        yield fail("calendar", _("今年的放假安排仍是暂定。"), _("请在“放假通知”里采用国务院办公厅的通知。"))
        return
    if day.year + 1 > calendar.last.year or day.year + 1 in calendar.provisional_years:
        says = _("%(year)s 年的放假安排尚未采用，跨年的期限是暂定的。") % {"year": day.year + 1}
        if day.month >= 11:
            yield warn("calendar", says, _("通知公布后请在“放假通知”里采用（yangguang clock adopt）。"))
        else:
            yield ok("calendar", says)
        return
    yield ok("calendar", _("今年和明年的放假安排都已采用。"))
