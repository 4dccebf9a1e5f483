"""Every page, on a desk's screen and on a phone's: it is there, it fits, nothing complains, axe finds nothing."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.conf import settings

from yangguang.demo.testkit.addresses import EVERY, Addresses
from yangguang.demo.testkit.visitor import Visitor
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.testkit.browser import barriers

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390)
CJK = r"[\u3400-\u4dbf\u4e00-\u9fff]"
#: where the data of the house lies that is Chinese on an English page too
LANGUAGES = ("简体中文", "虚构")
DATA = (
    "select title from ledger_case",
    "select name from organisation_unit",
    "select name from organisation_division",
    "select name from organisation_post",
    "select name from organisation_person",
    "select name from organisation_role",
    "select name from organisation_collective",
    "select issuer || document_number || source_name from directives_notice",
    "select text || path::text from directives_duty",
    "select subject || body from outbox_message",
)


@pytest.fixture(scope="module")
def visitors(browser, site):
    """Everybody who looks, by login, each signed in once."""
    there: dict[str, Visitor] = {}

    def visitor(who):
        if who not in there:
            there[who] = Visitor(browser, site, who)
        return there[who]

    yield visitor
    for one in there.values():
        one.leave()


@pytest.fixture(scope="module")
def content(site):
    """Say whether all the Chinese in some words is data: what people, bodies and papers are called and say."""
    with psycopg.connect(site.copy.url) as connection:
        data = "\n".join(str(row[0]) for query in DATA for row in connection.execute(query))
    data += "\n".join([settings.SITE_NAME, *LANGUAGES, *(str(value.cite) for value in house_rulebook())])
    return lambda words: all(run in data for run in re.findall(f"{CJK}+", words))


@pytest.fixture(scope="module")
def addresses(site):
    """The demonstration's case numbers."""
    return Addresses.of(site.copy.url)


@pytest.mark.parametrize(("who", "path"), EVERY, ids=lambda part: part or "public")
def test_a_page_is_there_fits_and_can_be_used_by_everybody(visitors, addresses, who, path):
    visitor = visitors(who)
    visitor.problems.clear()
    page = visitor.open(addresses.filled(path))
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than {width}: {widest(page, width)}")
        found += [f"{width}: {barrier}" for barrier in barriers(page)]
    assert [*found, *visitor.problems] == []


def widest(page, width):
    """Return the element that sticks out furthest."""
    return page.evaluate(
        """width => {
          const scrolls = e => e && e !== document.body
            && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
          return [...document.querySelectorAll('body *')].map(e => [e.getBoundingClientRect().right, e])
            .filter(([right, e]) => right > width + 1 && !scrolls(e.parentElement))
            .sort((a, b) => b[0] - a[0]).slice(0, 3)
            .map(([right, e]) => `${e.tagName}.${e.className} ${right}`);
        }""",
        width,
    )


#: the words of the house on a page: where one goes, what one presses, what things are called
WORDS = """cjk => {
  const house = 'nav, footer, button, .btn, th, label, legend, summary, caption, dt, h1, h2, h3, .yg-kicker, .yg-empty';
  const own = '[lang="zh"], [lang="zh-Hans"], [data-content], .yg-name-label, tbody, .yg-list, .yg-trail, .yg-source';
  const shown = [...document.querySelectorAll(house)].filter(e => !e.closest(own)).map(e => e.innerText.trim());
  const said = [...document.querySelectorAll('[placeholder], [aria-label], [title]')].filter(e => !e.closest(own))
    .flatMap(e => ['placeholder', 'aria-label', 'title'].map(name => e.getAttribute(name) ?? ''));
  return [...new Set([...shown, ...said].filter(words => new RegExp(cjk).test(words)))];
}"""


@pytest.mark.parametrize(("who", "path"), EVERY, ids=lambda part: part or "public")
def test_the_words_of_the_house_are_english_on_an_english_page(visitors, addresses, content, who, path):
    page = visitors(who).open(f"/en{addresses.filled(path)}")
    assert page.locator("html").get_attribute("lang") == "en"
    assert [words for words in page.evaluate(WORDS, CJK) if not content(words)] == []
