"""`yangguang ledger …`: whether the trail is whole."""

from __future__ import annotations

import json
import sys

import click

from yangguang.platform.instance import enter_instance


@click.group()
def ledger() -> None:
    """Examine the trail of entries."""


@ledger.command()
@click.argument("streams", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print faults as JSON.")
def verify(streams: tuple[str, ...], as_json: bool) -> None:
    """Walk every chain (or the named STREAMS) and name each place that is not whole.

    Exit code 0: whole. 1: faults were found and are listed.
    """
    enter_instance()
    from yangguang.kernel.ledger.models import Entry  # noqa: PLC0415 - needs Django
    from yangguang.kernel.ledger.verification import verify as walk  # noqa: PLC0415

    faults = list(walk(list(streams) or None))
    if as_json:
        click.echo(json.dumps([{"stream": f.stream, "seq": f.seq, "what": f.what} for f in faults], ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(f"{fault.stream} #{fault.seq}: {fault.what}")
        click.echo(f"{Entry.objects.count()} entries, {len(faults)} faults", err=bool(faults))
    sys.exit(1 if faults else 0)
