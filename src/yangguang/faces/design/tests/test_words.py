"""Two languages: nothing visible stands outside gettext, and nothing lacks its English."""

import ast

import polib
import pytest

from yangguang.platform import i18n, refusals
from yangguang.platform.i18n import Message

pytestmark = pytest.mark.usefixtures("site")


def test_no_visible_chinese_outside_gettext():
    assert i18n.untranslated_templates() == []


def test_every_message_has_its_english():
    assert i18n.missing() == []


#: files whose refusals speak to who draws a process, with the line and element; shown by no page yet
DRAWING = ("bpmn", "dmn", "cells", "expressions", "linking", "net", "drawing")


def test_the_words_of_every_refusal_can_be_translated():
    drawing = tuple(f"kernel/processes/{name}.py" for name in DRAWING)
    assert [place for place in i18n.patched_together() if not place.startswith(drawing)] == []


def test_every_refusal_class_is_known_to_the_catalogue():
    """What the sources tell is what runs: each class of the tree has its own words in English."""
    from yangguang.kernel.ledger.vocabulary import Refused  # noqa: PLC0415

    def tree(cls):
        return {cls}.union(*(tree(sub) for sub in cls.__subclasses__() if ".tests." not in sub.__module__))

    book = {entry.msgid: entry.msgstr for entry in polib.pofile(str(i18n.CATALOGUE))}
    classes = tree(Refused)
    assert len(classes) > 25
    words = {text for cls in classes for text in (cls.says, cls.remedy) if text}
    assert {text for text in words if not book.get(text)} == set()


def test_words_of_refusals_are_found():
    source = """
from yangguang.kernel.ledger.vocabulary import Refused, Malformed as Bad
class Late(Refused):
    says = "迟了"
    other = "别的"
def f(errors):
    errors["a"] = "空"
    raise Bad("错", errors={f"r-{1}": "误"}, remedy="改", who="乙")
    raise ValueError("非")
    raise Late(f"拼{1}")
"""
    tree = ast.parse(source)
    known = refusals.refusals({"m": tree})
    assert known == {refusals.ROOT, ("m", "Late"), ("m", "Refused")}, "defined here, or passed on"
    scope = refusals.names_in("m", tree, known | {(refusals.ROOT[0], "Malformed")})
    assert sorted(refusals.words(tree, scope)) == sorted(["迟了", "空", "错", "误", "改", "乙"])
    assert [place.split(":")[0] for place in refusals.patched_together(tree, scope)] == ["10"]


def test_english_keeps_the_placeholders():
    for entry in polib.pofile(str(i18n.CATALOGUE)):
        forms = [entry.msgstr, *entry.msgstr_plural.values()]
        for text in filter(None, forms):
            needless = {"n"} if text == entry.msgstr_plural.get(0) else set()  # "once" needs no number
            assert placeholders(text) | needless == placeholders(entry.msgid) | needless, entry.msgid


def placeholders(text):
    return {word.split(")")[0] for word in text.split("%(")[1:]} | {word.split("}")[0] for word in text.split("{")[1:]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% load i18n %}{% translate '甲' %}", {Message("甲")}),
        ("{% load i18n %}{{ _('乙') }}{% x y=_('丙') %}", {Message("乙"), Message("丙")}),
        ("{% load i18n %}{% blocktranslate with a=b %}有 {{ a }} 件{% endblocktranslate %}", {Message("有 %(a)s 件")}),
        (
            "{% load i18n %}{% blocktranslate count n=c %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}",
            {Message("%(n)s 件", "%(n)s 件们")},
        ),
        ("{% load i18n %}{% translate '黄' context '牌' %}", {Message("黄", context="牌")}),
        ("<p>(plain) gettext('no')</p>", set()),
    ],
)
def test_template_messages(source, expected):
    assert set(i18n.messages_of_template(source)) == expected


def test_python_messages():
    calls = ["_('甲')", "ngettext('一件', '多件', n)", "pgettext_lazy('牌', '黄')", "gettext(name)", "x.gettext('乙')"]
    source = "\n".join(calls)
    assert set(i18n.messages_of_python(source)) == {
        Message("甲"),
        Message("一件", "多件"),
        Message("黄", context="牌"),
        Message("乙"),
    }


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>汉字</p>", 1),
        ("<p title='汉'>\n{% translate '好' %}</p>", 1),
        ("{% lamp 'overdue' '逾期' %}", 1),
        ("{% lamp 'overdue' _('逾期') %}{% translate \"好\" %}", 0),
        ("{# 汉 #}{% comment %}汉{% endcomment %}{% blocktranslate %}汉{% endblocktranslate %}", 0),
        ("{{ x|default:'无' }}", 1),
    ],
)
def test_visible_chinese_is_found(source, lines):
    assert len(i18n.untranslated(source)) == lines


def test_extract_keeps_english_and_drops_what_is_unused(tmp_path):
    catalogue = tmp_path / "django.po"
    book = polib.POFile()
    book.append(polib.POEntry(msgid="正常", msgstr="Fine"))
    book.append(polib.POEntry(msgid="再也没有用到的话", msgstr="gone"))
    book.save(str(catalogue))
    assert i18n.extract(catalogue) > 10
    entries = {entry.msgid: entry for entry in polib.pofile(str(catalogue))}
    assert entries["正常"].msgstr == "Fine"
    assert "再也没有用到的话" not in entries
    assert i18n.extract(catalogue) == 0
