"""Pages about processes: what is published, what was found about each, and a file checked without keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.faces.portal.values import is_english
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.office.faces.acting import needs
from yangguang.kernel.processes import drawing
from yangguang.kernel.processes.bpmn import MAX_BYTES, read_bpmn
from yangguang.kernel.processes.commands import PUBLISH
from yangguang.kernel.processes.dmn import DMN, Table, check_table, read_dmn
from yangguang.kernel.processes.layout import lay_out
from yangguang.kernel.processes.linking import called_keys, outermost
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.queries import Checked, checked, checked_version
from yangguang.kernel.processes.soundness import Finding, Severity
from yangguang.kernel.processes.vocabulary import Definition, ProcessFault, Unsupported
from yangguang.platform.now import today
from yangguang.platform.web import components, lists
from yangguang.platform.web.access import officers_only

#: nodes up to which a file without a drawing gets one on the check page
DRAWN_UP_TO = 120

#: code of a finding -> its heading
HEADINGS = {
    "dead_lock": gettext_lazy("会停住：再也走不动"),
    "no_end": gettext_lazy("到不了结束"),
    "improper_completion": gettext_lazy("分支没有汇合，同一处会走两次"),
    "endless_loop": gettext_lazy("会空转：回路里没有环节"),
    "unreachable": gettext_lazy("永远走不到"),
    "too_many_states": gettext_lazy("过于复杂，未能证明健全"),
    "unsafe_condition": gettext_lazy("条件不在允许的写法之内"),
    "no_default": gettext_lazy("条件可能都不成立，又没有默认去向"),
    "outcome_of_many": gettext_lazy("按一个结果分支，前面却有多个实例"),
    "unknown_role": gettext_lazy("泳道的角色没有登记"),
    "no_role": gettext_lazy("环节没有人负责"),
    "unknown_limit": gettext_lazy("时限不在规则库中"),
    "overlap": gettext_lazy("规则重叠"),
    "gap": gettext_lazy("没有规则覆盖"),
    "never_used": gettext_lazy("规则永远用不到"),
    "mixed": gettext_lazy("一列里有不同种类的值"),
    "too_large": gettext_lazy("取值组合过多，未能全部检查"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding for the page: heading, whether it forbids publication, its sentence, the way there and its picture."""

    heading: Any
    forbids: bool
    says: str
    path: tuple[str, ...]
    svg: SafeString | str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    pk: int
    key: str
    version: int
    name: str
    published_at: Any
    sha256: str
    sound: bool


class Filter(forms.Form):
    """Narrows the list."""

    q = forms.CharField(
        label=gettext_lazy("名称、编码或摘要"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("检查结论"),
        required=False,
        choices=[("", gettext_lazy("全部")), ("sound", gettext_lazy("健全")), ("unsound", gettext_lazy("不健全"))],
    )


class Upload(forms.Form):
    """A file to check."""

    file = forms.FileField(
        label=gettext_lazy("流程文件或决策表"),
        help_text=gettext_lazy("BPMN 2.0 或 DMN 1.3，不超过 2 MB。只检查，不保存。"),
        widget=forms.FileInput(attrs={"accept": ".bpmn,.dmn,.xml"}),
    )

    def clean_file(self) -> bytes:
        """Return the bytes, or refuse a file that is too large."""
        given = self.cleaned_data["file"]
        if given.size > MAX_BYTES:
            raise forms.ValidationError(gettext_lazy("文件超过 2 MB，请拆分流程。"), code="large")
        content: bytes = given.read()
        return content


class ProcessTable(lists.Table):
    """Published processes."""

    caption = gettext_lazy("流程列表")
    empty_title = gettext_lazy("没有符合条件的流程")

    name = tables.Column(gettext_lazy("流程"), attrs={"td": {"class": "yg-key"}})
    key = tables.Column(gettext_lazy("编码"), attrs={"td": {"class": "yg-mono"}})
    version = tables.Column(gettext_lazy("版本"), attrs={"td": {"class": "yg-num"}})
    published_at = tables.DateTimeColumn(verbose_name=gettext_lazy("发布时间"), format="Y-m-d H:i")
    sha256 = tables.Column(
        gettext_lazy("文件摘要"),
        orderable=False,
        attrs={"td": {"class": "yg-mono yg-hide-m"}, "th": {"class": "yg-hide-m"}},
    )
    sound = tables.Column(gettext_lazy("检查结论"))

    def render_name(self, value: str, record: Row) -> SafeString:
        """Link the name."""
        return format_html('<a href="{}">{}</a>', reverse("desk:process", args=[record.key, record.version]), value)

    def render_sha256(self, value: str) -> str:
        """Show the beginning of the hash."""
        return f"{value[:12]}…"

    def render_sound(self, value: bool) -> SafeString:
        """Show the verdict as a word."""
        return verdict(value)


def verdict(sound: bool) -> SafeString:
    """Return the word for a sound or an unsound process."""
    return components.tag(_("健全"), "act") if sound else components.tag(_("不健全"), "seal")


@officers_only
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the published processes: the newest of each, or all versions; search, filter, order, pages."""
    every = request.GET.get("view") == "all"
    versions = list(ProcessVersion.objects.order_by("key", "-version"))
    newest = {version.key: version for version in reversed(versions)}
    form = Filter(request.GET)
    rows = [_row(version) for version in (versions if every else newest.values())]
    if form.is_valid():
        rows = [row for row in rows if _matches(row, form.cleaned_data["q"], form.cleaned_data["verdict"])]
    context = {
        "table": lists.paged(request, ProcessTable(rows)),
        "form": form,
        "chips": [
            {"label": _("现行"), "url": "?", "count": len(newest), "current": not every},
            {"label": _("全部版本"), "url": "?view=all", "count": len(versions), "current": every},
        ],
        "may_check": _may_check(request),
    }
    return render(request, "desk/processes.html", context)


def _row(version: ProcessVersion) -> Row:
    found = checked_version(version)
    name = _named(found.definition)
    return Row(version.pk, version.key, version.version, name, version.published_at, version.sha256, found.sound)


def _matches(row: Row, q: str, wanted: str) -> bool:
    words = f"{row.name} {row.key} {row.sha256}".casefold()
    return all(part in words for part in q.casefold().split()) and (not wanted or row.sound is (wanted == "sound"))


@officers_only
@require_safe
def shown(request: HttpRequest, process: str, version: int) -> HttpResponse:
    """Show one version: its drawing, the same as a list, and what was found about it."""
    published = get_object_or_404(ProcessVersion, key=process, version=version)
    found = checked_version(published)
    others = ProcessVersion.objects.filter(key=process).exclude(pk=published.pk).order_by("-version")
    context = _picture(found) | {
        "published": published,
        "name": _named(found.definition),
        "others": others.values_list("version", flat=True),
        "calls": [(key, _latest_version(key)) for key in called_keys(found.definition)],
        "may_check": _may_check(request),
    }
    return render(request, "desk/process.html", context)


def _latest_version(key: str) -> int | None:
    return ProcessVersion.objects.filter(key=key).order_by("-version").values_list("version", flat=True).first()


@needs(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a file as publication would, and show what it finds on the drawing; nothing is kept."""
    form = Upload(request.POST or None, request.FILES or None) if request.method == "POST" else Upload()
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                context |= _decision(read_dmn(given)) if DMN.encode() in given else _process(given)
                status = 200
            except ProcessFault as fault:
                context["fault"] = fault
                context["outside"] = isinstance(fault, Unsupported)
    return render(request, "desk/process_check.html", context, status=status)


def _process(xml: bytes) -> dict[str, Any]:
    """What the page shows of a process file; one without a drawing gets one for the page."""
    definition = read_bpmn(xml)
    undrawn = not definition.is_drawn
    if undrawn and len(definition.nodes) <= DRAWN_UP_TO:
        xml = lay_out(xml)
    found = checked(xml)
    return _picture(found) | {"name": _named(found.definition), "undrawn": undrawn}


def _decision(table: Table) -> dict[str, Any]:
    """What the page shows of a decision table."""
    findings = check_table(table)
    bad = {number for one in findings for number in one.rules}
    found = [Shown(HEADINGS[one.code], one.code == "overlap", one.says, (), "") for one in findings]
    return {"decision": table, "name": table.name, "findings": found, "sound": not findings, "bad": bad}


def _picture(found: Checked) -> dict[str, Any]:
    """The drawing of a file with its first counter-example on it, and all its findings."""
    return {
        "definition": found.definition,
        "svg": _svg(found.definition),
        "steps": drawing.steps(found.definition, _language()),
        "findings": [_shown(found.definition, one) for one in found.findings],
        "sound": found.sound,
    }


def _shown(definition: Definition, finding: Finding) -> Shown:
    places = outermost(finding.trail)
    stuck = outermost(finding.marking or ((finding.node,) if finding.node else ()))
    svg = _svg(definition, places, stuck, finding.code) if places or stuck else ""
    english = {node.name: node.name_en for node in definition.nodes if node.name_en} if is_english() else {}
    path = (_("开始"), *(english.get(step, step) for step in finding.path[1:])) if finding.path else ()
    return Shown(HEADINGS[finding.code], finding.severity is Severity.ERROR, finding.says, path, svg)


def _svg(
    definition: Definition,
    trail: Sequence[str] | frozenset[str] = (),
    stuck: frozenset[str] = frozenset(),
    of: str = "",
) -> SafeString | str:
    if not definition.is_drawn:
        return ""
    # Everything variable in the picture is escaped where it is drawn.
    return mark_safe(drawing.svg(definition, trail=trail, stuck=stuck, language=_language(), tag=of))  # noqa: S308


def _language() -> drawing.Language:
    return "en" if is_english() else "zh"


def _named(definition: Definition) -> str:
    return definition.name_en if is_english() and definition.name_en else definition.name


def _may_check(request: HttpRequest) -> bool:
    return is_allowed(request.actor, PUBLISH, on=today())  # type: ignore[attr-defined]
