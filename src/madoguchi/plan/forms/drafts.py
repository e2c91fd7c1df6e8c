"""Forms for imported documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..registry import readers

LARGEST = 50 * 1024 * 1024


class UploadForm(forms.Form):
    """A plan document (text) or a plan data file (JSON)."""

    file = forms.FileField(
        label=_("計画書のファイル"),
        help_text=_("テキスト（UTF-8 または Shift_JIS）か、計画データ（JSON）。50MBまで。"),
        allow_empty_file=True,
    )
    reader = forms.ChoiceField(label=_("読み取り方式"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the readers there are."""
        super().__init__(*args, **kwargs)
        choices = [("", _("文書の様式から判別する")), *((key, reader.name) for key, reader in readers.items())]
        self.fields["reader"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("50MBを超えています。計画書の本文だけのテキストにしてください。"))
        return file


class CorrectionForm(forms.Form):
    """A new value for one field of a draft, with the reason."""

    path = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("正しい値"), required=False, widget=forms.Textarea, max_length=5000)
    reason = forms.CharField(label=_("訂正する理由"), max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """Offer the choices where only some values are possible."""
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["text"] = forms.ChoiceField(label=_("正しい値"), choices=choices, required=bool(choices[0][0]))


class PlacementForm(forms.Form):
    """Where an unplaced row belongs."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("この行の扱い"),
        widget=forms.RadioSelect,
        choices=[
            ("indicator", _("指標として置く")),
            ("action", _("行動目標として置く")),
            ("ignore", _("計画の内容ではない（対象外にする）")),
        ],
    )
    part = forms.ChoiceField(label=_("置き場所"), required=False)
    label = forms.CharField(label=_("名称"), required=False, max_length=300)
    fiscal_year = forms.IntegerField(label=_("目標の年度（西暦）"), required=False)
    text = forms.CharField(label=_("目標値（計画書の表記）"), required=False, max_length=300)
    reason = forms.CharField(label=_("対象外にする理由"), required=False, max_length=200)

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the parts of the draft as places."""
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("選んでください")), *parts]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen role needs."""
        data = super().clean() or {}
        needed = {"indicator": ("part", "label", "fiscal_year", "text"), "action": ("part",), "ignore": ("reason",)}
        for name in needed.get(data.get("role", ""), ()):
            if not data.get(name):
                self.add_error(name, _("入力してください。"))
        return data
