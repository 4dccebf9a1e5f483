"""A unit, an officer and a stream to write on."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.kernel.organisation.models import Division, Officer, Person, Post, Unit
from yangguang.kernel.organisation.vocabulary import Level, Nature


@pytest.fixture
def unit(db):
    """Return a unit of the invented province."""
    division = Division.objects.create(
        code="990000",
        name="青禾省",
        short_name="青禾",
        level=Level.PROVINCE,
        sort_key="qinghe",
        valid_from=date(2000, 1, 1),
    )
    return Unit.objects.create(
        division=division,
        code="990000-01",
        name="青禾省财政厅",
        nature=next(iter(Nature)),
        level=Level.PROVINCE,
        sort_key="qinghe caizheng",
        valid_from=date(2000, 1, 1),
    )


@pytest.fixture
def officer(unit):
    """Return an officer of that unit."""
    person = Person.objects.create(number="1", name="演示一", sort_key="yanshi")
    post = Post.objects.create(unit=unit, name="科员", scope=unit, valid_from=date(2000, 1, 1))
    return Officer.objects.create(person=person, post=post, valid_from=date(2000, 1, 1))
