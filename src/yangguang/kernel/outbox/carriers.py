"""Carrying messages out of the house through Apprise; without a carrier they are recorded only.

``settings.OUTBOX_URLS`` maps a channel to an Apprise URL in which ``{address}``
stands for the reader's address, such as ``mailtos://user:password@smtp.example.cn?to={address}``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

import apprise
from django.conf import settings

from yangguang.kernel.outbox.models import Message
from yangguang.kernel.outbox.vocabulary import Channel, NotDelivered, State

#: returns the addresses of a message's reader on a channel
AddressBook = Callable[[Message], Sequence[str]]
ADDRESS_BOOKS: dict[Channel, AddressBook] = {}


def look_up(channel: Channel) -> Callable[[AddressBook], AddressBook]:
    """Register the address book of a channel; called from ``apps.py`` of a room that knows addresses."""

    def register(book: AddressBook) -> AddressBook:
        if ADDRESS_BOOKS.setdefault(channel, book) is not book:
            raise TypeError(f"two address books for {channel}")
        return book

    return register


def carry(message: Message) -> State:
    """Hand a message to its carrier and return its new state; raises ``NotDelivered`` where that failed."""
    channel = Channel(message.channel)
    template = getattr(settings, "OUTBOX_URLS", {}).get(channel.value, "")
    if not template:
        return State.RECORDED
    addresses: Sequence[str] = ("",)
    if "{address}" in template:
        book = ADDRESS_BOOKS.get(channel)
        addresses = book(message) if book else ()
        if not addresses:
            raise NotDelivered(f"message {message.pk}: no address on {channel}")
    carrier = apprise.Apprise()
    for address in addresses:
        if not carrier.add(template.replace("{address}", quote(address, safe="@"))):
            raise NotDelivered(f"message {message.pk}: OUTBOX_URLS[{channel.value!r}] is no Apprise address")
    if not carrier.notify(title=message.subject, body=message.body or message.subject):
        raise NotDelivered(f"message {message.pk}: the carrier refused it")
    return State.SENT
