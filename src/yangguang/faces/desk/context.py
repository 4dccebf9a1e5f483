"""What the shells show around every page: where one may go, who one is, what waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.office.vocabulary import ROLES
from yangguang.kernel.outbox.queries import unread_of
from yangguang.platform.now import today

#: group -> entries of (words, URL name, icon, key after g, capability needed or empty)
_DESK = (
    ("", ((_("今日"), "directives:desk", "inbox", "h", ""),)),
    (
        _("督查"),
        (
            (_("来文与分解"), "directives:notices", "file-text", "n", "directives.intake"),
            (_("督查台账"), "directives:duties", "clipboard-list", "d", ""),
            (_("本单位任务"), "directives:my_unit", "list-check", "u", ""),
        ),
    ),
    (
        _("监察"),
        (
            (_("监察总览"), "supervision:overview", "device-desktop-analytics", "w", "supervision.read"),
            (_("黄牌红牌"), "supervision:cards", "shield-check", "c", "supervision.read"),
            (_("监察规则"), "supervision:rules", "gavel", "", ""),
        ),
    ),
    (
        _("设置"),
        (
            (_("机构与人员"), "office:home", "users", "o", ""),
            (_("规则与法律依据"), "desk:rulebook", "settings", "r", ""),
            (_("各类流程"), "desk:processes", "route", "", ""),
            (_("工作日历"), "desk:calendar", "calendar", "k", ""),
            (_("系统状况"), "desk:health", "stethoscope", "", ROLES),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation for officers and for the public, sign-in, unread notices."""
    actor, officer = getattr(request, "actor", None), getattr(request, "officer", None)
    context: dict[str, Any] = {
        "portal_nav": _portal_nav(request),
        "portal_search_url": reverse("portal:search"),
        "login_url": reverse("account_login"),
        "logout_url": reverse("account_logout"),
        "help_url": reverse("portal:help"),
        "footer_links": [
            {"title": _("方法与数据"), "url": reverse("portal:method")},
            {"title": _("规则与法律依据"), "url": reverse("desk:rulebook")},
            {"title": _("工作日历"), "url": reverse("desk:calendar")},
            {"title": _("台账每日根"), "url": reverse("proofs:days")},
            {"title": _("使用手册"), "url": reverse("portal:help")},
            {"title": _("站点地图"), "url": reverse("portal:site_map")},
            {"title": _("订阅（Atom）"), "url": reverse("portal:feed")},
        ],
    }
    if settings.DEMO:
        context["demo_links"] = [
            {"title": _("选一个演示身份登录"), "url": reverse("accounts:demo_logins")},
            {"title": _("拨动时钟"), "url": reverse("demo:clock")},
        ]
    if actor is None or officer is None:
        return context
    waiting = unread_of(unit=actor.unit)
    return context | {
        "desk_url": reverse("directives:desk"),
        "desk_nav": _desk_nav(request),
        "desk_search_url": reverse("desk:search"),
        "desk_name": officer.person.name,
        "desk_post": f"{officer.post.unit.name} · {officer.post.name}",
        "alerts_url": reverse("desk:messages"),
        "alerts_count": waiting.count(),
        "user_links": [
            {"title": _("我的账号与安全"), "url": reverse("mfa_index")},
            {"title": _("登录的设备"), "url": reverse("usersessions_list")},
            {"title": _("公开门户"), "url": reverse("portal:home")},
        ],
    }


def _desk_nav(request: HttpRequest) -> list[dict[str, Any]]:
    actor = request.actor  # type: ignore[attr-defined]
    home = reverse("directives:desk")
    addresses = [reverse(entry[1]) for _title, entries in _DESK for entry in entries]
    # the longest address above the page, so that a list and the overview over it are not both marked
    here = max(
        (url for url in addresses if url != home and request.path.startswith(url)), key=len, default=request.path
    )
    groups = []
    for title, entries in _DESK:
        shown = []
        for words, name, icon, key, capability in entries:
            if capability and not is_allowed(actor, capability, on=today()):
                continue
            url = reverse(name)
            shown.append({"title": words, "url": url, "icon": icon, "go": key, "current": url == here})
        if shown:
            groups.append({"title": title, "entries": shown})
    return groups


def _portal_nav(request: HttpRequest) -> list[dict[str, Any]]:
    entries = (
        (_("首页"), "portal:home"),
        (_("任务落实"), "directives:public_duties"),
        (_("时限灯"), "portal:lights"),
        (_("监察"), "supervision:public_rules"),
        (_("方法与数据"), "portal:method"),
    )
    home = reverse("portal:home")
    return [
        {"title": title, "url": url, "current": request.path == url or (url != home and request.path.startswith(url))}
        for title, url in ((title, reverse(name)) for title, name in entries)
    ]
