"""`yangguang server …`: the running platform."""

from __future__ import annotations

import sys

import click

from yangguang.platform.service.__main__ import main


@click.group()
def server() -> None:
    """Run the platform."""


@server.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(arguments: tuple[str, ...]) -> None:
    """Do what ./run does in a checkout; `yangguang server run --help` lists the options."""
    sys.exit(main(arguments))
