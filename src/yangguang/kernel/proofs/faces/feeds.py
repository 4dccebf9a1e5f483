"""Atom feed of the daily roots: a reader of feeds that keeps them is a witness."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from yangguang.kernel.proofs import queries
from yangguang.kernel.proofs.models import ClosedDay

#: newest days a feed carries
ITEMS = 31


class RootFeed(Feed):  # type: ignore[type-arg]
    """The latest closed days with root and seal."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Name the feed by the site."""
        return _("%(site)s：台账每日根") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        """Lead to the list of days."""
        return reverse("proofs:days")

    def subtitle(self) -> str:
        """Say what it is good for."""
        return _("每天结束后封存的台账指纹。谁留存了它，以后就能看出台账有没有被改过")

    def items(self) -> list[ClosedDay]:
        """Return the newest days."""
        return list(queries.closed_days()[:ITEMS])

    def item_title(self, item: ClosedDay) -> str:
        """Print day and short seal."""
        return f"{item.day} {item.published.short}"

    def item_description(self, item: ClosedDay) -> str:
        """Print everything that is needed to compare."""
        return _("累计 %(size)d 条 · 根 %(root)s · 封印 %(seal)s") % {
            "size": item.size,
            "root": item.root,
            "seal": item.seal,
        }

    def item_link(self, item: ClosedDay) -> str:
        """Lead to the day's page."""
        return reverse("proofs:day", args=[item.day.isoformat()])

    def item_guid(self, item: ClosedDay) -> str:
        """Name the day by its seal: a rewritten day is a new entry in every reader."""
        return f"urn:yangguang:seal:{item.seal}"

    def item_pubdate(self, item: ClosedDay) -> datetime:
        """Return when it was closed."""
        return item.closed_at
