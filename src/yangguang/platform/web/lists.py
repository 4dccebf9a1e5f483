"""A django-tables2 base that every list uses, and the columns that show lights, progress and selection."""

from __future__ import annotations

from typing import Any, TypeVar

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from yangguang.platform.web import components
from yangguang.platform.web.states import State

#: rows a page of a list shows
PER_PAGE = 50


class Table(tables.Table):
    """Base of all lists: our template, a spoken caption, an empty state, optional heading rows."""

    caption: Any = ""
    empty_title: Any = gettext_lazy("没有符合条件的记录")
    empty_html: SafeString | str = ""

    def group_of(self, record: Any) -> Any:
        """The heading under which ``record`` stands; rows must come sorted by it. Nothing by default."""
        return ""


class LampColumn(tables.Column):
    """A light; the accessor gives a state, or ``(state, words)``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", gettext_lazy("灯"))
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        state, words = (value, "") if isinstance(value, str) else value
        return components.lamp(state, words)

    def value(self, value: Any) -> str:
        """For exports: the words alone."""
        state, words = (value, "") if isinstance(value, str) else value
        return words or State(state).word


class ProgressColumn(tables.Column):
    """Percent reported, as bar and figure; a dash when nothing was reported."""

    empty_values = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", gettext_lazy("进度"))
        super().__init__(*args, **kwargs)

    def render(self, value: float | None) -> SafeString:
        return components.progress(value)

    def value(self, value: float | None) -> Any:
        """For exports: the bare number."""
        return value


class SelectColumn(tables.Column):
    """A tick box a row, posted as ``selected``; the box in the header ticks all (needs JavaScript)."""

    empty_values = ()

    def __init__(self, *args: Any, label_accessor: str = "pk", **kwargs: Any) -> None:
        kwargs.setdefault("accessor", "pk")
        kwargs.setdefault("orderable", False)
        kwargs.setdefault("exclude_from_export", True)
        kwargs.setdefault("attrs", {"td": {"class": "yg-select"}})
        super().__init__(*args, **kwargs)
        self.label_accessor = label_accessor

    @property
    def header(self) -> SafeString:
        return format_html('<input type="checkbox" class="yg-check" data-select-all aria-label="{}">', gettext("全选"))

    def render(self, value: Any, record: Any) -> SafeString:
        name = tables.A(self.label_accessor).resolve(record)
        spoken = gettext("选中 %(name)s") % {"name": name}
        return format_html(
            '<input type="checkbox" class="yg-check" name="selected" value="{}" data-select aria-label="{}">',
            value,
            spoken,
        )


T = TypeVar("T", bound=Table)


def paged(request: HttpRequest, table: T, per_page: int = PER_PAGE) -> T:
    """Return the table sorted and paged as the address asks; a page that is not there gives the last one."""
    tables.RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    return table
