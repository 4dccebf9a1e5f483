"""Building the demonstration: the organisation, then the history line by line until its day.

Each step is one transaction that also records itself on the builder's stream, so
that a build that was killed goes on where it stopped, and a second build does nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Max

from yangguang.demo.clock import clock_file, move_clock, shown_now
from yangguang.demo.organising import Organiser
from yangguang.demo.players import Stage
from yangguang.demo.playing import VERBS, watch_over
from yangguang.demo.vocabulary import BUILDER, STREAM, DemoBuilt, StepBuilt
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.processes.commands import publish_house_processes
from yangguang.kernel.proofs.commands import close_days
from yangguang.platform.now import BEIJING, beijing_day, set_clock
from yangguang.platform.unusable import Unusable

CONTENT = Path(__file__).parent / "content"
#: the day on which the demonstration lives unless another is asked for
USUAL_DAY = date(2026, 11, 23)
#: when the clocks of the last day are looked at
EVENING = time(8, 30)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: steps played now, steps of the whole history until the day, and the day."""

    played: int
    steps: int
    today: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the history and what plays it."""

    at: datetime
    verb: str
    play: Callable[[Stage], None]


def build_demo(today: date = USUAL_DAY) -> Built:
    """Set the province up and play its history until a day; go on with a build that was broken off.

    ``Unusable`` on an instance that is no demonstration, on one that holds an
    organisation of its own, and where the content has changed since the build began.
    """
    if not settings.DEMO:
        raise Unusable("This instance is for real work.", "Build the demonstration in an empty data folder.")
    done = list(Entry.objects.filter(stream__key=STREAM).order_by("seq"))
    if done and done[-1].name == DemoBuilt.name:
        return _already(done)
    script = _fingerprint()
    if done and done[-1].body["script"] != script:
        raise Unusable(
            "The demonstration was begun by another version and not finished.", "Start it in an empty data folder."
        )
    steps = list(_steps(today))
    stage = Stage(steps[0].at, _history()["notices"])
    set_clock(lambda: stage.moment)
    try:
        for number, step in enumerate(steps[len(done) :], start=len(done) + 1):
            _play(stage, step, number, script)
        _finish(stage, len(steps), script)
    finally:
        set_clock(shown_now)
    move_clock(today)
    close_days(at=shown_now())
    return Built(len(steps) - len(done), len(steps), today)


def _already(done: Sequence[Entry]) -> Built:
    """Return what an earlier build did; where the data folder has lost the clock, it goes on from the last entry."""
    day = beijing_day(shown_now())
    if not clock_file().exists():
        last = Entry.objects.aggregate(last=Max("recorded_at"))["last"]
        day = beijing_day(move_clock(beijing_day(last)))
    return Built(0, len(done) - 1, day)


def _play(stage: Stage, step: Step, number: int, script: str) -> None:
    stage.moment = max(step.at, stage.moment)
    with writing(STREAM, by=Actor.system(BUILDER), at=stage.moment) as draft:
        step.play(stage)
        draft.record(StepBuilt(number=number, verb=step.verb, script=script))


def _finish(stage: Stage, steps: int, script: str) -> None:
    with writing(STREAM, by=Actor.system(BUILDER), at=stage.moment) as draft:
        draft.record(DemoBuilt(steps=steps, script=script))


def _steps(today: date) -> Iterator[Step]:
    content = yaml.safe_load((CONTENT / "organisation.yaml").read_text(encoding="utf-8"))
    begun = _moment(content["beginning"]["at"])
    if today < begun.date():
        raise Unusable(f"The demonstration begins on {begun.date()}.", "Choose that day or a later one.")
    yield Step(begun, "organise", lambda stage: Organiser(content, stage.moment).organise())
    yield Step(begun, "publish-processes", lambda stage: publish_house_processes(at=stage.moment))
    last = begun
    for line in sorted(_history()["lines"], key=lambda line: str(line["at"])):
        at = _moment(line["at"])
        if at.date() > today:
            break
        last = at
        yield Step(at, line["do"], lambda stage, line=line: VERBS[line["do"]](stage, line))
    evening = datetime.combine(today, EVENING, tzinfo=BEIJING)
    yield Step(max(last, evening), "watch", watch_over)


def _history() -> dict[str, Any]:
    """Return the labels of the notices and the lines of all files of the history."""
    notices: dict[str, str] = {}
    lines: list[dict[str, Any]] = []
    for path in sorted((CONTENT / "history").glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        notices |= page.get("notices", {})
        lines += page["lines"]
    return {"notices": notices, "lines": lines}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def _fingerprint() -> str:
    """Return what stands for the content, so that a build is never continued with another."""
    digest = hashlib.sha256()
    for path in sorted(p for p in CONTENT.rglob("*") if p.is_file()):
        digest.update(json.dumps(path.name).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
