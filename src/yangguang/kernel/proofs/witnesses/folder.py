"""A folder that keeps a file a day: the default witness, as good as whoever else keeps that folder."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from yangguang.kernel.proofs.vocabulary import Answer, NotDeposited, Published, Seen, as_published, compared


class Folder:
    """Keeps ``2026-11-22.json`` and never writes over one."""

    name = "folder"
    every_day = True
    near = True

    def __init__(self, path: Path) -> None:
        self.path = path

    def deposit(self, published: Published) -> str:
        """Write the day's file; one that is there already is left as it is and must say the same."""
        target = self._file(published.day)
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            text = json.dumps(published.facts(), indent=1) + "\n"
            draft = target.with_suffix(f".{os.getpid()}.part")
            draft.write_text(text)
            try:
                os.link(draft, target)  # unlike a rename, this never replaces; unlike a write, it is all or nothing
            finally:
                draft.unlink()
        except FileExistsError:
            if self.look(published, "").seen is not Seen.AGREES:
                raise NotDeposited(f"{target} holds something else") from None
        except OSError as error:
            raise NotDeposited(str(error)) from error
        return target.name

    def look(self, published: Published, proof: str) -> Answer:
        """Compare the day's file with the day."""
        try:
            held = as_published(json.loads(self._file(published.day).read_text()))
        except FileNotFoundError:
            return Answer(self.name, published.day, Seen.UNREADABLE, "the file that was written is gone")
        except (OSError, ValueError, KeyError, TypeError) as error:
            return Answer(self.name, published.day, Seen.UNREADABLE, str(error))
        return compared(self.name, published, held)

    def days(self) -> set[date]:
        """Return the days that have a file."""
        found = set()
        for file in self.path.glob("????-??-??.json"):
            try:
                found.add(date.fromisoformat(file.stem))
            except ValueError:
                continue
        return found

    def _file(self, day: date) -> Path:
        return self.path / f"{day.isoformat()}.json"
