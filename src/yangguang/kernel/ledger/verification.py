"""Whether the trail is whole: every chain walked from its first entry to its head."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from yangguang.kernel.ledger import chain
from yangguang.kernel.ledger.models import Entry, Stream


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain is broken, and how."""

    stream: str
    seq: int
    what: str


#: columns that repeat what the hashed text says, with how to read them from the text
def _columns(content: dict) -> dict[str, object]:
    kind, key, unit = content["actor"]
    return {"name": content["name"], "actor_kind": kind, "actor_key": key, "actor_unit_id": unit,
            "body": content["body"], "previous": content["previous"]}


def verify(streams: list[str] | None = None) -> Iterator[Fault]:
    """Yield every fault of the given streams, or of all: changed, missing, swapped or cut entries."""
    wanted = Stream.objects.order_by("key") if streams is None else Stream.objects.filter(key__in=streams)
    for stream in wanted.iterator():
        yield from _verify_stream(stream)
    if streams is None:
        for entry in Entry.objects.filter(~Q(stream__in=Stream.objects.all()))[:100]:
            yield Fault(str(entry.stream_id), entry.seq, "entry without a stream")


def _verify_stream(stream: Stream) -> Iterator[Fault]:
    head, expected = "", 0
    for entry in Entry.objects.filter(stream=stream).order_by("seq").iterator():
        expected += 1
        if entry.seq != expected:
            yield Fault(stream.key, expected, f"missing: the next entry is number {entry.seq}")
            expected = entry.seq
        yield from _verify_entry(stream.key, entry, head)
        head = entry.hash
    if expected != stream.length:
        yield Fault(stream.key, expected, f"cut: the stream counts {stream.length} entries")
    elif head != stream.head:
        yield Fault(stream.key, expected, "the head does not match the last entry")


def _verify_entry(key: str, entry: Entry, head: str) -> Iterator[Fault]:
    if chain.digest(entry.text) != entry.hash:
        yield Fault(key, entry.seq, "altered: the text does not give the hash")
        return
    content = json.loads(entry.text)
    if content["previous"] != head:
        yield Fault(key, entry.seq, "does not follow the entry before it")
    if (content["stream"], content["seq"]) != (key, entry.seq):
        yield Fault(key, entry.seq, "stands in a place that is not its own")
    moments = {"occurred_at": chain.moment(entry.occurred_at), "recorded_at": chain.moment(entry.recorded_at)}
    for name, value in {**_columns(content), **{k: content[k] for k in moments}}.items():
        if moments.get(name, getattr(entry, name, None)) != value:
            yield Fault(key, entry.seq, f"altered: column {name} differs from the hashed text")
