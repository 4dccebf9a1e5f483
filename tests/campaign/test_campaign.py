"""A short seeded campaign: a handful of kills under load, and every promise asked again."""

from __future__ import annotations

import pytest
from tests.campaign.run import Plan, campaign
from tests.campaign.site import KEPT, Running, fingerprint


@pytest.fixture(scope="module")
def built() -> None:
    """A demonstration to copy, built once for a version of the sources."""
    if not (KEPT / fingerprint()).exists():
        site = Running()
        site.wait()
        site.keep()


@pytest.mark.wide
def test_nothing_acknowledged_is_lost_or_done_twice_whatever_is_killed(built: None) -> None:
    outcome = campaign(Plan(kills=5, seed=20261122, seconds=10, hurried=True))
    assert outcome.faults == []
    assert outcome.figures["kills_all"]
