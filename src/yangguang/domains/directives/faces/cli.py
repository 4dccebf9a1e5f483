"""`yangguang directive read`: notices into duties, without Django, server or database."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import click

from yangguang.domains.directives.reader import Reading, Settings, Unreadable, read_bytes


@click.group()
def directive() -> None:
    """Read notices into duties."""


@directive.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="JSON (the default): one object, or an array for several files.")
@click.option("--table", "as_table", is_flag=True, help="Tab-separated rows, one a duty.")
@click.option("--xlsx", type=click.Path(dir_okay=False), metavar="OUT", help="Write an Excel task list to OUT.")
@click.option("--docx", type=click.Path(dir_okay=False), metavar="OUT", help="Write a Word task list to OUT.")
def read(files: tuple[str, ...], as_json: bool, as_table: bool, xlsx: str | None, docx: str | None) -> None:
    """Read each FILE ("-": standard input) and print its duties.

    A file that cannot be read is named on standard error and the exit code is 1.
    """
    readings: list[Reading] = []
    results: list[dict[str, Any]] = []
    failed = False
    for file in files:
        try:
            readings.append(_read(file))
            results.append(readings[-1].as_json())
        except Unreadable as refusal:
            failed = True
            click.echo(f"{file}: {refusal}", err=True)
            results.append({"source": {"name": _name(file)}, "error": refusal.as_json()})
    if as_json or not (as_table or xlsx or docx):
        _print_json(results, several=len(files) > 1)
    _write(readings, as_table, xlsx, docx)
    if failed:
        sys.exit(1)


def _name(file: str) -> str:
    return "-" if file == "-" else Path(file).name


def _read(file: str) -> Reading:
    """Read one file; a file that is missing or far over the size setting is refused before it is loaded."""
    most = Settings().most_bytes
    try:
        if file == "-":
            return read_bytes(sys.stdin.buffer.read(most + 1), "-")
        with Path(file).open("rb") as stream:
            return read_bytes(stream.read(most + 1), _name(file))
    except OSError as error:
        raise Unreadable("not_found", f"文件打不开：{error.strerror or error}。", "请检查文件名和权限。") from None


def _print_json(results: list[dict[str, Any]], several: bool) -> None:
    if several:
        click.echo(json.dumps(results, ensure_ascii=False, indent=1))
    elif "error" not in results[0]:
        click.echo(json.dumps(results[0], ensure_ascii=False, indent=1))


def _write(readings: list[Reading], as_table: bool, xlsx: str | None, docx: str | None) -> None:
    if not readings or not (as_table or xlsx or docx):
        return
    export: Any = importlib.import_module("yangguang.domains.directives.reader.export")
    if as_table:
        click.echo("\n\n".join(export.as_table(reading) for reading in readings))
    for out, write in ((xlsx, export.as_xlsx), (docx, export.as_docx)):
        if out:
            try:
                Path(out).write_bytes(write(readings))
            except OSError as error:
                click.echo(f"{out}: 写不进去：{error.strerror or error}。请换一个位置。", err=True)
                sys.exit(1)


@directive.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--unit", "unit_code", metavar="CODE", help="The office that takes them in; else the only one that may.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The instance's data folder.")
def import_files(files: tuple[str, ...], unit_code: str | None, data: Path | None) -> None:
    """Take FILE... in as drafts to confirm; a notice that is here already is named and left as it is."""
    from yangguang.platform.instance import enter_instance  # noqa: PLC0415 - reading needs no instance

    enter_instance(data)
    from yangguang.domains.directives.commands.importing import import_notice, intake_office  # noqa: PLC0415 - needs Django

    office = intake_office(unit_code)
    failed = False
    for file in files:
        try:
            number, is_new = import_notice(Path(file).read_bytes(), Path(file).name, office)
            click.echo(f"{file}: {number}" + ("" if is_new else " (here already)"))
        except (Unreadable, OSError) as refusal:
            failed = True
            click.echo(f"{file}: {refusal}", err=True)
    if failed:
        sys.exit(1)
