"""Faults under load: `python -m tests.campaign --kills 200`. See docs/howto/run-the-fault-campaign.md."""

from __future__ import annotations

import argparse
import json
import sys

from tests.campaign.run import Plan, campaign

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="processes killed (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="draws which process and when (default: 1)")
    parser.add_argument("--minutes", type=float, default=60, help="stop killing after so many minutes")
    given = parser.parse_args()
    outcome = campaign(Plan(given.kills, given.seed, given.minutes * 60))
    print(json.dumps(outcome.figures, ensure_ascii=False, indent=1))
    print("\n".join(outcome.faults) or "No fault was found.")
    sys.exit(bool(outcome.faults))
