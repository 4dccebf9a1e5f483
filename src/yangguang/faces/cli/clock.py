"""`yangguang clock`: working days, deadlines and why. Runs without Django, server or database."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

import click

from yangguang.kernel.clock.calendar import DayFact, WorkingCalendar
from yangguang.kernel.clock.jurisdictions import calendar_for, expected_of
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.notice_text import read_notice, year_of_text
from yangguang.kernel.clock.notices import NATION, Notice, pack_notice
from yangguang.kernel.clock.reckoning import Reckoning, reckon
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.clock.vocabulary import WHY_ZH, ClockError, EventKind, Why

_WEEKDAYS = "一二三四五六日"
# Python reads more forms of ISO 8601 than people write; a slip must not become another day.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")
#: a notice has some thousand characters; what is longer is no notice
_LARGEST_TEXT = 100_000
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _with_calendars(command: _Command) -> _Command:
    """Give a command the option for further calendar folders."""
    option = click.option(
        "--calendars",
        "folders",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        envvar="YANGGUANG_CALENDARS",
        help="A further folder of calendars. May be repeated.",
    )
    return option(command)


@click.group()
def clock() -> None:
    """Working days, deadlines and why."""


@clock.command()
@click.option("--from", "start", help="Day of the start (not counted), or moment for limits in hours.")
@click.option("--term", help="Such as '5 working days', '30 calendar days', '3 months', '24 hours', '5个工作日'.")
@click.option("--jurisdiction", help="Division code (GB/T 2260). Without it: the national calendar.")
@click.option("--pause", "pauses", multiple=True, help="Days A..B that do not count, both included. May be repeated.")
@click.option("--roll", is_flag=True, help="A last day on a closed day moves to the next working day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--batch", is_flag=True, help="Read one JSON request a line from standard input, answer one a line.")
@_with_calendars
def due(
    start: str | None,
    term: str | None,
    jurisdiction: str | None,
    pauses: tuple[str, ...],
    roll: bool,
    as_json: bool,
    batch: bool,
    folders: tuple[Path, ...],
) -> None:
    """Print when a term falls due, and which days counted."""
    if batch:
        sys.exit(_answer_lines(sys.stdin.buffer, jurisdiction, roll, folders))
    if start is None or term is None:
        raise click.UsageError("--from and --term are needed, or --batch.")
    request = {"from": start, "term": term, "pauses": [pause.split("..", 1) for pause in pauses]}
    try:
        reckoning = _reckon(request, jurisdiction, roll, folders)
    except ClockError as error:
        _fail(error, as_json)
    click.echo(_Printer().line(reckoning) if as_json else _as_table(reckoning))


@clock.command()
@click.option("--year", type=click.IntRange(1, 9999), required=True, help="The year to show.")
@click.option("--jurisdiction", help="Division code (GB/T 2260). Without it: the national calendar.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_with_calendars
def calendar(year: int, jurisdiction: str | None, as_json: bool, folders: tuple[Path, ...]) -> None:
    """Print the special days of a year with their notices."""
    try:
        days = calendar_for(jurisdiction, extra=folders)
        head = max(dt.date(year, 1, 1) - dt.timedelta(1), days.first)
        working = days.between(head, dt.date(year, 12, 31)) + (head.year == year and days.is_work(head))
    except ClockError as error:
        _fail(error, as_json)
    special = days.special_days(year)
    provisional = year in days.provisional_years
    if not as_json:
        click.echo(_year_table(days, year, working, special))
        return
    answer = {
        "jurisdiction": days.jurisdiction,
        "year": year,
        "version": days.version,
        "provisional": provisional,
        "working_days": working,
        "days": [_day_json(fact) for fact in special],
    }
    click.echo(_json(answer))


@clock.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@_with_calendars
def read(file: IO[str], folders: tuple[Path, ...]) -> None:
    """Read the words of the State Council's holiday notice in FILE (- is standard input) as a calendar file."""
    text = _text_of(file)
    try:
        about = year_of_text(text)
        expected = expected_of(NATION, about, extra=folders) if about else None
        found = read_notice(text, expected=expected)
    except ClockError as error:
        _fail(error, as_json=False)
    click.echo(_as_calendar_file(found.notice))
    for sentence in found.unread:
        click.echo(f"# {sentence}")


@clock.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--jurisdiction", default="", help="Code of the division it is for. Without it: the whole nation.")
@click.option("--number", default="", help="Its document number, where the text has none.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Its day, where the text bears none.")
@click.option("--dry-run", is_flag=True, help="Only say what was read and which running clocks would move.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def adopt(
    file: IO[str], jurisdiction: str, number: str, published: dt.datetime | None, dry_run: bool, as_json: bool
) -> None:
    """Adopt the holiday notice in FILE (- is standard input) for this instance.

    The worker then reckons running clocks anew: the old days stay in the trail, and the units are told.
    """
    text = _text_of(file)
    from yangguang.platform.instance import enter_instance  # noqa: PLC0415 - the other commands need no instance
    from yangguang.platform.now import now  # noqa: PLC0415

    enter_instance()
    from yangguang.kernel.ledger.adopting import adopt_notice, moves_of, place_of, read_words  # noqa: PLC0415
    from yangguang.kernel.ledger.vocabulary import Actor, Refused, plain  # noqa: PLC0415 - needs Django

    try:
        day = published.date() if published else None
        found = read_words(text, jurisdiction=jurisdiction, number=number, published=day)
        moves = list(moves_of(found.notice, place_of(jurisdiction)))
        if not dry_run:
            adopt_notice(
                found, jurisdiction=jurisdiction, text=text, moves=len(moves), by=Actor.system("setup"), at=now()
            )
    except ClockError as error:
        _fail(error, as_json)
    except Refused as refused:
        _fail(ClockError(refused.code, "{says}", remedy=refused.remedy, says=refused.says), as_json)
    rows = [
        {"case": m.deadline.case.number, "clock": m.deadline.label, "old": m.deadline.due_on, "new": m.due_on}
        for m in moves
    ]
    if as_json:
        answer = {"notice": pack_notice(found.notice), "unread": found.unread, "adopted": not dry_run, "moves": rows}
        click.echo(_json(plain(answer)))
        return
    click.echo(_as_calendar_file(found.notice))
    for row in rows:
        click.echo(f"{row['old']} → {row['new']}  {row['case']}  {row['clock']}")
    click.echo(f"{len(rows)} 个期限{'将会变动，没有写入' if dry_run else '由后台逐一改算'}。")


def _text_of(file: IO[str]) -> str:
    try:
        return file.read(_LARGEST_TEXT)
    except UnicodeDecodeError as error:
        raise click.ClickException("The file is not UTF-8 text. Save the words of the notice as plain text.") from error


def _as_calendar_file(notice: Notice) -> str:
    """Return a notice as a file of the calendar folder."""
    lines = [
        "notices:", f"  - title: {notice.source.title}", f"    number: {notice.source.number or 'null'}",
        f"    published: {notice.published or 'null'}",
    ]  # fmt: skip
    lines += [f"    covers: {notice.covers}"] if notice.covers else []
    lines.append("    festivals:")
    for name, days in pack_notice(notice)["festivals"].items():
        kinds = {kind: [span if len(set(span.split(".."))) > 1 else span.split("..")[0] for span in spans]
                 for kind, spans in days.items() if kind != "why" and spans}  # fmt: skip
        parts = [f"{kind}: [{', '.join(spans)}]" for kind, spans in kinds.items()]
        parts += [f"why: {days['why']}"] if "why" in days else []
        lines.append(f"      {name}: {{{', '.join(parts)}}}")
    return "\n".join(lines)


def _answer_lines(lines: Iterable[bytes], jurisdiction: str | None, roll: bool, folders: tuple[Path, ...]) -> int:
    """Answer each line; return the exit code, 1 where any request was impossible."""
    out = sys.stdout.buffer
    printer = _Printer()
    failed = 0
    for line in lines:
        try:
            answer = printer.line(_reckon(_read_request(line), jurisdiction, roll, folders))
        except ClockError as error:
            failed = 1
            answer = _error_json(error)
        out.write(answer.encode("utf-8", "backslashreplace") + b"\n")
    out.flush()
    return failed


def _read_request(line: bytes) -> Mapping[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ClockError("bad_json", "这一行不是 JSON。") from error
    if not isinstance(request, dict):
        raise ClockError("bad_request", "每行须是一个 JSON 对象。")
    return request


def _reckon(
    request: Mapping[str, Any], jurisdiction: str | None, roll: bool, folders: tuple[Path, ...]
) -> Reckoning:
    code = request.get("jurisdiction", jurisdiction)
    if not (code is None or isinstance(code, str)):
        raise ClockError("bad_jurisdiction", "“{code}”不是行政区划代码（2、4、6、9或12位数字）。", code=str(code)[:80])
    rolls = request.get("roll", roll)
    if not isinstance(rolls, bool):
        raise ClockError("bad_request", "“roll”须是 true 或者 false。")
    limit = Limit(parse_term(_text(request, "term")), rolls=rolls)
    start = _moment(_text(request, "from"))
    pauses = [_pause(pause) for pause in _list(request.get("pauses", []))]
    calendar = calendar_for(code, extra=folders)
    return reckon(limit, [Event(EventKind.START, start)], calendar, uncounted=pauses)


def _text(request: Mapping[str, Any], key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str):
        raise ClockError("bad_request", "缺少“{key}”，或者它不是文字。", key=key)
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ClockError("bad_pause", "“pauses”须是 [[始日, 终日], …]。")
    return value


def _moment(text: str) -> dt.date | dt.datetime:
    if not _MOMENT.fullmatch(text):
        return _day(text)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad_date(text) from error


def _day(text: object) -> dt.date:
    if not (isinstance(text, str) and _DAY.fullmatch(text)):
        raise _bad_date(text)
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise _bad_date(text) from error


def _bad_date(text: object) -> ClockError:
    return ClockError("bad_date", "“{date}”不是日期，应如 2026-02-13。", date=str(text)[:40])


def _pause(pair: object) -> tuple[dt.date, dt.date]:
    if not isinstance(pair, list) or len(pair) not in (1, 2):
        raise ClockError("bad_pause", "“pauses”须是 [[始日, 终日], …]。")
    first, last = _day(pair[0]), _day(pair[-1])
    if last < first:
        raise ClockError("bad_pause", "中止期间 {begin}..{end} 的终日早于始日。", begin=first, end=last)
    return first, last


class _Printer:
    """Writes answers as JSON. What one day says is written once and kept: a batch meets the same days often."""

    def __init__(self) -> None:
        # calendar version -> day -> its text where it was counted, skipped by the calendar, or paused
        self._kept: dict[str, dict[dt.date, tuple[str, str, str]]] = {}

    def line(self, reckoning: Reckoning) -> str:
        """Return an answer as one line of JSON."""
        kept = self._kept.setdefault(reckoning.calendar_version, {})
        counted: list[str] = []
        skipped: list[str] = []
        for fact, why in reckoning.account.days():
            texts = kept.get(fact.day) or kept.setdefault(fact.day, _day_texts(fact))
            if why is None:
                counted.append(texts[0])
            else:
                skipped.append(texts[2 if why is Why.PAUSED else 1])
        due_at = f', "due_at": "{reckoning.due_at.isoformat()}"' if reckoning.due_at else ""
        return (
            f'{{"due_on": {json.dumps(reckoning.due_on and reckoning.due_on.isoformat())}, '
            f'"provisional": {json.dumps(reckoning.provisional)}, '
            f'"counted": [{", ".join(counted)}], "skipped": [{", ".join(skipped)}]{due_at}}}'
        )


def _day_texts(fact: DayFact) -> tuple[str, str, str]:
    day = fact.day.isoformat()
    skipped, paused = (
        _json({"day": day, "why": why.value, "source": _source(fact, why)}) for why in (fact.why, Why.PAUSED)
    )
    return f'"{day}"', skipped, paused


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _source(fact: DayFact, why: Why) -> str:
    if why is Why.PAUSED:
        return "--pause"
    return f"{fact.source}·{fact.name}" if fact.name else str(fact.source)


def _error_json(error: ClockError) -> str:
    return _json({"error": {"code": error.code, "message": str(error)}})


def _fail(error: ClockError, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(_error_json(error))
    else:
        click.echo(" ".join(part for part in (str(error), error.cite, error.remedy) if part), err=True)
    sys.exit(1)


def _as_table(reckoning: Reckoning) -> str:
    final = "（暂定：所涉年份的放假通知尚未公布）" if reckoning.provisional else ""
    moment = f" {reckoning.due_at:%H:%M}" if reckoning.due_at else ""
    lines = [f"最后一日 {_with_weekday(reckoning.due_on)}{moment}{final}", ""]
    count = 0
    for fact, why in reckoning.account.days():
        count += why is None
        mark = f"第{count}日" if why is None else "不计入"
        reason = WHY_ZH[why or fact.why]
        source = "" if why is None and fact.why is Why.WORKDAY else f"  {_source(fact, why or fact.why)}"
        lines.append(f"{_with_weekday(fact.day)}  {mark}\t{reason}{source}")
    return "\n".join(lines)


def _with_weekday(day: dt.date | None) -> str:
    return f"{day} 周{_WEEKDAYS[day.weekday()]}" if day else "——"


def _day_json(fact: DayFact) -> dict[str, Any]:
    return {
        "day": fact.day.isoformat(),
        "is_work": fact.is_work,
        "why": fact.why,
        "name": fact.name,
        "source": str(fact.source),
        "confidence": fact.source.confidence,
        "provisional": fact.provisional,
    }


def _year_table(days: WorkingCalendar, year: int, working: int, special: list[DayFact]) -> str:
    final = "，暂定：放假通知尚未公布" if year in days.provisional_years else ""
    lines = [f"{year}年 {days.jurisdiction}：{working}个工作日{final}（日历版本 {days.version}）", ""]
    for fact in special:
        mark = "上班" if fact.is_work else "休息"
        unsure = " 暂定" if fact.provisional else ""
        lines.append(f"{_with_weekday(fact.day)}  {mark}{unsure}\t{WHY_ZH[fact.why]} {fact.name}  {fact.source}")
    return "\n".join(lines)
