"""What the shells need on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from yangguang.platform import now as clock
from yangguang.platform.web.language import address_in, prefix

SITE_DEFAULTS = {"organiser": "", "operator": "", "phone": "", "site_code": "", "icp": "", "police": ""}


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: site names, demonstration mark, day shown, elder view, addresses."""
    front = prefix(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))
    return {
        "home_url": f"{front}/",
        "desk_url": f"{front}/desk/",
        "help_url": f"{front}/help/",
        "our_site": {"name": settings.SITE_NAME, **SITE_DEFAULTS, **getattr(settings, "SITE", {})},
        "demo": settings.DEMO,
        "now": clock.now(),
        "today": clock.today(),
        "today_moved": clock.is_moved(),
        "elder": getattr(request, "elder", False),
        "language_links": language_links(request),
    }


def language_links(request: HttpRequest) -> list[dict[str, str]]:
    """The other languages of this page: code, own name, address."""
    here = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": address_in(code, request.get_full_path())}
        for code, _ in settings.LANGUAGES
        if code != here
    ]
