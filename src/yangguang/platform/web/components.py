"""The smallest parts of a page as safe HTML, for templates and for table columns alike.

Template tags with the same names stand in ``templatetags/yg.py``. Everything variable is escaped; a state is always a
shape and a word; widths are classes, because the content policy allows no ``style`` attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from yangguang.platform.web.states import TICKETS, State

SPRITE = "vendor/tabler-icons/3.51.0/sprite.svg"


def icon(name: str, label: str = "") -> SafeString:
    """One symbol of the sprite; ``label`` is spoken when the icon stands without words."""
    picture = format_html('<svg class="yg-i" aria-hidden="true"><use href="{}#{}"/></svg>', static(SPRITE), name)
    if not label:
        return picture
    return format_html('{}<span class="visually-hidden">{}</span>', picture, label)


def lamp(state: str, words: str = "", *, size: str = "", bare: bool = False) -> SafeString:
    """A light: shape and words. ``size="lg"`` for page heads, ``bare`` without box. ValueError for an unknown state."""
    light = State(state)
    extra = (" yg-lamp-lg" if size == "lg" else "") + (" yg-lamp-bare" if bare else "")
    return format_html('<span class="yg-lamp yg-{}{}">{}</span>', light.value, extra, words or light.word)


def ticket(colour: str, url: str = "", *, withdrawn: bool = False) -> SafeString:
    """A yellow or red card carrying its character; a link when ``url`` is given. KeyError for another colour."""
    letter, name = TICKETS[colour]
    shade = "withdrawn" if withdrawn else colour
    spoken = gettext("%(card)s（已撤回）") % {"card": name} if withdrawn else name
    inside = format_html('<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', letter, spoken)
    if url:
        return format_html('<a class="yg-ticket yg-ticket-{}" href="{}" title="{}">{}</a>', shade, url, spoken, inside)
    return format_html('<span class="yg-ticket yg-ticket-{}" title="{}">{}</span>', shade, spoken, inside)


def tag(text: str, tone: str = "") -> SafeString:
    """A small grey word; ``tone`` ``act`` (blue) or ``seal`` (identity red)."""
    return format_html('<span class="yg-tag{}">{}</span>', f" yg-tag-{tone}" if tone else "", text)


def share(percent: float) -> int:
    """A percentage cut to the whole numbers 0–100 for which a width class exists."""
    return max(0, min(100, round(percent)))


def bar(percent: float) -> SafeString:
    """The bare bar, hidden from screen readers: words must stand beside it."""
    return format_html('<span class="yg-bar" aria-hidden="true"><i class="yg-w-{}"></i></span>', share(percent))


def progress(percent: float | None, label: str = "") -> SafeString:
    """Bar and figure; a dash when nothing was reported."""
    if percent is None:
        return mark_safe('<span class="yg-muted">—</span>')
    return format_html('<span class="yg-progress yg-num">{}{}</span>', bar(percent), label or f"{share(percent)}%")


def clock_bar(state: str, percent: float, words: str, *, note: str = "", due_at: datetime | None = None) -> SafeString:
    """Share of the time used, in words and as a bar.

    ``percent`` of the limit used, 0–100 and above; ``due_at`` (aware) lets the browser re-count hours and minutes, so
    give it only when the limit ends within the working day shown.
    """
    moving = format_html(' data-due="{}" data-left="{}"', due_at.isoformat(), left_pattern()) if due_at else ""
    return format_html(
        '<span class="yg-clock yg-{} yg-num"><span><b{}>{}</b> <small>{}</small></span>{}</span>',
        State(state).value,
        moving,
        words,
        note,
        bar(percent),
    )


def left_pattern() -> str:
    """The sentence the browser fills when it re-counts a clock: {h} hours, {m} minutes."""
    return gettext("剩 {h} 时 {m} 分")


def day_boxes(kinds: Iterable[str], label: str = "") -> SafeString:
    """One box a working day: ``used`` and ``left`` are numbered, ``stopped`` days are hatched and not counted."""
    days = list(kinds)
    number = 0
    boxes = []
    for kind in days:
        number += kind != "stopped"
        boxes.append((kind, gettext("停") if kind == "stopped" else str(number)))
    used, stopped, left = (days.count(kind) for kind in ("used", "stopped", "left"))
    spoken = label or gettext("已用 %(used)d 个工作日，停表 %(stopped)d 天，还剩 %(left)d 个工作日") % {
        "used": used,
        "stopped": stopped,
        "left": left,
    }
    return format_html(
        '<div role="img" aria-label="{}"><ol class="yg-days yg-num" aria-hidden="true">{}</ol></div>',
        spoken,
        format_html_join("", '<li class="yg-{}">{}</li>', boxes),
    )


def lights(counts: Mapping[str, int], urls: Mapping[str, str] | None = None) -> SafeString:
    """Stacked bar of lights with its numbers, and the same in words; states with no item are left out."""
    links = urls or {}
    present = [(state, counts[state.value]) for state in State if counts.get(state.value)]
    total = sum(number for _, number in present)
    spans = format_html_join(
        "", '<span class="yg-l-{} yg-w-{}">{}</span>', ((s.value, share(100 * n / total), n) for s, n in present)
    )
    words = format_html_join(
        "", "<li>{}</li>", ((_linked(lamp(s, f"{s.word} {n}", bare=True), links.get(s.value, "")),) for s, n in present)
    )
    return format_html(
        '<div class="yg-lights yg-num"><div class="yg-lights-bar" aria-hidden="true">{}</div>'
        '<ul class="yg-lights-words">{}</ul></div>',
        spans,
        words,
    )


def _linked(inside: SafeString, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, inside) if url else inside


def file_size(size: int) -> str:
    """Bytes as people say them: 340 KB, 1.2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def remaining_words(days: int) -> str:
    """``days`` working days until the limit (negative: past it) as the words of a light or clock."""
    if days < 0:
        return ngettext("超 %(days)d 个工作日", "超 %(days)d 个工作日", -days) % {"days": -days}
    if days == 0:
        return gettext("今天到期")
    return ngettext("剩 %(days)d 个工作日", "剩 %(days)d 个工作日", days) % {"days": days}


def source_text(text: str, spans: Iterable[tuple[Any, ...]]) -> SafeString:
    """The source as pieces that fields can point at.

    ``spans`` are ``(start, end)`` or ``(start, end, kind)`` in code points of ``text``; overlapping spans share pieces.
    A piece carries the id ``s<start>`` (link target without JavaScript), its bounds, and the classes of its kinds.
    """
    marked = [(int(s[0]), int(s[1]), str(s[2]) if len(s) > 2 else "text") for s in spans if s[1] > s[0]]
    kinds = _kinds_by_piece(marked, len(text))
    return mark_safe("".join(_piece(text, start, end, names) for (start, end), names in kinds))


def source_pane(text: str, spans: Iterable[tuple[Any, ...]]) -> SafeString:
    """The whole left side of a confirm page: ``source_text`` in a region that scrolls and takes the keyboard."""
    return format_html(
        '<pre class="yg-source" data-source tabindex="0" role="region" aria-label="{}">{}</pre>',
        gettext("来文原文"),
        source_text(text, spans),
    )


def _kinds_by_piece(marked: list[tuple[int, int, str]], length: int) -> list[tuple[tuple[int, int], list[str]]]:
    """Cut ``0..length`` at every bound; give each piece the kinds that cover it. One sweep, n log n in the spans."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for start, end, kind in marked:
        opening.setdefault(min(start, length), []).append(kind)
        closing.setdefault(min(end, length), []).append(kind)
    bounds = sorted({0, length, *opening, *closing})
    active: dict[str, int] = {}
    pieces = []
    for start, end in pairwise(bounds):
        for kind in closing.get(start, ()):
            active[kind] -= 1
        for kind in opening.get(start, ()):
            active[kind] = active.get(kind, 0) + 1
        pieces.append(((start, end), [kind for kind, open_now in active.items() if open_now > 0]))
    return pieces


def _piece(text: str, start: int, end: int, kinds: list[str]) -> SafeString:
    if not kinds:
        return format_html("{}", text[start:end])
    return format_html(
        '<span id="s{}" data-s="{}" data-e="{}" class="{}">{}</span>',
        start,
        start,
        end,
        " ".join(f"yg-s-{kind}" for kind in sorted(kinds)),
        text[start:end],
    )
