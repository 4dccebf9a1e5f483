"""One look: what a page asks the database again and again it asks once, and remembers until the page is done.

Only requests that read open a look. Outside of one, as in every command, each question goes to the database,
so that an act is always judged by what holds at its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")

_LOOK: ContextVar[dict[Hashable, Any] | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Remember what is found until the block is left."""
    token = _LOOK.set({})
    try:
        yield
    finally:
        _LOOK.reset(token)


def once(question: Hashable, find: Callable[[], Found]) -> Found:
    """Return what was found for a question in this look, else find it."""
    look = _LOOK.get()
    if look is None:
        return find()
    if question not in look:
        look[question] = find()
    found: Found = look[question]
    return found
