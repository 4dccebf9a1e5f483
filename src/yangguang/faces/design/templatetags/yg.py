"""``{% load yg %}``: every component by its plain name. Usage lines stand in ../README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yangguang.faces.design.days import WORDS
from yangguang.platform.web import components
from yangguang.platform.web.language import address_in

register = template.Library()

for part in (
    components.icon,
    components.lamp,
    components.ticket,
    components.tag,
    components.clock_bar,
    components.day_boxes,
    components.progress,
    components.lights,
    components.source_text,
    components.source_pane,
):
    register.simple_tag(part)
register.filter("file_size", components.file_size)


@register.inclusion_tag("design/parts/explained_clock.html")
def explained_clock(explanation: Any, cite: str = "", cite_url: str = "", *, open: bool = False) -> dict[str, Any]:
    """Day by day: which days counted, which did not and why. ``open`` unfolds it from the start."""
    return {"clock": explanation, "days": calendar_rows(explanation), "cite": cite, "cite_url": cite_url, "open": open}


def calendar_rows(explanation: Any) -> list[dict[str, Any]]:
    """Counted days (numbered) and skipped days of an explanation, merged in calendar order."""

    def part(record: Any, name: str) -> Any:
        return record[name] if isinstance(record, Mapping) else getattr(record, name)

    rows = [{"day": day, "number": n} for n, day in enumerate(part(explanation, "counted"), 1)]
    rows += [
        {
            "day": part(skip, "day"),
            "why": WORDS.get(part(skip, "why"), part(skip, "why")),
            "source": part(skip, "source"),
        }
        for skip in part(explanation, "skipped")
    ]
    return sorted(rows, key=lambda row: str(row["day"]))


@register.inclusion_tag("design/parts/trail.html")
def trail(entries: Iterable[Any], *, public: bool = False) -> dict[str, Any]:
    """What happened, newest first as given; entries are only ever added."""
    return {"entries": entries, "public": public}


@register.inclusion_tag("design/parts/stage_rail.html")
def stage_rail(stages: Iterable[Any]) -> dict[str, Any]:
    """The stages of a process with the present one marked."""
    return {"stages": stages}


@register.inclusion_tag("design/parts/facts.html")
def facts(items: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A strip of (label, value[, small])."""
    return {"items": items}


@register.inclusion_tag("design/parts/kv.html")
def kv(items: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Label and value pairs."""
    return {"items": items}


@register.inclusion_tag("design/parts/stat.html")
def stat(label: str, value: Any, *, unit: str = "", note: str = "", url: str = "") -> dict[str, Any]:
    """One large figure in a card; the whole card is the link when ``url`` is given."""
    return {"label": label, "value": value, "unit": unit, "note": note, "url": url}


@register.inclusion_tag("design/parts/chips.html")
def chips(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Saved views."""
    return {"items": items, "label": label}


@register.inclusion_tag("design/parts/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Tabs that are links: each is a page of its own."""
    return {"items": items, "label": label}


@register.inclusion_tag("design/parts/crumbs.html")
def crumbs(items: Iterable[Sequence[str]]) -> dict[str, Any]:
    """(label, url) pairs; the last one, without url, is the page itself."""
    return {"items": items}


@register.inclusion_tag("design/parts/filter_bar.html", takes_context=True)
def filter_bar(
    context: template.Context, form: BaseForm, *, keep: str = "view sort", reset: str = ""
) -> dict[str, Any]:
    """A GET form over a list; ``keep`` names the parameters of the address that stay."""
    query = context["request"].GET if "request" in context else {}
    kept = [(name, query[name]) for name in keep.split() if name in query]
    return {"form": form, "kept": kept, "reset": reset}


@register.inclusion_tag("design/parts/pages.html", takes_context=True)
def pages(context: template.Context, page_obj: Page[Any], param: str = "page") -> dict[str, Any]:
    """Pagination that keeps the rest of the address."""
    around = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    return {"page": page_obj, "around": list(around), "param": param, "request": context.get("request")}


@register.inclusion_tag("design/parts/files.html")
def files(items: Iterable[Any]) -> dict[str, Any]:
    """Files with type and size."""
    return {"items": items}


@register.inclusion_tag("design/parts/diff.html")
def diff(rows: Iterable[Any]) -> dict[str, Any]:
    """Old and new values; rows that did not change are left out."""

    def part(row: Any, name: str) -> Any:
        return row[name] if isinstance(row, Mapping) else getattr(row, name)

    return {"rows": [row for row in rows if part(row, "old") != part(row, "new")]}


@register.inclusion_tag("design/parts/export_menu.html")
def export_menu(items: Iterable[Any]) -> dict[str, Any]:
    """A fold-out list of files this page can be taken away as."""
    return {"items": items}


@register.inclusion_tag("design/parts/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """Error summary: every error once, linked to its field."""
    found = [(target_of(field), field.label, error) for field in form.visible_fields() for error in field.errors]
    hidden = [("", field.label, error) for field in form.hidden_fields() for error in field.errors]
    return {"found": [("", "", error) for error in form.non_field_errors()] + hidden + found}


def target_of(field: Any) -> str:
    """The id an error link must jump to: a group of choices has none itself, its first choice does."""
    return str(field.id_for_label or f"{field.auto_id}_0")


@register.inclusion_tag("design/parts/tombstone.html")
def tombstone(title: str, when: Any, reason: str, url: str = "") -> dict[str, Any]:
    """What stood here, since when it is gone and why."""
    return {"title": title, "when": when, "reason": reason, "url": url}


@register.inclusion_tag("design/parts/stale.html")
def stale(since: Any, words: str = "") -> dict[str, Any]:
    """Says that figures are older than they should be."""
    return {"since": since, "words": words}


@register.simple_block_tag(end_name="endpage_header")
def page_header(content: str, title: str, *, lead: str = "", kicker: str = "") -> SafeString:
    """The page's only h1, with its buttons inside."""
    return _part("page_header", content, title=title, lead=lead, kicker=kicker)


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, title: str = "", *, note: str = "", id: str = "", flush: bool = False) -> SafeString:
    """A white card with a head; ``flush`` leaves out the padding, for tables."""
    return _part("panel", content, title=title, note=note, id=id, flush=flush)


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: str, *, symbol: str = "inbox") -> SafeString:
    """Nothing here: says so, and what to do."""
    return _part("empty", content, title=title, symbol=symbol)


@register.simple_block_tag(end_name="endnote")
def note(content: str, tone: str = "info") -> SafeString:
    """A sentence in a box: ``info`` ``behind`` ``overdue`` ``done``."""
    symbols = {"info": "info-circle", "behind": "alert-triangle", "overdue": "alert-circle", "done": "check"}
    return format_html(
        '<div class="yg-note yg-note-{}">{}<div>{}</div></div>',
        tone,
        components.icon(symbols[tone]),
        content,
    )


@register.simple_block_tag(end_name="endactions")
def actions(content: str) -> SafeString:
    """The row of buttons under a form."""
    return format_html('<div class="yg-actions">{}</div>', content)


@register.simple_block_tag(end_name="endpaper")
def paper(
    content: str, issuer: str, title: str, *, number: str = "", signed: str = "", date: str = "", mark: str = ""
) -> SafeString:
    """A red-head document; ``mark`` is the watermark of a draft or a void paper."""
    return _part("paper", content, issuer=issuer, title=title, number=number, signed=signed, date=date, mark=mark)


@register.simple_block_tag(end_name="endbulk_bar")
def bulk_bar(content: str, form_id: str) -> SafeString:
    """Buttons that act on the selected rows of the table in form ``form_id``."""
    return _part("bulk_bar", content, form_id=form_id)


def _part(name: str, content: str, **context: Any) -> SafeString:
    return render_to_string(f"design/parts/{name}.html", {"content": content, **context})


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, language: str) -> str:
    """The address of this very page in another language; the front page where there is no request."""
    request = context.get("request")
    return address_in(language, request.get_full_path() if request else "/")


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, param: str, number: int) -> str:
    """The address of page ``number`` of the list shown, with everything else in the query kept."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[param] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def row_group(table: Any, row: Any) -> str:
    """The heading under which a table row stands, or nothing."""
    group_of = getattr(table, "group_of", None)
    return str(group_of(row.record) or "") if group_of else ""
