"""Forms of delegations and of matching with the registry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.kit import clock

from ..enums import DelegationKind
from ..registry import delegation_scopes


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _procedures() -> list[tuple[str, str]]:
    return [choice for scope in delegation_scopes for choice in scope.choices()]


class DelegationForm(forms.Form):
    """Ask somebody to act for oneself: in which capacity, in what, until when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("どのような方に頼みますか"), choices=DelegationKind.choices, widget=forms.RadioSelect
    )
    valid_from = _day(gettext_lazy("いつから"))
    valid_until = _day(gettext_lazy("いつまで"), help_text=gettext_lazy("長くても3年です。いつでも取り消せます。"))
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("任せる手続"),
        choices=lazy(_procedures, list),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("選ばないときは、すべての手続を任せます。"),
    )
    note = forms.CharField(
        label=gettext_lazy("覚え書き"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("例：長女。ご自分と代理の方だけに見えます。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"valid_from": today, "valid_until": today + timedelta(days=365)})
        super().__init__(*args, **kwargs)
        if not _procedures():
            del self.fields["procedures"]

    def clean(self) -> dict[str, Any]:
        """The period ends after it begins."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("「いつまで」は、「いつから」以降の日にしてください。"))
        return cleaned


class RegistrationForm(DelegationForm):
    """Register at the counter that somebody acts for a person of the registry."""

    resident = forms.CharField(
        label=gettext_lazy("本人の整理番号"),
        max_length=26,
        help_text=gettext_lazy("住民の画面にある26文字の番号です。"),
    )
    proof = forms.FileField(
        label=gettext_lazy("証明書類の写し"),
        required=False,
        help_text=gettext_lazy("PDF、JPEG、PNG。10MBまで。登記事項証明書、戸籍、委任状など。"),
    )
    field_order = ("resident", "kind", "valid_from", "valid_until", "procedures", "proof", "note")


class CodeForm(forms.Form):
    """The code of a delegation somebody was asked to take on."""

    code = forms.CharField(
        label=gettext_lazy("招待コード"),
        max_length=40,
        help_text=gettext_lazy("例：4K7R-20M5-XY1H。大文字と小文字、ハイフンの有無は問いません。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ProofForm(forms.Form):
    """The paper a delegation waits for."""

    proof = forms.FileField(
        label=gettext_lazy("証明書類"),
        help_text=gettext_lazy("PDF、JPEG、PNG。10MBまで。登記事項証明書、戸籍など。"),
    )


class ConfirmationForm(forms.Form):
    """What a member of staff saw, or why it is refused."""

    note = forms.CharField(
        label=gettext_lazy("確認したこと、または断る理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


NOBODY = "nobody"


class MatchForm(forms.Form):
    """Who an account's holder is in the registry, and why."""

    resident = forms.ChoiceField(label=gettext_lazy("住民の登録"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("判断の理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, residents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["resident"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*residents, (NOBODY, _("この中にはいない（別人として扱う）"))]
