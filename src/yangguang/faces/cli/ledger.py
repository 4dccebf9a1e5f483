"""`yangguang ledger …`: whether the trail is whole, its daily roots, and who outside holds them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yangguang.platform.instance import enter_instance
from yangguang.platform.unusable import Unusable

if TYPE_CHECKING:
    from yangguang.kernel.ledger.verification import Fault
    from yangguang.kernel.proofs.vocabulary import Answer

# Each command enters the instance before it imports what needs Django.
# ruff: noqa: PLC0415


@click.group()
def ledger() -> None:
    """Examine the trail of entries, close its days, ask its witnesses."""


@ledger.command()
@click.argument("streams", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print faults as JSON.")
def verify(streams: tuple[str, ...], as_json: bool) -> None:
    """Walk every chain and every daily root (or the chains of the named STREAMS) and name each place not whole.

    Without STREAMS the roots are also held against the witnesses that lie at hand.
    Exit code 0: whole. 1: faults were found and are listed.
    """
    enter_instance()
    from yangguang.kernel.ledger.models import Entry
    from yangguang.kernel.ledger.verification import Fault
    from yangguang.kernel.ledger.verification import verify as walk
    from yangguang.kernel.proofs.models import ClosedDay
    from yangguang.kernel.proofs.verification import compare, verify_roots
    from yangguang.kernel.proofs.witnesses import witnesses

    faults: list[Fault] = list(walk(list(streams) or None))
    if not streams:
        faults += verify_roots()
        near = [witness for witness in witnesses() if witness.near]
        wrong = [answer for answer in compare(near) if answer.is_fault]
        faults += [Fault(f"day {one.day}", 0, f"witness {one.witness}: {one.words}") for one in wrong]
    if as_json:
        click.echo(json.dumps([{"stream": f.stream, "seq": f.seq, "what": f.what} for f in faults], ensure_ascii=False))
    else:
        _list(faults)
        told = f"{Entry.objects.count()} entries, {ClosedDay.objects.count()} closed days, {len(faults)} faults"
        click.echo(told, err=bool(faults))
    sys.exit(1 if faults else 0)


def _list(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.stream} #{fault.seq}: {fault.what}")


@ledger.command("close-day")
@click.option("--json", "as_json", is_flag=True, help="Print the closed days as JSON.")
def close_day(as_json: bool) -> None:
    """Close every day that has ended: give its entries their places and keep the root. The worker does it each night.

    A day is never closed before ten past midnight, Beijing time, nor while a
    writing is open that began before; a closed day is left alone.
    """
    enter_instance()
    from yangguang.kernel.proofs.commands import close_days
    from yangguang.kernel.proofs.tasks import hand_out
    from yangguang.platform.now import now

    closed = close_days(at=now())
    hand_out()
    if as_json:
        click.echo(json.dumps([day.published.facts() for day in closed]))
        return
    for day in closed:
        click.echo(f"{day.day}  {day.size} entries  root {day.root}  seal {day.published.short}")
    if not closed:
        click.echo("No day to close.")


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--public", is_flag=True, help="Leave out the text of what the public may not see; keep its hash.")
def export(file: Path, public: bool) -> None:
    """Write the ledger into FILE, an entry a line in its canonical text, for verify_ledger.py.

    Without --public the file holds what only officers may see.
    """
    enter_instance()
    from yangguang.kernel.proofs.queries import ledger_file

    lines = 0
    try:
        with file.open("x", encoding="utf-8") as out:
            for line in ledger_file(public=public):
                out.write(line + "\n")
                lines += 1
    except FileExistsError as there:
        raise Unusable(f"{file} is there already.", "Name a new file: nothing is written over.") from there
    click.echo(f"{lines - 1} entries in {file}")


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def roots(file: Path) -> None:
    """Write the published roots of all days into FILE: to keep elsewhere, or for verify_ledger.py."""
    enter_instance()
    from yangguang.kernel.proofs.queries import roots_file

    content = roots_file()
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    click.echo(f"{len(content['days'])} days in {file}")


@ledger.command()
@click.option("--kept", type=click.Path(path_type=Path, exists=True), help="A copy of the roots kept elsewhere.")
@click.option("--printed", multiple=True, metavar="DAY=SEAL", help="A seal typed from print. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print every answer as JSON.")
def witness(kept: Path | None, printed: tuple[str, ...], as_json: bool) -> None:
    """Compare what the witnesses hold with our roots, and name the day that differs.

    Exit code 0: all agree. 1: one differs or cannot be read.
    """
    enter_instance()
    from yangguang.kernel.proofs.verification import compare, compare_with, compare_with_print, first_difference
    from yangguang.kernel.proofs.witnesses import witnesses

    answers = list(compare(witnesses()))
    if kept is not None:
        answers += compare_with(_days_of(kept), kept.name)
    answers += compare_with_print(dict(_typed(one) for one in printed))
    wrong = [answer for answer in answers if answer.is_fault]
    if as_json:
        click.echo(json.dumps([_shown(answer) for answer in answers], ensure_ascii=False))
    else:
        for answer in wrong:
            click.echo(f"{answer.day}  {answer.witness}: {answer.seen}: {answer.words}")
        if (first := first_difference(answers)) is not None:
            click.echo(f"The first day that differs is {first.day}: entries of it, or before it, were rewritten later.")
        click.echo(f"{len(answers)} answers, {len(wrong)} faults", err=bool(wrong))
    sys.exit(1 if wrong else 0)


def _shown(answer: Answer) -> dict[str, str]:
    return {
        "day": answer.day.isoformat(),
        "witness": answer.witness,
        "seen": answer.seen.value,
        "words": answer.words,
    }


def _days_of(file: Path) -> list:
    from yangguang.kernel.proofs.vocabulary import as_published

    try:
        return [as_published(day) for day in json.loads(file.read_text(encoding="utf-8"))["days"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{file} is no file of roots: {error}.", "Give a copy of roots.json.") from error


def _typed(text: str) -> tuple:
    from yangguang.platform.now import parse_day

    day, _equals, seal = text.partition("=")
    return parse_day(day, "--printed"), seal
