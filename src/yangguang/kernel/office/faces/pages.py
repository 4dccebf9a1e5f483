"""Pages of divisions, people, roles and collectives."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.vocabulary import Actor, NotFound
from yangguang.kernel.office import commands, queries
from yangguang.kernel.office.faces import forms
from yangguang.kernel.office.faces.acting import Asking, Cleaned, act, needs
from yangguang.kernel.office.faces.listing import asked, show
from yangguang.kernel.office.faces.sections import tabs
from yangguang.kernel.office.faces.tables import CollectiveTable, DivisionTable, PersonTable, RoleTable
from yangguang.kernel.office.vocabulary import DIVISIONS, NAMES, PEOPLE, ROLES, UNKNOWN_START
from yangguang.kernel.organisation.models import Collective, Division, Officer, Role, Unit
from yangguang.kernel.organisation.queries import capabilities_of, in_force
from yangguang.kernel.organisation.vocabulary import Level
from yangguang.platform.now import now, today
from yangguang.platform.web.access import officers_only


@officers_only
def divisions(request: HttpRequest) -> HttpResponse:
    """List the divisions."""
    form = forms.DivisionFilter(request.GET)
    may = is_allowed(request.actor, DIVISIONS, on=today())
    return show(
        request,
        DivisionTable(queries.divisions(**asked(form)), may_change=may),
        title=_("区划"),
        section="office:divisions",
        form=form,
        actions=[(_("登记区划"), reverse("office:new_division"))] if may else [],
    )


@needs(DIVISIONS)
def new_division(request: HttpRequest) -> HttpResponse:
    """Enter a division."""

    def run(data: Cleaned) -> None:
        commands.create_division(
            data["code"],
            data["name"],
            level=Level(data["level"]),
            parent=data["parent"],
            branch=data["branch"],
            short_name=data["short_name"],
            valid_from=data["valid_from"] or UNKNOWN_START,
            by=request.actor,
            at=now(),
        )

    asking = Asking(_("登记区划"), _("工作日历和规则按区划的上下级取用。"), reverse("office:divisions"))
    return act(request, forms.NewDivision(request.POST or None), run, asking)


@needs(DIVISIONS)
def rename_division(request: HttpRequest, code: str) -> HttpResponse:
    """Give a division another name."""
    found = Division.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    form = forms.DivisionName(request.POST or None, initial={"name": found.name, "short_name": found.short_name})

    def run(data: Cleaned) -> None:
        commands.rename_division(found, data["name"], short_name=data["short_name"], by=request.actor, at=now())

    asking = Asking(
        _("区划更名"), _("名称里带区划的单位，自此按新名称辨认。"), reverse("office:divisions"), [(_("区划代码"), code)]
    )
    return act(request, form, run, asking)


@needs(PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """List the people in reach."""
    form = forms.ListFilter(request.GET)
    listed = queries.people(request.actor, on=today(), **asked(form))
    return show(
        request,
        PersonTable(listed),
        title=_("人员"),
        section="office:people",
        form=form,
        lead=_("只列您管辖单位的人员，和尚未任职的人员"),
        actions=[(_("登记人员"), reverse("office:new_person"))],
    )


@needs(PEOPLE)
def new_person(request: HttpRequest) -> HttpResponse:
    """Enter a member of staff."""

    def run(data: Cleaned) -> None:
        commands.add_person(data["number"], data["name"], by=request.actor, at=now())

    asking = Asking(_("登记人员"), _("登记以后，在单位页面任职，再邀请开通账号。"), reverse("office:people"))
    return act(request, forms.NewPerson(request.POST or None), run, asking)


@needs(PEOPLE)
def person(request: HttpRequest, number: str) -> HttpResponse:
    """Show a person: posts through time, who stands in for whom."""
    found = queries.person(number, request.actor, on=today())
    context = {
        "person": found,
        "tabs": tabs(request, "office:people"),
        "appointments": queries.appointments(found),
        "delegations": queries.delegations_of(found, on=today()),
        "today": today(),
    }
    return render(request, "office/person.html", context)


@needs(PEOPLE)
def end_appointment(request: HttpRequest, officer: int) -> HttpResponse:
    """End an appointment."""
    found = queries.officer(officer)

    def run(data: Cleaned) -> None:
        commands.end_appointment(found, valid_to=data["valid_to"], by=request.actor, at=now())

    form = forms.LastDay(request.POST or None, initial={"valid_to": today()})
    return act(request, form, run, _about(found, _("免职"), _("委托给他或由他委托的代理随之失效。"), request.actor))


@officers_only
def delegate(request: HttpRequest, officer: int) -> HttpResponse:
    """Let somebody stand in for an officer: done by the giver himself, or by who manages both."""
    found = queries.officer(officer)
    if request.actor != Actor.officer(found.pk, found.post.unit_id) and not is_allowed(
        request.actor, PEOPLE, on=today(), unit=found.post.unit_id
    ):
        raise NotFound
    held = {grant.capability for grant in capabilities_of(found, today()) if grant.on_behalf_of is None}
    near = Officer.objects.filter(in_force(today()), post__unit__division=found.post.unit.division).exclude(pk=found.pk)
    takers = near.select_related("person", "post__unit").order_by("post__unit__sort_key", "person__sort_key")
    form = forms.Delegate(request.POST or None, takers=takers, held=held, initial={"valid_from": today()})

    def run(data: Cleaned) -> None:
        commands.delegate(
            found,
            data["taker"],
            data["capabilities"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            by=request.actor,
            at=now(),
        )

    return act(
        request,
        form,
        run,
        _about(found, _("委托代理"), _("代理人以本人名义办理，轨迹写明受谁委托；不能转委托。"), request.actor),
    )


def _about(found: Officer, title: object, question: object, by: Actor) -> Asking:
    facts = [(_("姓名"), found.person.name), (_("岗位"), str(found.post)), (_("起始日"), found.valid_from.isoformat())]
    may_see = is_allowed(by, PEOPLE, on=today(), unit=found.post.unit_id)
    back = (
        reverse("office:person", args=[found.person.number])
        if may_see
        else reverse("office:unit", args=[found.post.unit.code])
    )
    return Asking(title, question, back, facts)


@needs(ROLES)
def roles(request: HttpRequest) -> HttpResponse:
    """List the roles with each capability in words."""
    form = forms.ListFilter(request.GET)
    q = asked(form).get("q", "")
    listed = queries.roles().filter(name__icontains=q) if q else queries.roles()
    table = RoleTable(listed, words=dict(forms.capability_choices()))
    return show(
        request,
        table,
        title=_("角色与权限"),
        section="office:roles",
        form=form,
        lead=_("角色逐项写明权限；岗位决定权限及于哪些单位"),
        actions=[(_("新设角色"), reverse("office:new_role"))],
    )


@needs(ROLES)
def role(request: HttpRequest, code: str = "") -> HttpResponse:
    """Define a role, or change what it may do."""
    found = Role.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise NotFound
    held = list(found.capabilities) if found else []
    initial = {"code": code, "name": found.name, "capabilities": held} if found else {}
    form = forms.RoleForm(request.POST or None, initial=initial, held=held)
    form.fields["code"].disabled = found is not None

    def run(data: Cleaned) -> None:
        kinds = found.kinds if found else ["*"]
        commands.define_role(data["code"], data["name"], data["capabilities"], kinds=kinds, by=request.actor, at=now())

    title = _("修改角色") if found else _("新设角色")
    return act(request, form, run, Asking(title, _("改动立即对所有担任该角色的岗位生效。"), reverse("office:roles")))


@officers_only
def collectives(request: HttpRequest) -> HttpResponse:
    """List the names for many units."""
    form = forms.ListFilter(request.GET)
    listed = queries.collectives(**asked(form))
    codes = {code for row in Collective.objects.values_list("predicate", flat=True) for code in row.get("units", [])}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    may = is_allowed(request.actor, NAMES, on=today())
    return show(
        request,
        CollectiveTable(listed, names=names),
        title=_("统称"),
        section="office:collectives",
        form=form,
        lead=_("“各县区”“省直各部门”等常见统称不必登记；专门的名单在此登记"),
        actions=[(_("登记统称"), reverse("office:new_collective"))] if may else [],
    )


@needs(NAMES)
def new_collective(request: HttpRequest) -> HttpResponse:
    """Enter a name for many units; the same name again ends the earlier definition the day before."""

    def run(data: Cleaned) -> None:
        codes = [code for code in re.split(r"[、,，\s]+", data["units"]) if code]
        listed = {"levels": data["levels"], "natures": data["natures"], "units": codes}
        predicate = {"within": data["within"]} | {name: rows for name, rows in listed.items() if rows}
        commands.define_collective(
            data["name"],
            predicate,
            division=data["division"],
            open=data["open"],
            valid_from=data["valid_from"],
            by=request.actor,
            at=now(),
        )

    form = forms.NewCollective(request.POST or None, initial={"valid_from": today()})
    asking = Asking(_("登记统称"), _("来文里写这个统称时，任务分到名单里的每个单位。"), reverse("office:collectives"))
    return act(request, form, run, asking)
