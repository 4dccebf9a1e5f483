"""The first-use page: there is one only while nobody has been appointed, and only for who holds its token."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yangguang.journeys.first_use import Beginning, begin, has_begun, is_setup_token
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.organisation.vocabulary import Level
from yangguang.platform.now import now


class FirstUse(forms.Form):
    """What a new instance must be told."""

    token = forms.CharField(
        label=_("启用口令"), max_length=100, help_text=_("启动程序时打印在终端上，也可用 yangguang setup token 查看。")
    )
    division_code = forms.CharField(label=_("区划代码"), max_length=16, help_text=_("GB/T 2260 代码。"))
    division_name = forms.CharField(label=_("区划名称"), max_length=100)
    level = forms.ChoiceField(label=_("层级"), choices=Level.choices)
    unit_code = forms.CharField(
        label=_("本级政府的单位代码"), max_length=32, help_text=_("统一社会信用代码或自编代码。")
    )
    unit_name = forms.CharField(label=_("本级政府的名称"), max_length=200)
    person_number = forms.CharField(label=_("管理员工号"), max_length=32)
    person_name = forms.CharField(label=_("管理员姓名"), max_length=50)
    username = forms.CharField(label=_("管理员登录名"), max_length=64, help_text=_("字母、数字和 @ . - _"))

    def clean_token(self) -> str:
        """Refuse a wrong token."""
        token = str(self.cleaned_data["token"]).strip()
        if not is_setup_token(token):
            raise forms.ValidationError(_("口令不对。请从启动程序的终端复制。"), code="token")
        return token


@never_cache
@sensitive_post_parameters("token")
def first_use(request: HttpRequest) -> HttpResponse:
    """Set the instance up and lead its first administrator to setting a password; afterwards there is no such page."""
    if has_begun():
        raise Http404
    form = FirstUse(request.POST or None, initial={"token": request.GET.get("token", "")})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("token")
        username, data["level"] = data.pop("username"), Level(data["level"])
        try:
            begun = begin(Beginning(**data), username, at=now())
        except Malformed as malformed:
            _spread(form, malformed)
        else:
            return redirect("accounts:invitation", begun.invitation)
    response = render(request, "desk/first_use.html", {"form": form}, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make the form's origin null, and CSRF refuse it
    return response


def _spread(form: FirstUse, malformed: Malformed) -> None:
    """Put each error on its field; a record's `code` and `name` can be the division's or the unit's."""
    for name, says in told(malformed).errors.items():
        place = {"code": "division_code", "name": "division_name"}.get(name, name)
        form.add_error(place if place in form.fields else None, says)
    if not malformed.errors:
        form.add_error(None, told(malformed).says)
