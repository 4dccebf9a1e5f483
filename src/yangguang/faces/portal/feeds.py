"""Atom feed of the notices whose duties are public."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yangguang.faces.portal import promises
from yangguang.faces.portal.promises import Promised
from yangguang.platform.now import today
from yangguang.platform.web.states import WORDS, State

#: newest notices a feed carries
ITEMS = 30


class NoticeFeed(Feed):  # type: ignore[type-arg]
    """The latest notices with their duties and lights."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Name the feed by the site."""
        return _("%(site)s：来文与任务落实") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        """Lead to the list of duties."""
        return reverse("directives:public_duties")

    def subtitle(self) -> str:
        """Say what is in it."""
        return _("最新公开的来文，每份分解出几项任务、现在各亮什么灯")

    def items(self) -> list[Promised]:
        """Return the newest notices."""
        return promises.notices(today(), ITEMS)

    def item_title(self, item: Promised) -> str:
        """Print the notice's title with its number."""
        number = f"（{item.notice.document_number}）" if item.notice.document_number else ""
        return f"{item.notice.case.title}{number}"

    def item_description(self, item: Promised) -> str:
        """Print the count of duties and of each light."""
        total = sum(item.lamps.values())
        lights = [f"{WORDS[state]} {item.lamps[state.value]}" for state in State if item.lamps.get(state.value)]
        said = ngettext("%(n)d 项任务", "%(n)d 项任务", total) % {"n": total}
        return " · ".join([said, *lights])

    def item_link(self, item: Promised) -> str:
        """Lead to the notice's public page."""
        return reverse("directives:public_notice", args=[item.notice.case.number])

    def item_guid(self, item: Promised) -> str:
        """Name the entry by what never changes, the case number."""
        return f"urn:yangguang:case:{item.notice.case.number}"

    def item_pubdate(self, item: Promised) -> datetime | None:
        """Return when it was published."""
        return item.notice.case.public_from

    def item_updateddate(self, item: Promised) -> datetime:
        """Return when its state changed last."""
        return item.notice.case.state_since
