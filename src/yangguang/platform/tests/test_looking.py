"""One look remembers until it is left, and no longer."""

from __future__ import annotations

import pytest

from yangguang.platform.looking import once, one_look


class Counted:
    """A question that tells how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return self.asked


def test_outside_of_a_look_every_question_is_asked() -> None:
    question = Counted()
    assert [once("q", question), once("q", question)] == [1, 2]


def test_a_look_asks_once_and_forgets_when_it_is_left() -> None:
    question = Counted()
    with one_look():
        assert [once("q", question), once("q", question), once("other", question)] == [1, 1, 2]
    with one_look():
        assert once("q", question) == 3


def test_nothing_found_is_remembered_too() -> None:
    with one_look():
        assert once("q", lambda: None) is None
        assert once("q", Counted()) is None


def test_a_look_that_breaks_off_leaves_nothing_behind() -> None:
    question = Counted()
    with pytest.raises(ZeroDivisionError), one_look():
        once("q", lambda: question() / 0)
    assert once("q", question) == 2
