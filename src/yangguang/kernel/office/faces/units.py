"""Pages of units: the list, one unit, and every act on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.office import commands, queries
from yangguang.kernel.office.faces import forms
from yangguang.kernel.office.faces.acting import Asking, Cleaned, act, needs
from yangguang.kernel.office.faces.listing import asked, show
from yangguang.kernel.office.faces.sections import tabs
from yangguang.kernel.office.faces.tables import UnitTable
from yangguang.kernel.office.vocabulary import NAMES, PEOPLE, UNITS
from yangguang.kernel.organisation.models import Post, Unit
from yangguang.kernel.organisation.queries import in_force
from yangguang.kernel.organisation.vocabulary import Nature
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first section."""
    return redirect("office:units")


@officers_only
def units(request: HttpRequest) -> HttpResponse:
    """List the units with search, filters and files."""
    form = forms.UnitFilter(request.GET)
    actions = [(_("登记单位"), reverse("office:new_unit"))] if is_allowed(request.actor, UNITS, on=today()) else []
    return show(
        request,
        UnitTable(queries.units(**asked(form))),
        title=_("机构与人员"),
        section="office:units",
        form=form,
        lead=_("单位、名称沿革、岗位和任职，改动都留轨迹"),
        actions=actions,
    )


@needs(UNITS)
def new_unit(request: HttpRequest) -> HttpResponse:
    """Enter a unit."""
    form = forms.NewUnit(request.POST or None, initial={"valid_from": today()})

    def run(data: Cleaned) -> None:
        given = {name: data[name] for name in ("division", "superior", "counterpart", "plate_of", "valid_from")}
        short = [data["short_name"]] if data["short_name"] else []
        commands.create_unit(
            data["code"],
            data["name"],
            nature=Nature(data["nature"]),
            short_names=short,
            by=request.actor,
            at=now(),
            **given,
        )

    return act(
        request,
        form,
        run,
        Asking(_("登记单位"), _("登记以后，来文里的全称和简称都能认出它。"), reverse("office:units")),
    )


@officers_only
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: names through time, aliases, place in the tree, posts and who holds them."""
    found = queries.unit(code)
    may = {
        one.code: is_allowed(request.actor, one.capability, on=today(), unit=_asked_over(one, found))
        for one in ACTS.values()
    }
    manages = is_allowed(request.actor, PEOPLE, on=today(), unit=found.pk)
    context = {
        "unit": found,
        "tabs": tabs(request, "office:units"),
        "facts": _facts(found),
        "names": found.names.order_by("is_short", "-valid_from"),
        "aliases": found.aliases.select_related("context"),
        "officers": queries.officers_of_unit(found, on=today()),
        "empty_posts": _posts(found).exclude(officers__in=queries.officers_of_unit(found, on=today())),
        "manages": manages,
        "acts": [one for one in ACTS.values() if may[one.code] and found.valid_to is None],
    }
    return render(request, "office/unit.html", context)


def _facts(found: Unit) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("单位代码"), found.code),
        (_("区划"), found.division.name),
        (_("性质"), found.get_nature_display()),
        (_("层级"), found.get_level_display()),
        (_("上级单位"), found.superior or "—"),
        (_("对口单位"), found.counterpart or "—"),
        (_("起始日"), found.valid_from.isoformat()),
    ]
    if found.plate_of:
        facts.append((_("同一机构"), found.plate_of))
    if found.valid_to:
        facts += [(_("终止日"), found.valid_to.isoformat()), (_("承接单位"), found.merged_into or "—")]
    return facts


def _posts(found: Unit) -> Any:
    return Post.objects.filter(in_force(today()), unit=found)


@dataclass(frozen=True, slots=True)
class UnitAct:
    """An act on a unit: its words, the capability over the unit, its form, and the command."""

    code: str
    title: Any
    question: Any
    capability: str
    make: Callable[..., django_forms.Form]
    run: Callable[[Unit, Cleaned, Any], object]
    #: whether the capability must reach this very unit
    over_unit: bool = True


def _asked_over(one: UnitAct, found: Unit) -> int | None:
    return found.pk if one.over_unit else None


def _from_today(form: type[django_forms.Form]) -> Callable[..., django_forms.Form]:
    return lambda found, data: form(data, initial={"valid_from": today()})


def _moved(found: Unit, data: Any) -> django_forms.Form:
    initial = {name: getattr(getattr(found, name), "code", "") for name in ("superior", "counterpart")}
    return forms.Move(data, initial=initial)


def _rename(found: Unit, data: Cleaned, by: Any) -> None:
    short = [data["short_name"]] if data["short_name"] else []
    commands.rename_unit(found, data["name"], valid_from=data["valid_from"], short_names=short, by=by, at=now())


def _post(found: Unit, data: Cleaned, by: Any) -> None:
    commands.create_post(
        found, data["name"], list(data["roles"]), scope=data["scope"], valid_from=data["valid_from"], by=by, at=now()
    )


ACTS: Mapping[str, UnitAct] = {
    one.code: one
    for one in (
        UnitAct(
            "rename", _("更名"), _("旧名称继续指向本单位，标为曾用名。"), UNITS, _from_today(forms.Rename), _rename
        ),
        UnitAct(
            "short-name",
            _("登记简称"),
            _("来文里用这个简称时也能认出。"),
            UNITS,
            _from_today(forms.NameFrom),
            lambda u, d, by: commands.add_short_name(u, d["name"], valid_from=d["valid_from"], by=by, at=now()),
        ),
        UnitAct(
            "alias",
            _("登记别名"),
            _("文件里出现过的其他写法。"),
            NAMES,
            lambda u, data: forms.NewAlias(data),
            lambda u, d, by: commands.learn_alias(u, d["text"], context=d["context"], by=by, at=now()),
            over_unit=False,
        ),
        UnitAct(
            "move",
            _("调整隶属"),
            _("改变上级单位或对口单位。"),
            UNITS,
            _moved,
            lambda u, d, by: commands.move_unit(
                u, superior=d["superior"], counterpart=d["counterpart"], by=by, at=now()
            ),
        ),
        UnitAct(
            "merge",
            _("并入其他单位"),
            _("自那天起由承接单位负责，本单位的岗位和任职随之终止，不能撤回。"),
            UNITS,
            _from_today(forms.Merge),
            lambda u, d, by: commands.merge_unit(u, d["into"], valid_from=d["valid_from"], by=by, at=now()),
        ),
        UnitAct("post", _("设立岗位"), _("岗位的角色决定任职人能办什么。"), PEOPLE, _from_today(forms.NewPost), _post),
        UnitAct(
            "appoint",
            _("任职"),
            _("让一位工作人员担任本单位的岗位。"),
            PEOPLE,
            lambda u, data: forms.Appoint(data, posts=_posts(u), initial={"valid_from": today()}),
            lambda u, d, by: commands.appoint(d["person"], d["post"], valid_from=d["valid_from"], by=by, at=now()),
        ),
    )
}


@needs(UNITS, NAMES, PEOPLE)
def unit_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Show the form of an act on a unit and do it."""
    found, chosen = queries.unit(code), ACTS.get(verb)
    if chosen is None:
        raise Http404
    asking = Asking(chosen.title, chosen.question, reverse("office:unit", args=[code]), _facts(found))
    form = chosen.make(found, request.POST or None)
    return act(request, form, lambda data: chosen.run(found, data, request.actor), asking)
