"""One page, two addresses: ``/duties/`` in Chinese, ``/en/duties/`` in English."""

from __future__ import annotations

from django.conf import settings
from django.urls import translate_url


def address_in(language: str, path: str) -> str:
    """``path`` (with its query) in another language; unknown paths lead to that language's front page."""
    moved = translate_url(path, language)
    if moved != path:
        return moved
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
