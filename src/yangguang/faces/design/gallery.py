"""Every component on one page, with invented samples: for tests, and at ``/design/`` of a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from yangguang.platform.web.lists import LampColumn, ProgressColumn, SelectColumn, Table

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 14, 10, tzinfo=CHINA)


@dataclass(frozen=True)
class Person:
    """Who is signed in on the sample pages."""

    name: str
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Sample:
    """A row of the sample list."""

    pk: int
    chapter: str
    title: str
    lead: str
    support: str
    due: str
    percent: int | None
    light: tuple[str, str]
    last: str


ROWS = [
    Sample(
        21,
        "二、提高政务服务水平",
        "十三个县（市、区）年内建成交易分中心",
        "省督查室",
        "省监察局",
        "12-31",
        85,
        ("normal", ""),
        "11-20 已建成 11 个",
    ),
    Sample(
        22,
        "二、提高政务服务水平",
        "政务服务向乡镇、社区和园区延伸",
        "省督查室",
        "省监察局",
        "09-30",
        78,
        ("overdue", "逾期 34 天"),
        "11-16 石湾县场地未落实",
    ),
    Sample(
        23,
        "二、提高政务服务水平",
        "三级服务中心网络互联",
        "省工信厅",
        "省监察局、督查室",
        "12-15",
        70,
        ("behind", "滞后 1 个节点"),
        "11-19 两县专线未通",
    ),
    Sample(
        31,
        "三、加大政务公开力度",
        "公开目录检查",
        "省人社厅",
        "省监察局、工信厅",
        "10-31",
        100,
        ("struck_off", ""),
        "10-28 督查室复核通过",
    ),
    Sample(
        32,
        "三、加大政务公开力度",
        "落实听证规定，提高听证会质量",
        "省司法厅",
        "",
        "12-31",
        100,
        ("done", ""),
        "11-13 年内已听证 8 场",
    ),
    Sample(
        41,
        "四、强化绩效管理",
        "扩大公务卡结算范围",
        "省财政厅",
        "省国资委",
        "12-31",
        None,
        ("suspended", "暂缓至 12-05"),
        "11-10 等上级目录",
    ),
]


class SampleTable(Table):
    """The duty ledger in small."""

    select = SelectColumn(label_accessor="title")
    title = tables.Column(
        verbose_name="任务", attrs={"td": {"class": "yg-key"}}, linkify=lambda record: f"#row-{record.pk}"
    )
    lead = tables.Column(verbose_name="牵头单位")
    support = tables.Column(verbose_name="协办单位", default="—")
    due = tables.Column(verbose_name="时限", attrs={"td": {"class": "yg-mono"}})
    percent = ProgressColumn(accessor="percent")
    light = LampColumn(accessor="light", order_by="light")
    last = tables.Column(verbose_name="最近报告", orderable=False, attrs={"td": {"class": "yg-muted yg-wide"}})
    caption = "任务台账样例"

    def group_of(self, record: Sample) -> str:
        return record.chapter


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="任务", help_text="写清做什么、做到什么程度。")
    kind = forms.ChoiceField(
        label="时限种类", choices=[("by", "到某日"), ("recurring", "定期报"), ("relative", "收文后若干天")]
    )
    due = forms.DateField(label="到期日", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="理由", widget=forms.Textarea, required=False)
    result = forms.ChoiceField(
        label="复核意见", choices=[("pass", "通过"), ("redo", "退回重做")], widget=forms.RadioSelect
    )
    public = forms.BooleanField(label="可以向社会公开", required=False, help_text="公开前要过保密审查。")
    proof = forms.FileField(label="佐证材料", required=False)


class FilterForm(forms.Form):
    """A small GET form."""

    unit = forms.CharField(label="单位", required=False)
    state = forms.ChoiceField(label="灯", choices=[("", "全部"), ("overdue", "逾期")], required=False)


SOURCE = """青禾省人民政府办公厅关于抓好第四季度重点工作的通知
一、推进交易中心体系建设。13个县（市、区）年底前全部建成分中心。（省督查室牵头，省监察局配合）
二、提高热线办理质量。𠮷水镇等乡镇11月底前接通专线。（省工信厅负责）"""


def spans_of(*parts: tuple[str, str]) -> list[tuple[int, int, str]]:
    """Where each sample phrase stands in the sample source."""
    return [(SOURCE.index(words), SOURCE.index(words) + len(words), kind) for words, kind in parts]


SPANS = spans_of(
    ("推进交易中心体系建设。13个县（市、区）年底前全部建成分中心。", "text"),
    ("年底前", "deadline"),
    ("13个", "target"),
    ("省督查室", "lead"),
    ("省监察局", "support"),
    ("𠮷水镇等乡镇11月底前接通专线。", "text"),
    ("11月底前", "deadline"),
    ("省工信厅", "lead"),
)

LINKS = [
    {"label": label, "name": f"f{n}", "value": SOURCE[start:end], "spans": f"{start}-{end}"}
    for n, (label, (start, end, _)) in enumerate(
        zip(["任务", "时限", "目标", "牵头", "协办", "任务二", "时限二", "牵头二"], SPANS, strict=True)
    )
]

EXPLANATION = {
    "due_on": date(2026, 2, 27),
    "provisional": True,
    "counted": [date(2026, 2, 14), date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)],
    "skipped": [
        {"day": date(2026, 2, 15) + timedelta(n), "why": "春节放假", "source": "放假通知样例〔2025〕7号"}
        for n in range(9)
    ],
}

TRAIL = [
    {"when": "预计 12-05", "title": "复核销号", "state": "next"},
    {
        "when": NOW,
        "title": "等上级目录，暂缓",
        "who": "省财政厅",
        "state": "paused",
        "text": "依据：暂缓批复，计到 12-05。",
    },
    {
        "when": datetime(2026, 11, 20, 9, 30, tzinfo=CHINA),
        "title": "报告进度 64%",
        "who": "林岚 · 省财政厅",
        "links": [("佐证材料", "#proof")],
    },
    {"when": datetime(2026, 4, 1, 9, 0, tzinfo=CHINA), "title": "签收", "who": "省财政厅"},
]

STAGES = [
    {"name": "分解", "state": "done", "note": "04-01"},
    {"name": "签收", "state": "done", "note": "04-03"},
    {"name": "办理", "state": "now", "note": "已报 3 次"},
    {"name": "复核", "state": "next", "note": "12-31 前"},
    {"name": "销号", "state": "next"},
]


def samples(request: HttpRequest) -> dict[str, Any]:
    """The context of the sample pages."""
    table = SampleTable(ROWS)
    RequestConfig(request, paginate={"per_page": 5}).configure(table)
    form = SampleForm({"title": "", "due": "2026-02-31"} if "bad" in request.GET else None)
    return {
        "table": table,
        "empty_table": SampleTable([]),
        "form": form,
        "filter_form": FilterForm(request.GET or None),
        "source": SOURCE,
        "spans": SPANS,
        "links": LINKS,
        "explanation": EXPLANATION,
        "trail_entries": TRAIL,
        "stages": STAGES,
        "counts": {"normal": 18, "behind": 5, "overdue": 2, "suspended": 1, "done": 3, "struck_off": 6},
        "states": ["normal", "behind", "overdue", "suspended", "done", "struck_off"],
        "chip_items": [
            {"label": "全部", "url": "?view=all", "count": 35, "current": True},
            {"label": "逾期", "url": "?view=overdue", "count": 2, "state": "overdue"},
            {"label": "滞后", "url": "?view=behind", "count": 5, "state": "behind"},
            {"label": "本月到期", "url": "?view=month", "count": 9},
        ],
        "tab_items": [
            {"label": "轨迹", "url": "#", "current": True},
            {"label": "时限", "url": "#"},
            {"label": "材料", "url": "#", "count": 4},
        ],
        "crumb_items": [("首页", "/"), ("任务台账", "/design/"), ("扩大公务卡结算范围", "")],
        "fact_items": [
            ("牵头单位", "省财政厅"),
            ("时限", "12-31", "还有 28 个工作日"),
            ("进度", "64%"),
            ("报告", "3 次", "应报 4 次"),
        ],
        "kv_items": [
            ("事项", "扩大公务卡结算范围"),
            ("文号", "青政办发〔2026〕12号"),
            ("联系人", "林岚"),
            ("备注", None),
        ],
        "file_items": [
            {"name": "复核意见.pdf", "url": "#", "size": 348160, "note": "盖章扫描件"},
            {"name": "布点清单.xlsx", "url": "#", "size": 1258291},
        ],
        "diff_rows": [
            {"label": "时限", "old": "2026-11-30", "new": "2026-12-31"},
            {"label": "协办单位", "old": "", "new": "省国资委"},
            {"label": "牵头单位", "old": "省财政厅", "new": "省财政厅"},
        ],
        "export_items": [
            {"label": "Word（.docx）", "url": "#", "note": "任务分解表样式"},
            {"label": "Excel（.xlsx）", "url": "#"},
            {"label": "JSON", "url": "#"},
        ],
        "day_kinds": ["used"] * 2 + ["stopped"] * 4 + ["left"] * 3,
        "due_at": NOW + timedelta(hours=3, minutes=20),
        "when": datetime(2026, 11, 23, 6, 2, tzinfo=UTC),
        "refusal": {
            "says": "这项任务已经销号，不能再申请延期。",
            "cite": "督查规程样例第九条",
            "remedy": "确需延期的，请督查室重新开启任务。",
        },
        "typed": [("延期到", "2026-12-31"), ("理由", "上级目录还没有下发，等目录下发后一个月内完成。")],
        "back_url": "/design/",
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the desk and the portal would put around their pages."""
    here = request.path
    return {
        "now": NOW,
        "today": NOW.date(),
        "workday_note": "第四季度第 34 个工作日",
        "desk_url": "/design/",
        "home_url": "/design/portal/",
        "desk_search_url": "/design/",
        "portal_search_url": "/design/portal/",
        "alerts_url": "/design/",
        "alerts_count": 3,
        "user": Person("林岚"),
        "desk_post": "省督查室",
        "logout_url": "/design/",
        "user_links": [{"title": "我的岗位", "url": "#"}],
        "login_url": "/design/plain/",
        "report_error_url": "/design/",
        "footer_links": [
            {"title": "站点地图", "url": "#"},
            {"title": "无障碍声明", "url": "#"},
            {"title": "隐私与个人信息保护", "url": "#"},
        ],
        "desk_nav": [
            {
                "title": "督查",
                "entries": [
                    {
                        "title": "督查台账",
                        "url": "/design/",
                        "icon": "clipboard-list",
                        "count": 61,
                        "current": here == "/design/",
                        "go": "d",
                    },
                    {
                        "title": "来文与分解",
                        "url": "/design/confirm/",
                        "icon": "file-text",
                        "count": 2,
                        "current": here == "/design/confirm/",
                        "go": "n",
                    },
                    {"title": "通报与考核", "url": "/design/act/", "icon": "report-analytics"},
                ],
            },
            {
                "title": "监察",
                "entries": [
                    {
                        "title": "监察总览",
                        "url": "/design/",
                        "icon": "device-desktop-analytics",
                        "count": 21,
                        "go": "w",
                    },
                    {"title": "黄红牌处置", "url": "/design/", "icon": "shield-check", "count": 6},
                ],
            },
        ],
        "portal_nav": [
            {"title": "首页", "url": "/design/portal/", "current": True},
            {"title": "政务公开", "url": "#"},
            {"title": "任务落实", "url": "#"},
            {"title": "监督与效能", "url": "#"},
            {"title": "数据开放", "url": "#"},
        ],
        "side_note": "电子监察：正常",
    }


TEMPLATES = {
    "": "design/gallery.html",
    "portal/": "design/gallery_portal.html",
    "confirm/": "design/gallery_confirm.html",
    "plain/": "design/refused.html",
}


def show(request: HttpRequest, name: str = "") -> HttpResponse:
    """One sample page; ``?bad`` shows the form with errors, ``?toast`` a message."""
    if "toast" in request.GET:
        messages.success(request, "已签收 3 项任务")
    return render(request, TEMPLATES[name], {**shell(request), **samples(request)})


def act(request: HttpRequest) -> HttpResponse:
    """The sample of a confirm page for an act that cannot be undone."""
    context = {
        **shell(request),
        "title": "撤销这张黄牌",
        "question": "撤销以后，这张牌留在轨迹里，标明已撤回。",
        "items": samples(request)["kv_items"],
        "form": ReasonForm(request.POST or None),
        "submit_label": "撤销黄牌",
        "cancel_url": "/design/",
        "danger": True,
        "draft_key": "gallery-act",
    }
    return render(request, "design/confirm.html", context)


class ReasonForm(forms.Form):
    """Acts that cannot be undone ask why."""

    reason = forms.CharField(label="理由", widget=forms.Textarea, min_length=4)
