"""Forms of the directives room: what a person types, before a command judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yangguang.domains.directives.commands import handling
from yangguang.domains.directives.commands.planning import NOTED_LAMPS
from yangguang.domains.directives.commands.supervising import REVIEW_OUTCOMES, RULINGS, VERIFY_OUTCOMES
from yangguang.domains.directives.faces.tables import clock_words, words
from yangguang.domains.directives.vocabulary import DutyState, Lamp
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.organisation.models import Unit

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty, PlanProposal

_SHORT = {"rows": 3}


class DateInput(forms.DateInput):
    """A day, with the browser's own picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NoticeForm(forms.Form):
    """A notice: files, or text pasted from anywhere."""

    files = forms.FileField(
        label=_("来文文件"),
        required=False,
        help_text=_(
            "支持 .docx .xlsx .pdf .html .txt；也可直接粘贴文字。扫描件、.doc、.wps、.ofd 请先另存为上述格式。"
        ),
    )
    text = forms.CharField(label=_("或粘贴全文"), required=False, strip=False, widget=forms.Textarea({"rows": 12}))
    name = forms.CharField(label=_("粘贴内容的名称"), required=False, max_length=120)
    back_entered = forms.BooleanField(label=_("补录在办任务（保留原定期限，标记为补录）"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a text; neither is an error that says so."""
        cleaned = super().clean() or {}
        if not cleaned.get("files") and not (cleaned.get("text") or "").strip():
            raise forms.ValidationError(_("请选择文件，或把来文全文粘贴进来。"))
        return cleaned


class ReasonForm(forms.Form):
    """A reason, where the rule demands one."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(_SHORT), max_length=2000)


class BasisForm(ReasonForm):
    """A reason and the ground it stands on."""

    basis = forms.CharField(label=_("依据"), max_length=500, help_text=_("写明文件、条款或会议决定。"))


class OpinionForm(forms.Form):
    """An opinion that may stay empty."""

    opinion = forms.CharField(label=_("意见"), required=False, widget=forms.Textarea(_SHORT), max_length=2000)


class EmptyForm(forms.Form):
    """Nothing to type: the act itself is the answer."""


class ProgressForm(forms.Form):
    """Progress of a unit: words, share done, figures of the targets, evidence."""

    text = forms.CharField(label=_("进展情况"), widget=forms.Textarea({"rows": 6}), max_length=10000)
    percent = forms.IntegerField(label=_("完成进度（%）"), min_value=0, max_value=100, initial=0)
    problems = forms.CharField(label=_("存在问题"), required=False, widget=forms.Textarea(_SHORT), max_length=4000)
    next_steps = forms.CharField(label=_("下一步打算"), required=False, widget=forms.Textarea(_SHORT), max_length=4000)
    explanation = forms.CharField(
        label=_("数据下降说明"),
        required=False,
        widget=forms.Textarea(_SHORT),
        max_length=2000,
        help_text=_("累计数低于上次所报时必填。"),
    )
    merges = forms.MultipleChoiceField(label=_("汇总的协办报送"), required=False, widget=forms.CheckboxSelectMultiple)
    evidence = forms.FileField(label=_("佐证材料"), required=False, help_text=_("单个文件不超过 20 MB。"))
    final = forms.BooleanField(label=_("任务已全部完成，申请办结"), required=False)

    def __init__(self, *args: Any, duty: Duty, lead: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in duty.targets.all():
            label = _("指标“%(expr)s”已达到") % {"expr": target.expr}
            self.fields[f"figure-{target.pk}"] = forms.CharField(
                label=label, required=False, max_length=30, initial=target.reached if target.reached is not None else ""
            )
        if lead:
            self._offer_contributions(duty)
        else:
            for name in ("final", "percent", "explanation", "merges"):
                del self.fields[name]

    def _offer_contributions(self, duty: Duty) -> None:
        given = handling.contributions_since(duty)
        self.fields["merges"].choices = [
            (report.pk, f"{report.unit.name}（{report.given_at:%Y-%m-%d}）：{report.text}") for report in given
        ]
        self.fields["merges"].initial = [report.pk for report in given]
        silent = Unit.objects.filter(pk__in=handling.silent_units(duty)).order_by("sort_key")
        if silent:
            names = "、".join(silent.values_list("name", flat=True))
            self.fields["merges"].help_text = _("尚未报送：%(names)s；反馈时将载明。") % {"names": names}
        if not given and not silent:
            del self.fields["merges"]


class ReviewForm(forms.Form):
    """The review of a report and the deadlines it fulfils."""

    outcome = forms.ChoiceField(label=_("审核结论"), choices=list(REVIEW_OUTCOMES.items()), widget=forms.RadioSelect)
    opinion = forms.CharField(label=_("审核意见"), required=False, widget=forms.Textarea(_SHORT), max_length=2000)
    meets = forms.MultipleChoiceField(
        label=_("本次反馈已完成的期限"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, clocks: list[Deadline], final: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meets"].choices = [(c.key, f"{clock_words(c)}（{c.due_on}）") for c in clocks]
        if not clocks:
            del self.fields["meets"]
        if not final:
            self.fields["outcome"].choices = [c for c in REVIEW_OUTCOMES.items() if c[0] != "accepted"]


class VerifyForm(forms.Form):
    """The finding of a verification."""

    outcome = forms.ChoiceField(label=_("核查结论"), choices=list(VERIFY_OUTCOMES.items()), widget=forms.RadioSelect)
    method = forms.CharField(label=_("核查方式"), max_length=200, help_text=_("如：实地查看、查阅资料、电话抽查。"))
    opinion = forms.CharField(label=_("核查情况"), widget=forms.Textarea(_SHORT), max_length=2000)


class RulingForm(ReasonForm):
    """The ruling on an objection."""

    ruling = forms.ChoiceField(label=_("裁定"), choices=list(RULINGS.items()), widget=forms.RadioSelect)
    to_unit = forms.ModelChoiceField(label=_("改交单位"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = units
        self.order_fields(["ruling", "to_unit", "reason"])


class NominationForm(forms.Form):
    """The units an open collective means."""

    units = forms.ModelMultipleChoiceField(
        label=_("指定单位"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class ExtensionForm(ReasonForm):
    """A request for more time."""

    deadline = forms.ModelChoiceField(label=_("哪一个期限"), queryset=Deadline.objects.none())
    proposed_on = forms.DateField(label=_("申请延至"), widget=DateInput)

    def __init__(self, *args: Any, clocks: QuerySet[Deadline], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].queryset = clocks
        self.fields["deadline"].label_from_instance = lambda d: f"{clock_words(d)}（{d.due_on}）"
        self.order_fields(["deadline", "proposed_on", "reason"])


class DecisionForm(forms.Form):
    """Yes or no to a request for more time."""

    granted = forms.ChoiceField(
        label=_("决定"), choices=[("yes", _("同意延期")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), required=False, widget=forms.Textarea(_SHORT), max_length=2000)


class NewDayForm(ReasonForm):
    """A reason and a new day."""

    due_on = forms.DateField(label=_("新的期限"), widget=DateInput)


class PlanForm(ReasonForm):
    """A plan of the duty's own: a line a month, with the percent reached by its end."""

    plan = forms.CharField(
        label=_("计划进度"),
        required=False,
        widget=forms.Textarea({"rows": 8}),
        max_length=2000,
        help_text=_("每行一个月，如“2026-06 40”；留空则按时间平均推进。"),
    )

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].initial = "\n".join(f"{month} {share}" for month, share in duty.plan.items())
        self.order_fields(["plan", "reason"])

    def clean_plan(self) -> dict[str, int]:
        """Read the lines; one that is no month and number is named."""
        plan = {}
        for line in filter(str.strip, self.cleaned_data["plan"].splitlines()):
            month, _gap, share = line.strip().rstrip("%％").partition(" ")
            if not share.strip().isdigit():
                raise forms.ValidationError(_("“%(line)s”看不懂，请写成“2026-06 40”。") % {"line": line.strip()})
            plan[month] = int(share)
        return plan


class PlanProposalForm(PlanForm):
    """The lead unit's own plan: what it will do, and how far it will be by each month's end."""

    steps = forms.CharField(label=_("分解步骤"), widget=forms.Textarea({"rows": 6}), max_length=4000)

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, duty=duty, **kwargs)
        del self.fields["reason"]
        self.order_fields(["steps", "plan"])


class PlanDecisionForm(forms.Form):
    """Yes or no to the lead unit's plan, which stands above."""

    approved = forms.ChoiceField(
        label=_("决定"), choices=[("yes", _("同意")), ("no", _("退回修改"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("意见"), required=False, widget=forms.Textarea(_SHORT), max_length=2000)

    def __init__(self, *args: Any, proposal: PlanProposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = "；".join(f"{month} {share}%" for month, share in proposal.plan.items())
        self.fields["approved"].help_text = "\n".join(filter(None, (proposal.steps, months)))


class LightNoteForm(ReasonForm):
    """A signed note beside the light."""

    lamp = forms.ChoiceField(label=_("说明为"), widget=forms.RadioSelect)
    until = forms.DateField(label=_("说明有效至"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lamp"].choices = [(lamp.value, words(lamp)) for lamp in NOTED_LAMPS]
        self.order_fields(["lamp", "until", "reason"])


class MergeForm(ReasonForm):
    """Into which duty another goes."""

    into = forms.CharField(label=_("并入的事项编号"), max_length=80)


class DutyFilter(forms.Form):
    """Search and filter of the duty ledger; its state stands in the address."""

    q = forms.CharField(label=_("关键词"), required=False)
    lamp = forms.ChoiceField(label=_("灯"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = forms.CharField(label=_("单位"), required=False)
    due_before = forms.DateField(label=_("期限早于"), required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from django.utils.translation import get_language  # noqa: PLC0415 - needs the request's language

        english = (get_language() or "").startswith("en")
        words = lambda member: member.en if english else member.zh  # noqa: E731 - two uses, one line
        self.fields["lamp"].choices = [("", _("全部")), *((m.value, words(m)) for m in Lamp)]
        self.fields["state"].choices = [("", _("全部")), *((m.value, words(m)) for m in DutyState)]
