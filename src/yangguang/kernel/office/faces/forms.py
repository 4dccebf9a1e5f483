"""Forms of the setup pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.office.faces.fields import DayInput, OfficerField, PersonField, division_field, unit_field
from yangguang.kernel.office.faces.sections import CAPABILITY_WORDS
from yangguang.kernel.organisation.models import Division, Officer, Post, Role
from yangguang.kernel.organisation.vocabulary import Level, Nature, Within

_ALL = [("", _("全部"))]


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=DayInput, **kwargs)


def capability_choices() -> list[tuple[str, str]]:
    """Return every capability with its words in the reader's language and its code."""
    place = 1 if (get_language() or "").startswith("en") else 0
    return [(code, f"{words[place]}（{code}）") for code, words in CAPABILITY_WORDS.items()]


class ListFilter(forms.Form):
    """Words to look for."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=100)


class DivisionFilter(ListFilter):
    """Words and a level."""

    level = forms.ChoiceField(label=_("层级"), required=False, choices=[*_ALL, *Level.choices])


class UnitFilter(DivisionFilter):
    """Words, a division with what is below it, level and nature."""

    division = forms.ModelChoiceField(
        label=_("区划"),
        required=False,
        to_field_name="code",
        empty_label=_("全部"),
        queryset=Division.objects.filter(level__in=(Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)).order_by("code"),
    )
    nature = forms.ChoiceField(label=_("性质"), required=False, choices=[*_ALL, *Nature.choices])
    field_order = ("q", "division", "level", "nature")


class NewUnit(forms.Form):
    """A unit to enter."""

    code = forms.CharField(label=_("单位代码"), max_length=32, help_text=_("统一社会信用代码或自编代码。"))
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("印章上的全称。"))
    short_name = forms.CharField(label=_("简称"), max_length=200, required=False)
    division = division_field(_("区划"))
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, initial=Nature.DEPARTMENT)
    superior = unit_field(
        _("上级单位"), required=False, help_text=_("权限按上下级传递；没有上级的单位，只有管辖全局的岗位才能管理。")
    )
    counterpart = unit_field(_("对口单位"), required=False, help_text=_("上一级的对口部门。"))
    plate_of = unit_field(_("同一机构"), required=False, help_text=_("第二块牌子填主牌子的单位。"))
    valid_from = day(_("起始日"))


class NameFrom(forms.Form):
    """A name and the day from which it holds."""

    name = forms.CharField(label=_("名称"), max_length=200)
    valid_from = day(_("起始日"))


class Rename(NameFrom):
    """A new official name, and its short form."""

    short_name = forms.CharField(label=_("新的简称"), max_length=200, required=False)
    field_order = ("name", "short_name", "valid_from")


class NewAlias(forms.Form):
    """What papers call a unit."""

    text = forms.CharField(label=_("别名"), max_length=200, help_text=_("文件里出现过的写法，原样填。"))
    context = division_field(_("只在哪个区划的文件中"), required=False, help_text=_("不填即处处适用。"))


class Merge(forms.Form):
    """The unit that answers from a day on."""

    into = unit_field(_("并入单位"))
    valid_from = day(_("自哪天起"))


class Move(forms.Form):
    """Another superior or counterpart."""

    superior = unit_field(_("上级单位"), required=False)
    counterpart = unit_field(_("对口单位"), required=False)


class NewPost(forms.Form):
    """A post in a unit."""

    name = forms.CharField(label=_("岗位"), max_length=100)
    roles = forms.ModelMultipleChoiceField(
        label=_("角色"), queryset=Role.objects.order_by("code"), widget=forms.CheckboxSelectMultiple
    )
    scope = unit_field(_("管辖单位"), required=False, help_text=_("权限及于该单位及其下级；不填即本单位。"))
    valid_from = day(_("起始日"))


class Appoint(forms.Form):
    """A person for a post."""

    post = forms.ModelChoiceField(label=_("岗位"), queryset=Post.objects.none())
    person = PersonField(_("人员"))
    valid_from = day(_("起始日"))

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]


class LastDay(forms.Form):
    """The last day of an appointment."""

    valid_to = day(_("最后一天"))


class Delegate(forms.Form):
    """Who stands in, for what and how long."""

    taker = OfficerField(label=_("代理人"), queryset=Officer.objects.none())
    capabilities = forms.MultipleChoiceField(label=_("委托的权限"), widget=forms.CheckboxSelectMultiple)
    valid_from = day(_("起始日"))
    valid_to = day(_("最后一天"))

    def __init__(self, *args: Any, takers: QuerySet[Officer], held: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(capability_choices())
        self.fields["taker"].queryset = takers  # type: ignore[attr-defined]
        self.fields["capabilities"].choices = [(code, words.get(code, code)) for code in sorted(held)]  # type: ignore[attr-defined]


class NewDivision(forms.Form):
    """A division to enter."""

    code = forms.CharField(label=_("区划代码"), max_length=16, help_text=_("GB/T 2260 代码，开发区可加大写字母。"))
    name = forms.CharField(label=_("名称"), max_length=100)
    short_name = forms.CharField(label=_("简称"), max_length=100, required=False)
    level = forms.ChoiceField(label=_("层级"), choices=Level.choices)
    parent = division_field(_("上级区划"), required=False)
    branch = forms.BooleanField(label=_("是开发区、新区"), required=False)
    valid_from = day(_("起始日"), required=False, help_text=_("不详可不填。"))


class DivisionName(forms.Form):
    """Another name of a division."""

    name = forms.CharField(label=_("名称"), max_length=100)
    short_name = forms.CharField(label=_("简称"), max_length=100, required=False)


class NewPerson(forms.Form):
    """A member of staff."""

    number = forms.CharField(label=_("工号"), max_length=32)
    name = forms.CharField(label=_("姓名"), max_length=50)


class RoleForm(forms.Form):
    """A role with each capability ticked."""

    code = forms.SlugField(label=_("代码"), max_length=50, help_text=_("小写字母、数字和下划线；导入人员时填它。"))
    name = forms.CharField(label=_("名称"), max_length=100)
    capabilities = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, held: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = capability_choices()
        known = {code for code, _words in choices}
        choices += [(code, code) for code in held if code not in known]
        self.fields["capabilities"].choices = choices  # type: ignore[attr-defined]


class NewCollective(forms.Form):
    """A name for many units, and whom it means."""

    name = forms.CharField(label=_("统称"), max_length=200, help_text=_("如：市政务公开联席会议成员单位。"))
    division = division_field(_("只在哪个区划的文件中"), required=False, help_text=_("不填即处处适用。"))
    units = forms.CharField(
        label=_("成员单位代码"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("逐个列明时填，用顿号或换行分开；列明后下面的条件不必填。"),
    )
    levels = forms.MultipleChoiceField(
        label=_("层级"), required=False, choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )
    natures = forms.MultipleChoiceField(
        label=_("性质"), required=False, choices=Nature.choices, widget=forms.CheckboxSelectMultiple
    )
    within = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[
            (Within.DIVISION.value, _("本级")),
            (Within.BELOW.value, _("下级")),
            (Within.DIVISION_AND_BELOW.value, _("本级和下级")),
        ],
    )
    open = forms.BooleanField(label=_("成员须逐件指定（有关单位）"), required=False)
    valid_from = day(_("起始日"))


class CalendarWords(forms.Form):
    """The words of a holiday notice, and what they may leave out."""

    text = forms.CharField(
        label=_("通知全文"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("连同标题、文号、落款一起粘贴。先试读，不写入任何内容。"),
    )
    division = division_field(
        _("适用地方"), required=False, help_text=_("全国性的通知请留空；地方放假填名称或区划代码。")
    )
    number = forms.CharField(
        label=_("文号"), required=False, max_length=120, help_text=_("全文里没有文号时填写；没有就留空。")
    )
    published = day(_("成文日期"), required=False, help_text=_("全文里没有落款日期时填写。"))


class MoveFilter(ListFilter):
    """Words, and whether a last day moves forward or back."""

    way = forms.ChoiceField(
        label=_("变动"), required=False, choices=[*_ALL, ("earlier", _("提前")), ("later", _("推后"))]
    )
