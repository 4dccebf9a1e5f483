"""In a real browser: axe, the width of a phone, no complaint of the content policy."""

import pytest

from yangguang.faces.portal.tests.browsing import open_page
from yangguang.platform import i18n
from yangguang.platform.testkit.browser import barriers

pytestmark = pytest.mark.browser
i18n.compile()  # Django reads the compiled words only

PUBLIC = ["/", "/en/", "/search/?q=登记", "/search/?q=没有这个词", "/watch/lights/", "/data/method/", "/help/",
          "/help/confirm/", "/en/help/lights/", "/site/map/", "/desk/rulebook/", "/desk/calendar/?year=2026",
          "/en/desk/calendar/?year=2027"]  # fmt: skip
STAFF = ["/desk/messages/", "/desk/search/?q=稽核", "/desk/rulebook/?q=签收", "/desk/calendar/", "/help/unit/"]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_free_of_barriers_and_fits(browser, world, width):
    found = {}
    for client, paths in ((world.client(None), PUBLIC), (world.client(world.office), STAFF)):
        for path in paths:
            page = open_page(browser, client, path, width)
            wide = page.evaluate("document.documentElement.scrollWidth") > width
            found[path] = [*barriers(page), *page.problems, *(["wider than the window"] if wide else [])]
            page.context.close()
    assert found == {path: [] for path in (*PUBLIC, *STAFF)}


def test_the_elder_view_fits_too(browser, world):
    for path in ("/?view=elder", "/watch/lights/?view=elder"):
        page = open_page(browser, world.client(None), path, 390)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.context.close()
