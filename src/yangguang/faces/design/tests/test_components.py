"""Components: a state is a shape and a word, everything variable is escaped, sources are cut where fields point."""

import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.html import strip_tags
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from yangguang.faces import design
from yangguang.platform.web import components
from yangguang.platform.web.states import State

pytestmark = pytest.mark.usefixtures("site")

CHINA = timezone(timedelta(hours=8))
EVIL = '<script>"x"&</script>'


def rendered(source, **context):
    return Template("{% load i18n yg %}" + source).render(Context(context))


def test_every_state_has_its_own_word_and_shape():
    sheet = (Path(design.__file__).parent / "static/yg/yg.css").read_text(encoding="utf-8")
    shapes = [re.search(rf"^\.yg-{state} {{.*?--yg-shape: (url\([^;]+\));", sheet, re.M).group(1) for state in State]
    assert len(set(shapes)) == len(State)
    with override("zh-hans"):
        assert [state.word for state in State] == ["正常", "滞后", "逾期", "暂缓", "办结", "销号"]
    with override("en"):
        words = {state.word for state in State}
        assert len(words) == len(State)
        assert all(word.isascii() for word in words)


def test_an_unknown_state_is_an_error_not_a_grey_lamp():
    with pytest.raises(ValueError, match="purple"):
        components.lamp("purple")


@pytest.mark.parametrize(
    "html",
    [
        components.lamp("overdue", EVIL),
        components.tag(EVIL),
        components.icon("bell", EVIL),
        components.clock_bar("behind", 90, EVIL, note=EVIL),
        components.progress(3, EVIL),
        components.source_text(EVIL, [(0, 3)]),
        components.source_pane(EVIL, []),
    ],
)
def test_words_are_escaped(html):
    assert "<script" not in html
    assert "&lt;" in html


@pytest.mark.parametrize(("percent", "width"), [(-5, 0), (0, 0), (49.6, 50), (100, 100), (240, 100)])
def test_width_classes_exist_for_every_share(percent, width):
    assert f"yg-w-{width}" in components.bar(percent)


def test_no_style_attribute_anywhere():
    everything = [
        components.clock_bar("suspended", 45, "停表"),
        components.lights({"normal": 3, "overdue": 1}),
        components.day_boxes(["used", "stopped", "left"]),
    ]
    assert not [html for html in everything if "style=" in html]


def test_day_boxes_number_only_the_days_that_count():
    html = components.day_boxes(["used", "used", "stopped", "left"])
    assert re.findall(r'<li class="yg-(\w+)">([^<]+)', html) == [
        ("used", "1"),
        ("used", "2"),
        ("stopped", "停"),
        ("left", "3"),
    ]
    assert "已用 2 个工作日，停表 1 天，还剩 1 个工作日" in html


def test_lights_print_numbers_in_words_and_leave_out_nothing_present():
    html = components.lights({"overdue": 2, "normal": 18, "done": 0}, {"overdue": "/late/"})
    assert "正常 18" in html
    assert '<a href="/late/">' in html
    assert "办结" not in html


def test_a_clock_that_moves_carries_its_moment():
    due = datetime(2026, 11, 23, 17, 30, tzinfo=CHINA)
    html = components.clock_bar("behind", 92, "剩 3 时 20 分", due_at=due)
    assert 'data-due="2026-11-23T17:30:00+08:00"' in html
    assert 'data-left="剩 {h} 时 {m} 分"' in html


def test_a_withdrawn_card_says_so():
    assert "黄牌（已撤回）" in components.ticket("yellow", withdrawn=True)


@pytest.mark.parametrize(("days", "words"), [(3, "剩 3 个工作日"), (0, "今天到期"), (-2, "超 2 个工作日")])
def test_remaining_words(days, words):
    assert components.remaining_words(days) == words


def test_overlapping_spans_share_pieces_and_nothing_is_lost():
    html = components.source_text("甲乙丙丁戊", [(1, 4, "text"), (2, 3, "lead")])
    assert re.findall(r'data-s="(\d)" data-e="(\d)" class="([^"]+)">(.)', html) == [
        ("1", "2", "yg-s-text", "乙"),
        ("2", "3", "yg-s-lead yg-s-text", "丙"),
        ("3", "4", "yg-s-text", "丁"),
    ]


@given(
    st.text(alphabet="甲乙丙𠮷<&\n a", max_size=40),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45), st.sampled_from(["text", "lead"])), max_size=12),
)
def test_source_pieces_always_add_up_to_the_source(text, spans):
    html = components.source_text(text, spans)
    plain = strip_tags(html).replace("&lt;", "<").replace("&amp;", "&")
    assert plain == text
    for start, end in re.findall(r'data-s="(\d+)" data-e="(\d+)"', html):
        assert any(s <= int(start) and int(end) <= e for s, e, _ in spans)
    covered = {i for s, e, _ in spans for i in range(s, min(e, len(text)))}
    shown = {i for s, e in re.findall(r'data-s="(\d+)" data-e="(\d+)"', html) for i in range(int(s), int(e))}
    assert shown == covered


def test_explained_clock_puts_counted_and_skipped_days_in_order():
    explanation = {
        "due_on": date(2026, 2, 24),
        "provisional": True,
        "counted": [date(2026, 2, 14), date(2026, 2, 24)],
        "skipped": [{"day": date(2026, 2, 15), "why": "春节放假", "source": "样例1号"}],
    }
    html = rendered("{% explained_clock e cite='第三条' %}", e=explanation)
    assert re.findall(r'<th scope="row">(\S+)', html) == ["2026-02-14", "2026-02-15", "2026-02-24"]
    assert html.index("春节放假") < html.index("到期日")
    assert "暂定" in html
    assert "第三条" in html


def test_explained_clock_says_why_there_are_no_days():
    explanation = {"due_on": date(2017, 12, 31), "provisional": False, "counted": [], "skipped": []}
    html = rendered("{% explained_clock e %}", e=explanation)
    assert "<table" not in html
    assert "文件写明的就是 2017-12-31" in html


def test_explained_clock_says_reasons_in_words():
    explanation = {
        "due_on": date(2026, 11, 23),
        "provisional": False,
        "counted": [date(2026, 11, 23)],
        "skipped": [{"day": date(2026, 11, 22), "why": "weekend", "source": ""}],
    }
    html = rendered("{% explained_clock e %}", e=explanation)
    assert "周末" in html
    assert "weekend" not in html


def test_block_components_keep_their_inside():
    html = rendered("{% panel '标题' %}<b>内</b>{% endpanel %}{% note 'behind' %}{{ x }}{% endnote %}", x=EVIL)
    assert "<b>内</b>" in html
    assert "<script" not in html


def test_diff_leaves_out_what_did_not_change():
    html = rendered(
        "{% diff rows %}", rows=[{"label": "甲", "old": "1", "new": "1"}, {"label": "乙", "old": "", "new": "2"}]
    )
    assert "甲" not in html
    assert "<ins>2</ins>" in html
    assert "没有改动" in rendered("{% diff rows %}", rows=[])


def test_trail_marks_the_present_step_only():
    html = rendered(
        "{% trail t %}", t=[{"when": "", "title": "办理", "state": "now"}, {"when": date(2026, 4, 1), "title": "签收"}]
    )
    assert html.count('aria-current="step"') == 1
    assert "2026-04-01" in html
