"""Fields by which a person names a unit, a division or a colleague: typed, with suggestions, told apart by code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.organisation.models import Division, Officer, Person, Unit

#: how many suggestions a page carries; more are found by typing the name or code
SUGGESTED = 400


class DayInput(forms.DateInput):
    """A day, with the browser's own picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Suggesting(forms.TextInput):
    """A text box with a list to choose from; it works without."""

    def __init__(self, suggestions: Callable[[], list[tuple[str, str]]]) -> None:
        super().__init__()
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Print the box and its list."""
        listed = f"{(attrs or {}).get('id', name)}_list"
        box = super().render(name, value, {**(attrs or {}), "list": listed, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions())
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class NamedField(forms.CharField):
    """A record named by its code or its exact name; a name that several bear asks for the code."""

    code, label_of = "code", "name"

    def __init__(self, *, of: Callable[[], QuerySet[Any]], **kwargs: Any) -> None:
        self.of = of
        super().__init__(widget=Suggesting(self._suggestions), max_length=200, **kwargs)

    def clean(self, value: Any) -> Model | None:
        """Return the record, or say that there is none or which codes are meant."""
        text = str(super().clean(value) or "").split(" ", 1)[0].strip()
        if not text:
            return None
        by_code = self.of().filter(**{self.code: text}).first()
        if by_code is not None:
            return by_code
        found = list(self.of().filter(**{self.label_of: str(value).strip()})[:5])
        if len(found) == 1:
            return found[0]
        if found:
            codes = "、".join(str(getattr(row, self.code)) for row in found)
            raise forms.ValidationError(_("有几个同名的，请填代码：%(codes)s"), params={"codes": codes}, code="several")
        raise forms.ValidationError(_("没有找到“%(text)s”，请填全称或代码。"), params={"text": value}, code="unknown")

    def _suggestions(self) -> list[tuple[str, str]]:
        rows = self.of().values_list(self.code, self.label_of)[:SUGGESTED]
        return [(str(code), str(name)) for code, name in rows]


def unit_field(label: Any, *, required: bool = True, help_text: Any = "") -> NamedField:
    """Return a field that names a unit in force."""
    return NamedField(
        of=lambda: Unit.objects.filter(valid_to=None).order_by("division__code", "sort_key"),
        label=label,
        required=required,
        help_text=help_text or _("填全称或单位代码。"),
    )


def division_field(label: Any, *, required: bool = True, help_text: Any = "") -> NamedField:
    """Return a field that names a division."""
    return NamedField(
        of=lambda: Division.objects.order_by("code"),
        label=label,
        required=required,
        help_text=help_text or _("填名称或区划代码。"),
    )


class PersonField(NamedField):
    """A member of staff by number (工号) or name."""

    code = "number"

    def __init__(self, label: Any) -> None:
        super().__init__(of=lambda: Person.objects.order_by("sort_key"), label=label, help_text=_("填工号或姓名。"))


class OfficerField(forms.ModelChoiceField):
    """One appointment among a few."""

    def label_from_instance(self, obj: Officer) -> str:
        """Print name, unit and post."""
        return f"{obj.person.name}（{obj.post.unit.name}{obj.post.name}）"
