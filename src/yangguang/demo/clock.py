"""The movable clock of the demonstration: a chosen moment, from which time goes on as it really does.

It is kept in a file of the data folder, so that the web server, the worker and
the command line live in the same moment. A real instance never loads this room.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from yangguang.kernel.ledger.models import Entry
from yangguang.platform.now import BEIJING, beijing_day, parse_day, real_now, unmoved_now
from yangguang.platform.unusable import Unusable

#: office hours have begun when the demonstration wakes up
MORNING = time(9, 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the file says: the moment shown when the clock was set, and the real moment of that act."""

    shown: datetime
    real: datetime


def clock_file() -> Path:
    """Return where the chosen moment is kept."""
    return Path(settings.DATA_DIR) / "demo-clock.json"


def shown_now() -> datetime:
    """Return the present moment of the demonstration: the chosen one and what has passed since."""
    setting = _setting()
    return unmoved_now() if setting is None else setting.shown + (real_now() - setting.real)


def move_clock(day: date) -> datetime:
    """Let the demonstration live on a day from nine in the morning; return the moment shown.

    ``Unusable`` on a real instance, and for a day before the last entry of the
    trail: what is recorded cannot become the future.
    """
    if not settings.DEMO:
        raise Unusable("A real instance has no movable clock.", "Only a demonstration can live on another day.")
    last = Entry.objects.aggregate(last=Max("recorded_at"))["last"]
    if last is not None and day < beijing_day(last):
        raise Unusable(
            f"The trail already reaches {beijing_day(last)}; {day} lies before it.",
            "Choose that day or a later one, or build the demonstration anew in an empty data folder.",
        )
    shown = datetime.combine(day, MORNING, tzinfo=BEIJING)
    if last is not None and shown < last:
        shown = last
    _write(Setting(shown, real_now()))
    return shown


def chosen_day(text: str) -> date:
    """Return the day that the words of a command or form mean: a date, ``now`` (the real day) or ``+N`` days."""
    if text == "now":
        return beijing_day(real_now())
    if text.startswith("+") and text[1:].isdecimal():
        return beijing_day(shown_now()) + timedelta(days=int(text[1:]))
    return parse_day(text, "The day of the demonstration")


def _setting() -> Setting | None:
    path = clock_file()
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, stamp)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> Setting:
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Setting(datetime.fromisoformat(kept["shown"]), datetime.fromisoformat(kept["real"]))


def _write(setting: Setting) -> None:
    path = clock_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(
        json.dumps({"shown": setting.shown.isoformat(), "real": setting.real.isoformat()}), encoding="utf-8"
    )
    draft.replace(path)
