"""The log beside the trail: a line for each committed entry, by which a request's id leads to what it wrote."""

from __future__ import annotations

import logging

from django.db import transaction

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Event

logger = logging.getLogger("yangguang.ledger")


def tell_of_entry(entry: Entry, event: Event) -> None:
    """Log stream, place and name of an entry once it is committed; where nobody listens, nothing is done."""
    if not logger.isEnabledFor(logging.INFO):
        return
    facts = {"stream": entry.stream_id, "seq": entry.seq, "entry": event.name}
    transaction.on_commit(lambda: logger.info("recorded", extra=facts))
