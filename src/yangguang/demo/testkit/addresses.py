"""Addresses of the demonstration's pages, for tests that look at every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

#: who looks: nobody in particular, the inspection office's clerk, a handler of the finance department
PUBLIC, CLERK, HANDLER, ADMINISTRATOR = "", "duchashi", "caizheng", "guanliyuan"

_NUMBERS = {
    "duty": "select c.number from ledger_case c join directives_duty d on d.case_id = c.id "
    "where c.public_from is not null and c.owner_id = (select id from organisation_unit where code = '99-finance') "
    "and c.parent_id is null and c.state = 'in_progress' and d.lamp = 'normal' order by c.number limit 1",
    "collective": "select c.number from ledger_case c join directives_duty d on d.case_id = c.id "
    "where d.children_total > 0 and c.public_from is not null order by c.number limit 1",
    "notice": "select number from ledger_case where kind = 'notice' and public_from is not null "
    "order by number limit 1",
    "card": "select c.number from ledger_case c join ledger_case p on p.id = c.parent_id where c.kind = 'card' "
    "and c.public_from is not null order by c.number limit 1",
    "own_card": "select number from ledger_case where kind = 'card' and closed_at is null "
    "and owner_id = (select id from organisation_unit where code = '99-finance') order by number limit 1",
    "person": "select number from organisation_person order by number limit 1",
}

_PAGES: dict[str, tuple[str, ...]] = {
    PUBLIC: (
        "/", "/search/?q=公开", "/help/", "/help/confirm/", "/watch/lights/", "/data/method/", "/site/map/",
        "/watch/duties/", "/watch/duties/?lamp=overdue", "/watch/duties/{duty}/", "/watch/duties/{collective}/",
        "/open/notices/{notice}/", "/watch/rules/", "/watch/rules/D2/", "/watch/cards/", "/watch/cards/{card}/",
        "/desk/rulebook/", "/desk/calendar/?year=2026", "/accounts/login/", "/accounts/signup/", "/accounts/demo/",
        "/demo/clock/", "/api/docs/",
    ),
    CLERK: (
        "/desk/", "/desk/notices/", "/desk/notices/new/", "/desk/notices/{notice}/", "/desk/notices/{notice}/correct/",
        "/desk/duties/", "/desk/duties/?q=公开&view=all", "/desk/duties/{duty}/", "/desk/duties/{collective}/",
        "/desk/duties/{duty}/plan/", "/desk/duties/{duty}/merge/", "/desk/units/99-finance/", "/desk/search/?q=公开",
        "/desk/messages/", "/desk/watch/", "/desk/watch/cases/", "/desk/watch/cards/", "/desk/watch/cards/{card}/",
        "/desk/watch/rules/", "/desk/watch/rules/D2/", "/desk/processes/", "/desk/processes/duty/1/", "/help/notices/",
    ),
    HANDLER: (
        "/desk/", "/desk/duties/", "/desk/duties/{duty}/", "/desk/duties/{duty}/report/", "/desk/duties/{duty}/extend/",
        "/desk/units/99-finance/", "/desk/messages/", "/desk/watch/cards/", "/desk/watch/cards/{own_card}/",
        "/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/",
    ),
    ADMINISTRATOR: (
        "/desk/setup/", "/desk/setup/units/", "/desk/setup/units/new/", "/desk/setup/units/99-finance/",
        "/desk/setup/divisions/", "/desk/setup/people/", "/desk/setup/people/{person}/", "/desk/setup/roles/",
        "/desk/setup/collectives/", "/desk/setup/calendars/", "/desk/setup/calendars/new/", "/desk/setup/accounts/",
        "/desk/setup/import/", "/desk/processes/check/",
    ),
}  # fmt: skip
#: every page as it is written above: who looks, and where
EVERY: list[tuple[str, str]] = [(who, path) for who, paths in _PAGES.items() for path in paths]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Numbers of cases of one copy of the demonstration, put into addresses."""

    numbers: Mapping[str, str]

    @classmethod
    def of(cls, url: str) -> Addresses:
        """Look the numbers up in the database of an address."""
        with psycopg.connect(url) as connection:
            found = {name: connection.execute(query).fetchone() for name, query in _NUMBERS.items()}
        missing = [name for name, row in found.items() if row is None]
        assert not missing, f"the demonstration has no {missing}"
        return cls({name: str(row[0]) for name, row in found.items() if row})

    def filled(self, path: str) -> str:
        """Return an address with the numbers of this copy."""
        return path.format_map(self.numbers)
