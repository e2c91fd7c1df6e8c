"""Forms to check, revoke and replace documents."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from ..rules.codes import parse_code, parse_number


class NumberForm(forms.Form):
    """Number and verification code as printed on a document."""

    number = forms.CharField(
        label=_lazy("文書番号"),
        max_length=80,
        help_text=_lazy("例：2026-00412-K。全角や小文字で入力しても構いません。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _lazy("文書に印刷されている番号を入力してください。")},
    )
    code = forms.CharField(
        label=_lazy("確認コード"),
        max_length=80,
        help_text=_lazy("例：4K7R-20M5-XW31。文書番号の下に印刷されています。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _lazy("文書に印刷されている確認コードを入力してください。")},
    )

    def clean_number(self) -> str:
        """Say at once when a symbol was mistyped: the check character shows it, and no try is counted."""
        found = parse_number(self.cleaned_data["number"])
        if found is None:
            raise forms.ValidationError(_lazy("文書番号に打ち間違いがあります。1文字ずつ見比べてください。"))
        return found

    def clean_code(self) -> str:
        """Say at once when a symbol was mistyped."""
        found = parse_code(self.cleaned_data["code"])
        if found is None:
            raise forms.ValidationError(_lazy("確認コードに打ち間違いがあります。1文字ずつ見比べてください。"))
        return found


class FileForm(forms.Form):
    """A PDF to check."""

    file = forms.FileField(
        label=_lazy("PDFファイル"),
        help_text=_lazy("20MBまで。確認のためだけに使い、保存しません。"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _lazy("確かめたいPDFファイルを選んでください。"),
            "empty": _lazy("ファイルが空です。受け取ったPDFファイルを選んでください。"),
        },
    )


class RevokeForm(forms.Form):
    """Why a document is revoked."""

    reason = forms.CharField(
        label=_lazy("取り消す理由"),
        max_length=500,
        help_text=_lazy("記録に残ります。確認ページには表示しません。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _lazy("取り消す理由を入力してください。")},
    )


def json_object(text: str) -> dict[str, Any]:
    """Return the object a text holds; raises ``ValidationError`` with line and column."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        message = _lazy("JSONとして読み取れません（%(place)s）。かっこや引用符、カンマを確かめてください。")
        raise forms.ValidationError(message, params={"place": place}) from error
    if not isinstance(found, dict):
        raise forms.ValidationError(_lazy("{ } で囲んだ項目の形にしてください。"))
    return found


class ReplaceForm(forms.Form):
    """The corrected document that takes the place of one."""

    title = forms.CharField(label=_lazy("件名"), max_length=200)
    recipient_name = forms.CharField(label=_lazy("受取人の氏名"), max_length=160, required=False)
    valid_until = forms.DateField(
        label=_lazy("有効期限"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    content = forms.CharField(
        label=_lazy("内容（JSON）"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=_lazy("直したいところだけを書き換えてください。"),
    )
    reason = forms.CharField(
        label=_lazy("差し替える理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _lazy("差し替える理由を入力してください。")},
    )

    def clean_content(self) -> dict[str, Any]:
        """Return the content as an object."""
        return json_object(self.cleaned_data["content"])
