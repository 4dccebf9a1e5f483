"""The manual: whole in both languages, plainly written, and reached from every page that names it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from yangguang.faces.portal.manual import LANGUAGES, MANUAL, neighbours, page_of, topics
from yangguang.faces.portal.values import KINDS, ROLLS
from yangguang.kernel.rulebook import Kind, Rolls

PACKAGE = Path(__file__).parents[3]
NAMED = re.compile(r"""portal:help_topic['"] ['"]([a-z]+)['"]""")


def test_both_languages_have_the_same_pages_with_the_same_parts():
    zh, en = (topics(language) for language in LANGUAGES)
    assert [topic.slug for topic in zh] == [topic.slug for topic in en]
    for one, other in zip(zh, en, strict=True):
        for part in ("<h2>", "<table>", "<li>", "<tr>"):
            assert one.html.count(part) == other.html.count(part), (one.slug, part)
        assert one.title
        assert one.lead
        assert other.lead


@pytest.mark.parametrize("path", sorted(MANUAL.glob("*.md")), ids=lambda path: path.name)
def test_pages_are_written_by_the_content_rules(path):
    text = path.read_text(encoding="utf-8")
    assert "你" not in text
    assert not re.search("[！!]", text)
    assert text.startswith("# ")
    for paragraph in text.split("\n\n")[2:]:
        if path.name.endswith(".zh.md") and paragraph[0] not in "#|>-1":
            sentences = [s for s in re.split("[。；：]", paragraph) if s]
            assert max(map(len, sentences)) <= 60, paragraph
    if path.name.endswith(".en.md"):
        assert len(re.findall("[一-鿿]", text)) < 30


def test_every_help_link_leads_to_a_page():
    named = {slug for file in PACKAGE.rglob("templates/**/*.html") for slug in NAMED.findall(file.read_text("utf-8"))}
    assert named
    assert named <= {topic.slug for topic in topics("zh")}


def test_neighbours_stop_at_the_ends():
    first, last = topics("zh")[0].slug, topics("zh")[-1].slug
    assert neighbours(first, "zh")[0] is None
    assert neighbours(last, "zh")[1] is None
    assert neighbours(first, "zh")[1] == topics("zh")[1]


@pytest.mark.django_db
def test_a_page_of_the_manual_and_one_that_is_not_there():
    assert page_of("confirm", "zh") is not None
    html = Client().get("/help/confirm/").content.decode()
    assert "单位对不上" in html
    assert "<table>" in html
    assert Client().get("/help/nothing/").status_code == 404


def test_every_word_of_the_rulebook_has_words_on_the_page():
    assert set(KINDS) == set(Kind)
    assert set(ROLLS) == set(Rolls)
