"""One page, two addresses: ``/duties/`` in Chinese, ``/en/duties/`` in English."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override


def address_in(language: str, address: str) -> str:
    """``address`` (path and query) in another language; where that has no page, the front page of the language."""
    parts = urlsplit(address)
    moved = prefix(language) + _bare(parts.path)
    with override(language):
        try:
            resolve(moved)
        except Resolver404:
            return f"{prefix(language)}/"
    return f"{moved}?{parts.query}" if parts.query else moved


def prefix(language: str) -> str:
    """What stands before every path of a language: nothing for the language of the house."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def _bare(path: str) -> str:
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path
