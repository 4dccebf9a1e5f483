"""Measure the operations that decide whether a province fits on one machine."""

from __future__ import annotations

import argparse
import importlib
import os

import django

#: operation -> the module that races it
RACES = {"O1": "working_days", "O2-O6": "cases", "O8": "reading"}


def main() -> None:
    """Run the races that the options ask for."""
    parser = argparse.ArgumentParser(prog="./bench", description="Race our code with peers and floors, round by round.")
    told = "O1: working days; O2-O6: sweep, steps, lists, reports, public pages; O8: reading a notice"
    parser.add_argument("--only", choices=sorted(RACES), help=told)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller sizes")
    parser.add_argument(
        "--load", action="store_true", help="instead: two hundred officers, two thousand citizens at once"
    )
    parser.add_argument("--seconds", type=float, default=120, help="how long they stay (default 120)")
    options = parser.parse_args()
    if options.load:
        importlib.import_module("load").run(options.seconds)
        return
    rounds, size = (3, 100_000) if options.quick else (9, 1_000_000)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load}. Times an item; median [least-most]. Below 1 ours is faster.")
    for name, module in RACES.items():
        if options.only in {None, name}:
            if module == "cases":
                _set_up_django()
            importlib.import_module(module).run(rounds, size)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.config.settings")
    os.environ.setdefault("YG_DEMO", "1")
    django.setup()


if __name__ == "__main__":
    main()
