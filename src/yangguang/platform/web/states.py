"""The states a light can show, and their words."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy, pgettext_lazy


class State(StrEnum):
    """Six states; each has its own shape (``static/yg/yg.css``) and its own word."""

    NORMAL = "normal"
    BEHIND = "behind"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    DONE = "done"
    STRUCK_OFF = "struck_off"

    @property
    def word(self) -> str:
        """The word printed beside the shape, in the reader's language."""
        return str(WORDS[self])


WORDS = {
    State.NORMAL: gettext_lazy("正常"),
    State.BEHIND: gettext_lazy("滞后"),
    State.OVERDUE: gettext_lazy("逾期"),
    State.SUSPENDED: gettext_lazy("暂缓"),
    State.DONE: gettext_lazy("办结"),
    State.STRUCK_OFF: gettext_lazy("销号"),
}

TICKETS = {
    "yellow": (pgettext_lazy("牌面上的一个字", "黄"), gettext_lazy("黄牌")),
    "red": (pgettext_lazy("牌面上的一个字", "红"), gettext_lazy("红牌")),
}
