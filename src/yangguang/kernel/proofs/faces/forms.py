"""Forms of the proofs: the filter of days, the receipt to check."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.proofs.checking import MOST

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class DayFilter(forms.Form):
    """Narrows the list of days."""

    q = forms.CharField(
        label=_("日期、根或封印的开头"), required=False, max_length=64, widget=forms.TextInput(attrs={"type": "search"})
    )
    month = forms.RegexField(
        _MONTH, label=_("月份"), required=False, widget=forms.TextInput(attrs={"placeholder": "2026-11"})
    )


class Checking(forms.Form):
    """A receipt, pasted or as its file."""

    receipt = forms.CharField(
        label=_("回执全文"), required=False, max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 8, "class": "yg-mono", "spellcheck": "false"}),
        help_text=_("把下载的回执文件用记事本打开，全部复制到这里；或者直接选文件。"),
    )  # fmt: skip
    file = forms.FileField(label=_("或者选回执文件"), required=False)

    def clean(self) -> dict[str, object]:
        """Take the text of the file where one was chosen."""
        cleaned = dict(super().clean() or {})
        chosen = cleaned.get("file")
        if chosen is not None:
            if chosen.size > MOST:
                raise forms.ValidationError(_("这个文件太大，不是回执。"))
            cleaned["receipt"] = chosen.read().decode("utf-8", "replace")
        if not cleaned.get("receipt"):
            raise forms.ValidationError(_("请粘贴回执，或者选一个文件。"))
        return cleaned
