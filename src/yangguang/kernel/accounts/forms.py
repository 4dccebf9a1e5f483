"""Forms of the accounts room."""

from __future__ import annotations

import re

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yangguang.kernel.accounts.models import Account

_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}[0-9]")


class CitizenSignup(forms.Form):
    """What a citizen tells beyond login name and password; both are kept sealed."""

    real_name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("手机号码"), max_length=20, help_text=_("用于告知办理结果，不公开。"))

    field_order = ("username", "real_name", "phone", "password1", "password2")

    def clean_phone(self) -> str:
        """Return the number without blanks and hyphens."""
        phone = str(self.cleaned_data["phone"]).strip()
        if not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("请填写电话号码，例如 13800000000。"), code="phone")
        return re.sub(r"[ \-]", "", phone)

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Nothing more to do: the adapter has registered the citizen in one writing."""


class Reveal(forms.Form):
    """Whom an officer looks up, what he opens, for which case and what for."""

    phone = forms.CharField(label=_("手机号码"), max_length=20, help_text=_("按完整号码查找；号码不会出现在网址里。"))
    columns = forms.MultipleChoiceField(
        label=_("查看的项目"),
        choices=(("real_name", _("姓名")), ("phone", _("手机号码"))),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("不选则只看是否登记，姓名隐去。"),
    )
    case = forms.CharField(label=_("事项编号"), max_length=80, required=False)
    purpose = forms.CharField(label=_("用途"), max_length=200, required=False, help_text=_("本人看得到。"))


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey of one's own, under a name by which its owner knows it again."""

    name = forms.CharField(label=_("名称"), required=False, max_length=50, help_text=_("例如：办公电脑、手机。"))


class AcceptInvitation(forms.Form):
    """The password that an invited member of staff chooses, twice."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label=_("再输一遍"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, str]:
        """Refuse two different passwords."""
        fields: dict[str, str] = super().clean() or {}
        if fields.get("password") != fields.get("again"):
            self.add_error("again", _("两次输入的密码不一致。"))
        return fields
