"""In a real browser: axe, keyboard, phones, no JavaScript, source and fields, drafts."""

import pytest

from yangguang.platform.testkit.browser import barriers

pytestmark = pytest.mark.browser

PAGES = ["/design/", "/design/?bad&toast=1", "/design/portal/", "/design/portal/?view=elder", "/design/confirm/",
         "/design/plain/", "/design/act/", "/en/design/", "/en/design/portal/", "/nowhere/"]  # fmt: skip


@pytest.fixture
def open_page(browser, site_url):
    contexts = []

    def opened(address, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: note(page, message))
        page.goto(site_url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def note(page, message):
    if message.type == "error" and "404" not in message.text:
        page.problems.append(message.text)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_the_page_fits(open_page, address, width):
    page = open_page(address, width)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.problems == []


def test_the_policy_stops_what_is_inline(open_page):
    page = open_page("/design/plain/")
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.head.append(s)"
    )
    assert page.evaluate("window.bad") is None


def test_everything_can_be_reached_by_tab_and_shows_where_one_is(open_page):
    page = open_page("/design/")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(e => e.checkVisibility() && !e.disabled && !(e.type === 'radio')).length"""
    )
    seen = set()
    for _ in range(wanted * 2):
        page.keyboard.press("Tab")
        mark = page.evaluate(
            """() => { const e = document.activeElement; e.dataset.seen ??= String(Math.random());
            return [e.dataset.seen, e.tagName, e.type ?? '', getComputedStyle(e).outlineStyle,
                    e.closest('.yg-find') ? 'solid' : ''] }"""
        )
        if mark[1] == "BODY":
            break
        assert "solid" in mark[3:] or mark[3] == "auto", mark
        if mark[2] != "radio":
            seen.add(mark[0])
    assert len(seen) >= wanted


def test_the_skip_link_comes_first_and_works(open_page):
    page = open_page("/design/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "yg-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_letters_move_select_search_and_open_the_sheet(open_page):
    page = open_page("/design/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-selected-words]").inner_text() == "已选 1 项"
    assert page.locator("tr.yg-cursor input[data-select]").is_checked()
    page.keyboard.press("?")
    assert page.locator("#yg-keys").is_visible()
    assert "督查台账" in page.locator("#yg-keys").inner_text()
    page.keyboard.press("?")
    assert not page.locator("#yg-keys").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jjx?/")
    assert page.locator("[data-search]").input_value() == "jjx?/"
    assert not page.locator("#yg-keys").is_visible()


def test_g_and_a_letter_go_somewhere(open_page):
    page = open_page("/design/")
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/design/confirm/")


def test_letters_can_be_switched_off(open_page):
    page = open_page("/design/")
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.locator("tr.yg-cursor").count() == 0
    page.keyboard.press("?")
    assert page.locator("#yg-keys").is_visible()


def test_letters_are_silent_while_an_input_method_composes(open_page):
    page = open_page("/design/")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))")
    assert page.locator("tr.yg-cursor").count() == 0


def test_select_all_and_bulk_buttons(open_page):
    page = open_page("/design/")
    assert page.locator("[data-bulk] button").is_disabled()
    page.locator("[data-select-all]").check()
    assert page.locator("[data-selected-words]").inner_text() == "已选 5 项"
    assert page.locator("[data-bulk] button").is_enabled()


def test_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page("/design/?bad")
    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    page.locator("[data-errors] a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_a_field_lights_its_characters_and_a_character_finds_its_field(open_page):
    page = open_page("/design/confirm/")
    page.locator("#f5").focus()
    assert "".join(page.locator(".yg-lit").all_inner_texts()) == "𠮷水镇等乡镇11月底前接通专线。"
    page.locator("[data-source] span", has_text="11月底前").click()
    assert page.evaluate("document.activeElement.id") == "f6"
    page.keyboard.press("Alt+s")
    assert page.evaluate("document.activeElement.matches('[data-source]')")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f5"


def test_typed_text_survives_leaving_and_is_dropped_on_request(open_page):
    page = open_page("/design/")
    page.locator("#id_reason").fill("写了一半的理由")
    here = page.url
    page.goto(f"{here}portal/")
    page.goto(here)
    assert page.locator("#id_reason").input_value() == "写了一半的理由"
    page.locator("[data-draft-notice] button").click()
    assert page.locator("#id_reason").input_value() == ""
    page.goto(f"{here}?again")
    assert page.locator("#id_reason").input_value() == ""


def test_without_javascript_nothing_is_missing(open_page):
    page = open_page("/design/", java_script_enabled=False)
    assert page.locator("[data-bulk] button").is_enabled()
    page.locator(".yg-head-actions summary").click()
    assert page.locator("a[download]").first.is_visible()
    page.locator("a[rel=next]").click()
    assert "扩大公务卡" in page.locator("tbody").first.inner_text()
    plain = open_page("/design/confirm/#s26", java_script_enabled=False)
    assert plain.locator("[data-source] span").count() > 5


def test_shapes_differ_without_colour(open_page):
    page = open_page("/design/")
    lamps = page.locator(".yg-row").first.locator(".yg-lamp")
    shapes = lamps.evaluate_all("all => all.map(e => getComputedStyle(e, '::before').maskImage)")
    assert len(set(shapes)) == 6


def test_paper_shows_no_navigation(open_page):
    page = open_page("/design/")
    page.emulate_media(media="print")
    assert not page.locator(".yg-side").is_visible()
    assert not page.locator(".yg-top").is_visible()
    assert page.locator("h1").is_visible()
