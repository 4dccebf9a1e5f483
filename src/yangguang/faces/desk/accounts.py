"""Accounts of staff: who has one, one-time links, closing. Joins people (organisation) and their logins (accounts)."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.accounts.commands import close_account, invite_staff
from yangguang.kernel.accounts.faces.guarding import confirmed
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.accounts.vocabulary import MANAGE
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Malformed, NotAllowed, NotFound, Refused
from yangguang.kernel.office.faces.acting import Asking, Cleaned, act, needs
from yangguang.kernel.office.faces.forms import ListFilter
from yangguang.kernel.office.faces.listing import asked, show
from yangguang.kernel.organisation.models import Officer, Person
from yangguang.kernel.organisation.queries import in_force, units_within
from yangguang.platform.now import now, today
from yangguang.platform.web.lists import Table

STATES = (
    ("", _("全部")),
    ("none", _("没有账号")),
    ("invited", _("已邀请，未启用")),
    ("open", _("已启用")),
    ("closed", _("已停用")),
)
_WORDS = dict(STATES)


class AccountFilter(ListFilter):
    """Words, and how far the account has come."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)


class Invite(forms.Form):
    """A login name for a person."""

    username = forms.CharField(
        label=_("登录名"), max_length=64, help_text=_("字母、数字和 @ . - _；已有账号的填原登录名，即重发链接。")
    )


class Reason(forms.Form):
    """Why an account is closed."""

    reason = forms.CharField(label=_("理由"), max_length=500)


class AccountTable(Table):
    """People and their accounts."""

    name = tables.Column(_("姓名"), attrs={"td": {"class": "yg-key"}}, order_by="sort_key")
    number = tables.Column(_("工号"), attrs={"td": {"class": "yg-mono"}})
    posts = tables.Column(_("现任岗位"), empty_values=(), orderable=False)
    username = tables.Column(_("登录名"), empty_values=(), orderable=False, attrs={"td": {"class": "yg-mono"}})
    state = tables.Column(_("状态"), empty_values=(), orderable=False)
    change = tables.Column(_("办理"), empty_values=(), orderable=False, exclude_from_export=True)

    caption = _("账号")
    empty_title = _("没有符合条件的人员")

    def render_posts(self, record: Any) -> str:
        """Print the posts held today."""
        return "；".join(str(officer.post) for officer in record.serving) or "—"

    def render_username(self, record: Any) -> str:
        """Print the login name in use, or the last one."""
        account = account_of(record)
        return account.username if account else "—"

    def render_state(self, record: Any) -> str:
        """Print how far the account has come."""
        return str(_WORDS[state_of(record)])

    def render_change(self, record: Any) -> SafeString:
        """Lead to the acts."""
        invite = format_html('<a href="{}">{}</a>', reverse("desk:invite", args=[record.number]), _("邀请链接"))
        if state_of(record) not in ("invited", "open"):
            return invite
        close = format_html('<a href="{}">{}</a>', reverse("desk:close_account", args=[record.number]), _("停用"))
        return format_html("{} · {}", invite, close)


def account_of(person: Any) -> Account | None:
    """Return the account a person uses, or the one closed last."""
    held = sorted(person.accounts.all(), key=lambda account: (account.is_active, account.opened_at))
    return held[-1] if held else None


def state_of(person: Any) -> str:
    """Return how far a person's account has come."""
    account = account_of(person)
    if account is None:
        return "none"
    if not account.is_active:
        return "closed"
    return "open" if account.has_usable_password() else "invited"


def people_managed(request: HttpRequest) -> Any:
    """Return the people whose accounts the officer manages: those of his units, and those without a post."""
    officer = Officer.objects.select_related("post__unit").get(pk=int(request.actor.key))  # type: ignore[attr-defined]
    reached = units_within(officer, MANAGE, on=today())
    serving = Officer.objects.filter(in_force(today()))
    here = serving.filter(post__unit__in=reached).values("person")
    idle = ~Q(pk__in=serving.values("person"))
    shown = Prefetch("appointments", queryset=serving.select_related("post__unit"), to_attr="serving")
    people = Person.objects.filter(Q(pk__in=here) | idle).prefetch_related(shown, "accounts")
    return people.order_by("sort_key", "number")


@needs(MANAGE)
def accounts(request: HttpRequest) -> HttpResponse:
    """List the people in reach with their accounts."""
    form = AccountFilter(request.GET)
    data = asked(form)
    listed = people_managed(request)
    if q := data.get("q"):
        listed = listed.filter(
            Q(name__icontains=q) | Q(number__icontains=q) | Q(accounts__username__icontains=q)
        ).distinct()
    usable = Q(accounts__is_active=True) & ~Q(accounts__password__startswith="!")
    narrowed = {
        "none": Q(accounts__isnull=True),
        "open": usable,
        "invited": Q(accounts__is_active=True, accounts__password__startswith="!"),
        "closed": Q(accounts__is_active=False),
    }
    if state := data.get("state"):
        listed = listed.filter(narrowed[state]).distinct()
    return show(
        request,
        AccountTable(listed),
        title=_("账号"),
        section="desk:accounts",
        form=form,
        lead=_("账号只管登录；能办什么由岗位决定"),
        actions=[],
    )


@needs(MANAGE)
@confirmed
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Give a person a one-time link to set a password; it is shown here once and kept nowhere."""
    person = _managed(request, number)
    account = account_of(person)
    initial = {"username": account.username} if account and account.is_active else {}
    form = Invite(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            token = invite_staff(person, form.cleaned_data["username"], by=request.actor, at=now())  # type: ignore[attr-defined]
        except NotAllowed:
            raise
        except Malformed as malformed:
            form.add_error("username", "；".join(told(malformed).errors.values()) or told(malformed).says)
        except Refused as refused:
            form.add_error("username", str(told(refused)))
        else:
            link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
            context = {"person": person, "links": [(form.cleaned_data["username"], person.name, link, "")]}
            response = render(request, "desk/setup_links.html", context)
            response["Cache-Control"] = "no-store"
            return response
    asking = Asking(
        _("生成邀请链接"),
        _("本人用链接设置密码，用一次即失效；再次生成，旧链接作废。"),
        reverse("desk:accounts"),
        [(_("姓名"), person.name), (_("工号"), person.number)],
    )
    context = {"form": form, "asking": asking}
    return render(request, "office/act.html", context, status=422 if form.errors else 200)


@needs(MANAGE)
@confirmed
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close the account of a person."""
    person = _managed(request, number)
    account = account_of(person)
    if account is None or not account.is_active:
        raise NotFound

    def run(data: Cleaned) -> None:
        close_account(account, reason=data["reason"], by=request.actor, at=now())  # type: ignore[attr-defined]

    asking = Asking(
        _("停用账号"),
        _("停用以后不能登录；重新邀请可开通新账号。"),
        reverse("desk:accounts"),
        [(_("姓名"), person.name), (_("登录名"), account.username)],
    )
    return act(request, Reason(request.POST or None), run, asking)


def _managed(request: HttpRequest, number: str) -> Any:
    person = people_managed(request).filter(number=number).first()
    if person is None:
        raise NotFound
    return person
