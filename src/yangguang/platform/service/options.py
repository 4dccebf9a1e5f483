"""The options of `./run`; needs nothing but the standard library, so that --help answers before the set-up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from yangguang.platform.now import parse_day
from yangguang.platform.unusable import Unusable


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of one start; a wrong one ends it with the usage."""
    parser = argparse.ArgumentParser(prog="./run", description="Start Yangguang in the foreground; Ctrl-C stops it.")
    parser.add_argument("notices", nargs="*", type=Path, metavar="NOTICE", help="notices to import as drafts")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--data", type=Path, help="data folder (default: .data in the checkout)")
    parser.add_argument("--no-demo", action="store_true", help="begin an empty instance for real work")
    parser.add_argument("--today", metavar="DATE", help="let the demonstration live on this day, as 2026-02-13")
    parser.add_argument("--setup-only", action="store_true", help="only set up .venv, for running and for testing")
    options = parser.parse_args(arguments)
    if options.today:
        parse_day(options.today, "--today")
        if options.no_demo:
            raise Unusable("A real instance has no movable clock.", "Leave out --today or --no-demo.")
    for notice in options.notices:
        if not notice.is_file():
            raise Unusable(f"There is no file {notice}.", "Give the paths of notices to import.")
    return options


if __name__ == "__main__":
    read_options(sys.argv[1:])
