"""`yangguang directive read`: notices into duties, without Django, server or database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from yangguang.domains.directives.reader import Reading, Unreadable, read_bytes


@click.group()
def directive() -> None:
    """Read notices into duties."""


@directive.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "form", flag_value="json", default=True, help="JSON (the default): an object, or an array for several files.")
def read(files: tuple[str, ...], form: str) -> None:
    """Read each FILE ("-": standard input) and print its duties."""
    results: list[dict[str, Any]] = []
    failed = False
    for file in files:
        try:
            reading = _open(file)
            results.append(reading.as_json())
        except Unreadable as refusal:
            failed = True
            click.echo(f"{file}: {refusal}", err=True)
            results.append({"source": {"name": file}, "error": refusal.as_json()})
    if len(files) > 1 or not failed:
        click.echo(json.dumps(results if len(files) > 1 else results[0], ensure_ascii=False, indent=1))
    if failed:
        sys.exit(1)


def _open(file: str) -> Reading:
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return read_bytes(data, "-" if file == "-" else Path(file).name)
