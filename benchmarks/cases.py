"""O2 to O6: the sweep, steps of a process, and pages of cases, in this process on a database of their own.

Pages pass through all middleware, without sockets. The floors are what bare code does: one SQL statement, or a
few queries and a Django template. A goal in the design's tables is a ratio, and so is each line here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from django.db import connection, transaction
from django.template import engines
from django.test import Client, override_settings
from measure import Rival, race

from yangguang.domains.directives.tests.test_statements import HEAD, ROW
from yangguang.domains.directives.tests.world import World, moment
from yangguang.kernel.ledger.models import Case, Deadline, Entry, WorkItem
from yangguang.kernel.ledger.vocabulary import Event
from yangguang.kernel.ledger.writing import opening, writing
from yangguang.kernel.processes.commands import INSTALLER, begin_process, publish_process, take_step
from yangguang.kernel.processes.layout import lay_out
from yangguang.platform.testkit.databases import connected, migrated_copy, test_server
from yangguang.supervision.commands import sweep
from yangguang.supervision.models import Signal

LATE = date(2026, 4, 2)
STEPS = 6
DUTIES = 50


@dataclass(frozen=True, kw_only=True)
class Stepped(Event):
    """A step of the measured process."""

    name: ClassVar[str] = "bench.stepped"
    zh: ClassVar[str] = "办理"
    en: ClassVar[str] = "Stepped"
    sentence: ClassVar[str] = "办理。"
    sentence_en: ClassVar[str] = "Stepped."


@contextmanager
def province() -> Iterator[tuple[World, str]]:
    """Give an invented province with a notice of fifty duties, in a database that goes away afterwards."""
    with tempfile.TemporaryDirectory() as folder, test_server() as url, migrated_copy(url) as copy:
        (Path(folder) / "99-qinghe").mkdir()
        with connected(copy), override_settings(CALENDAR_DIRS=[folder], DATA_DIR=Path(folder), ALLOWED_HOSTS=["*"]):
            world = World()
            world.issue(HEAD.format(number=31) + "".join(ROW.format(row=row) for row in range(1, DUTIES + 1)))
            world.sign(1, "civil")
            yield world, copy


def run(rounds: int, size: int) -> None:
    """Race everything; `size` is that of the clocks of O1, a tenth of it that of the cases under watch."""
    with province() as (world, url):
        _pages(world, rounds)
        _submissions(world, rounds)
        _steps(world, url, rounds)
        _sweeps(world, rounds, size // 10)


def _client(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.account(who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _pages(world: World, rounds: int) -> None:
    number = world.duty(1).case.number
    rows = engines["django"].from_string(
        "<table>{% for n, t, s, d in rows %}<tr><td>{{ n }}<td>{{ t }}<td>{{ s }}"
        "<td>{{ d|date:'Y-m-d' }}{% endfor %}</table>"
    )
    page = engines["django"].from_string(
        "<h1>{{ case.title }}</h1><ul>{% for e in trail %}<li>{{ e.name }} "
        "{{ e.occurred_at|date:'Y-m-d' }}{% endfor %}</ul>"
        "<ul>{% for c in clocks %}<li>{{ c.label }} {{ c.due_on|date:'Y-m-d' }}{% endfor %}</ul>"
    )

    def listed() -> object:
        found = Deadline.objects.filter(case__kind="duty", key__startswith="by").order_by("due_on")
        return rows.render({"rows": found.values_list("case__number", "case__title", "case__state", "due_on")[:DUTIES]})

    def tracked() -> object:
        case = Case.objects.get(number=number)
        trail = Entry.objects.filter(stream=case.stream_id)
        return page.render({"case": case, "trail": trail, "clocks": Deadline.objects.filter(case=case)})

    officer, anybody = _client(world, "civil"), Client()
    lists = [
        Rival("a unit's list of 50 duties, whole page", "ours", lambda: officer.get("/desk/units/99-CIV/")),
        Rival("50 rows by values_list, bare Django template", "floor", listed),
    ]
    race("O4 my unit's tasks", lists, rounds)
    public = [
        Rival("public page of a duty, whole page", "ours", lambda: anybody.get(f"/watch/duties/{number}/")),
        Rival("3 queries and a bare Django template", "floor", tracked),
    ]
    race("O6 one duty read by the public", public, rounds)
    ways = [
        Rival("public list of 50 duties, whole page", "ours", lambda: anybody.get("/watch/duties/")),
        Rival("50 rows by values_list, bare Django template", "floor", listed),
    ]
    race("O6 the public list", ways, rounds)


def _submissions(world: World, rounds: int) -> None:
    number = world.duty(1).case.number
    officer = _client(world, "finance")
    case, count = world.duty(2).case, [0]

    def submit() -> None:
        given = {"text": "按计划推进。", "percent": "30"}
        answer = officer.post(f"/desk/duties/{number}/contribute/", given)
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def floor() -> None:
        count[0] += 1
        key = f"floor-{count[0]}"
        with transaction.atomic():
            kept = Case.objects.get(pk=case.pk)
            kept.pk = None
            kept.number = key
            kept.stream = type(case.stream).objects.create(key=key)
            kept.save()
            _entry(kept)

    ways = [
        Rival("a unit's report by its form: entry, clock, message", "ours", submit),
        Rival("case and entry in one transaction, Django", "floor", floor),
    ]
    race("O5 something is handed in", ways, rounds)


def _entry(case: Case) -> None:
    at, digest = case.opened_at, os.urandom(32).hex()
    Entry.objects.create(
        stream_id=case.stream_id, seq=1 + Entry.objects.filter(stream=case.stream_id).count(), name="bench.stepped",
        actor_kind="system", actor_key="bench", occurred_at=at, recorded_at=at, body={}, text="{}", hash=digest,
    )  # fmt: skip


def _process() -> bytes:
    nodes = ["start", *(f"s{n}" for n in range(STEPS)), "end"]
    tasks = "".join(f'<userTask id="s{n}" name="{n}" yg:command="s{n}"/>' for n in range(STEPS))
    arrows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{two}"/>'
        for n, (one, two) in enumerate(zip(nodes, nodes[1:], strict=False))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yg="urn:yangguang:bpmn:1" '
        f'targetNamespace="urn:bench"><process id="bench" name="bench" isExecutable="true"><startEvent id="start"/>'
        f'{tasks}<endEvent id="end"/>{arrows}</process></definitions>'
    ).encode()


def _steps(world: World, url: str, rounds: int) -> None:
    publish_process(lay_out(_process()), by=INSTALLER, at=world.at)
    owner, count = world.unit("99-CIV"), [0]
    facts: dict[str, Any] = {
        "kind": "benched", "title": "b", "owner": owner, "division": owner.division, "state": "open",
        "rulebook_hash": "0" * 64,
    }  # fmt: skip

    def opened() -> Case:
        count[0] += 1
        with opening(number=f"bench-{count[0]}", by=INSTALLER, at=world.at, **facts) as draft:
            begin_process(draft, "bench")
            draft.record(Stepped())
        return draft.case

    def ours() -> None:
        case = opened()
        for step in range(STEPS):
            with writing(case, by=INSTALLER, at=world.at) as draft:
                take_step(draft, f"s{step}")
                draft.record(Stepped())

    def orm() -> None:
        case = opened()
        for _ in range(STEPS):
            with transaction.atomic():
                kept = Case.objects.select_for_update().get(pk=case.pk)
                kept.state = "next"
                kept.save(update_fields=["state"])
                _entry(kept)

    bare = psycopg.connect(url, autocommit=True)
    bare.execute("create table bench_case (id bigserial primary key, state int)")
    bare.execute("create table bench_event (id bigserial primary key, case_id bigint, at timestamptz, data jsonb)")
    move = (
        "with moved as (update bench_case set state = state + 1 where id = %s and state = %s returning id) "
        "insert into bench_event (case_id, at, data) select id, now(), '{}' from moved"
    )

    def floor() -> None:
        (case,) = bare.execute("insert into bench_case (state) values (0) returning id").fetchone() or (0,)
        for step in range(STEPS):
            bare.execute(move, (case, step))

    ways = [
        Rival("take_step: chained entry, tokens, state", "ours", ours, STEPS),
        Rival("Django model and entry row, no chain, no process", "floor", orm, STEPS),
        Rival("psycopg, one statement a step, no chain", "floor", floor, STEPS),
        *_spiff(bare),
    ]
    race("O3 one step of six, each a transaction", ways, rounds)
    bare.close()


def _spiff(bare: psycopg.Connection[Any]) -> list[Rival]:
    """SpiffWorkflow, its state as JSON in the same database: the peer that runs the same files."""
    try:
        import json  # noqa: PLC0415
        from io import BytesIO  # noqa: PLC0415

        from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # noqa: PLC0415 - a peer need not be there
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: PLC0415
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: PLC0415
        from SpiffWorkflow.util.task import TaskState  # noqa: PLC0415
    except ImportError:
        print("  SpiffWorkflow is not installed; left out")
        return []
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(_process().replace(b"userTask", b"manualTask")))
    spec = parser.get_spec("bench")
    keeper = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    bare.execute("create table bench_spiff (id bigserial primary key, state jsonb)")

    def steps() -> None:
        flow = BpmnWorkflow(spec)
        flow.do_engine_steps()
        first = json.dumps(keeper.to_dict(flow))
        (case,) = bare.execute("insert into bench_spiff (state) values (%s) returning id", (first,)).fetchone() or (0,)
        for _ in range(STEPS):
            with bare.transaction():
                (state,) = bare.execute("select state from bench_spiff where id = %s for update", (case,)).fetchone()
                flow = keeper.from_dict(state)
                flow.get_tasks(state=TaskState.READY, manual=True)[0].run()
                flow.do_engine_steps()
                kept = json.dumps(keeper.to_dict(flow))
                bare.execute("update bench_spiff set state = %s where id = %s", (kept, case))
                bare.execute("insert into bench_event (case_id, at, data) values (%s, now(), '{}')", (case,))

    return [Rival("SpiffWorkflow, JSON state in PostgreSQL, psycopg", "peer", steps, STEPS)]


def _sweeps(world: World, rounds: int, cases: int) -> None:
    """Watch many cases, none of them late: a sweep that finds nothing new; then cards, twenty at a time."""
    world.go(LATE)
    first = world.duty(3).case
    columns = [c.column for c in _fields(Case) if c.column not in ("id", "number", "stream_id")]
    clock = first.deadlines.get(key="by:0")
    ours = [c.column for c in _fields(Deadline) if c.column not in ("id", "case_id", "due_on")]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_stream (key, length, head) select 'case:w-' || g, 1, '' from generate_series(1, %s) g",
            [cases],
        )
        cursor.execute(
            f"insert into ledger_case (number, stream_id, {', '.join(columns)}) select 'w-' || g, 'case:w-' || g, "
            f"{', '.join(columns)} from ledger_case, generate_series(1, %s) g where id = %s",
            [cases, first.pk],
        )
        cursor.execute(
            "insert into ledger_entry (stream_id, seq, name, actor_kind, actor_key, occurred_at, recorded_at, body, "
            "text, previous, hash) select stream_id, 1, 'bench.stepped', 'system', 'bench', opened_at, opened_at, "
            "'{}', '{}', '', md5(number) || md5(stream_id) from ledger_case where number like 'w-%%'"
        )
        names, theirs = ", ".join(map(_quoted, ours)), ", ".join(f"d.{_quoted(name)}" for name in ours)
        cursor.execute(
            f"insert into ledger_deadline (case_id, due_on, {names}) select w.id, date '2026-05-06' + "
            f"(w.id %% 200)::int, {theirs} from ledger_case w, ledger_deadline d "
            "where w.number like 'w-%%' and d.id = %s",
            [clock.pk],
        )
        cursor.execute("analyze")
    sweep(today=LATE, at=moment(LATE))
    late = "select count(*) from ledger_deadline where state = 'running' and due_on < %s"

    def floor() -> object:
        with connection.cursor() as cursor:
            cursor.execute(late, [LATE])
            return cursor.fetchone()

    def usual() -> object:
        """What is usually written: every open case is fetched and looked at."""
        return sum(
            1
            for clock in Deadline.objects.filter(state="running").select_related("case").iterator()
            if clock.due_on and clock.due_on < LATE
        )

    ways = [
        Rival("eight rules, nothing new", "ours", lambda: sweep(today=LATE, at=moment(LATE)), cases),
        Rival("one look by the index of due days", "floor", floor, cases),
        Rival("Django, every open clock fetched", "peer", usual, cases),
    ]
    race(f"O2 a sweep over {cases:,} cases", ways, min(rounds, 5))
    _cards(min(rounds, 5))


def _fields(model: type[Case] | type[Deadline]) -> Any:
    return model._meta.concrete_fields  # noqa: SLF001 - Django's documented introspection


def _quoted(name: str) -> str:
    return f'"{name}"'


def _cards(rounds: int) -> None:
    """Raise twenty cards a round, against the bare rows that the usual loop and one statement would write."""
    batch, count = 20, [0]
    waiting = iter(list(Case.objects.filter(number__startswith="w-").order_by("pk").values_list("pk", flat=True)[:400]))

    def raised() -> None:
        chosen = [next(waiting) for _ in range(batch)]
        Deadline.objects.filter(case__in=chosen).update(due_on=date(2026, 3, 31))
        before = Signal.objects.filter(rule="D2").count()
        sweep(today=LATE, at=moment(LATE))
        assert Signal.objects.filter(rule="D2").count() == before + batch

    def loop() -> None:
        for case in Case.objects.filter(number__startswith="w-").order_by("pk")[:batch]:
            count[0] += 1
            WorkItem.objects.get_or_create(
                case=case, token=1000 + count[0], defaults={"node": "x", "opened_at": moment(LATE)}
            )

    def floor() -> None:
        count[0] += 1
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into ledger_workitem (case_id, token, node, scope, instance, kind, role, state, opened_at, "
                "outcome)"
                " select id, %s, 'x', 0, -1, 'task', '', 'open', now(), '' from ledger_case where number like 'w-%%' "
                "order by id limit %s on conflict do nothing",
                [100_000 + count[0], batch],
            )

    ways = [
        Rival("a sweep that issues 20 cards, each a case with its trail", "ours", raised, batch),
        Rival("one INSERT..SELECT of bare rows", "floor", floor, batch),
        Rival("Django get_or_create of bare rows", "peer", loop, batch),
    ]
    race("O2 one card issued", ways, rounds)
