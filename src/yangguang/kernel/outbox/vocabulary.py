"""The words of the outbox: channels and states of a message. Needs no Django settings."""

from __future__ import annotations

import enum

from django.utils.translation.trans_null import gettext_noop as _


class Channel(enum.StrEnum):
    """The way by which a message reaches its reader."""

    INAPP = "inapp"
    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"

    @property
    def zh(self) -> str:
        """Return the channel as pages name it."""
        return {"inapp": _("站内"), "email": _("邮件"), "sms": _("短信"), "wecom": _("企业微信")}[self.value]


class State(enum.StrEnum):
    """Where a message stands; ``recorded`` says honestly that no carrier is set up for its channel."""

    QUEUED = "queued"
    SENT = "sent"
    RECORDED = "recorded"
    FAILED = "failed"

    @property
    def zh(self) -> str:
        """Return the state as pages name it."""
        if self is State.RECORDED:
            return _("已记录，未接通外部通道")
        return {"queued": _("待发送"), "sent": _("已送达"), "failed": _("未送达")}[self.value]


class NotDelivered(Exception):
    """A carrier did not take a message; the job is tried again later."""
