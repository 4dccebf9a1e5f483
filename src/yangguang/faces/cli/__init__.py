"""The command line `yangguang NOUN VERB`.

Nouns are loaded only when they are called, so that the clock and the directive
reader answer without Django, a server or a database.
"""

from __future__ import annotations

import importlib

import click

from yangguang.platform.unusable import Unusable

#: noun -> (module:attribute of its click command, one line of help)
NOUNS: dict[str, tuple[str, str]] = {
    "backup": ("yangguang.faces.cli.keeping:backup", "Save the instance: database, files, keys."),
    "clock": ("yangguang.faces.cli.clock:clock", "Working days, deadlines and why."),
    "db": ("yangguang.faces.cli.db:db", "The database: start, stop, open, dump, restore."),
    "demo": ("yangguang.demo.cli:demo", "The demonstration province: build, logins, clock."),
    "directive": ("yangguang.domains.directives.faces.cli:directive", "Read notices into duties."),
    "doctor": ("yangguang.faces.cli.doctor:doctor", "Look the instance over; each fault with its remedy."),
    "ledger": ("yangguang.faces.cli.ledger:ledger", "The trail: whether it is whole."),
    "restore": ("yangguang.faces.cli.keeping:restore", "Bring a backup back into an empty instance."),
    "server": ("yangguang.faces.cli.server:server", "Run the platform."),
    "setup": ("yangguang.faces.cli.setup:setup", "Begin a real instance: organisation, people, processes."),
    "upgrade": ("yangguang.faces.cli.upgrade:upgrade", "Bring an instance up to this version."),
    "vault": ("yangguang.faces.cli.vault:vault", "Keys of sealed personal data; erase a person."),
    "watch": ("yangguang.supervision.faces.cli:watch", "Supervision: sweep, and read its rules."),
    "worker": ("yangguang.faces.cli.worker:worker", "Do the jobs of the queue."),
}


class LazyNouns(click.Group):
    """A group whose nouns are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the nouns in alphabetical order."""
        return sorted(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of a noun, or None where there is no such noun."""
        if cmd_name not in NOUNS:
            return None
        module, attribute = NOUNS[cmd_name][0].split(":")
        return getattr(importlib.import_module(module), attribute)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is not usable ends it with one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except Unusable as problem:
            raise click.ClickException(str(problem)) from problem

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the nouns with their help without importing them."""
        with formatter.section("Nouns"):
            formatter.write_dl([(noun, NOUNS[noun][1]) for noun in self.list_commands(ctx)])


@click.command(cls=LazyNouns)
@click.version_option(package_name="yangguang")
def main() -> None:
    """Yangguang: promises of government on lawful clocks."""
