"""The first page of a new procedure: its name, and the questions nearly every procedure begins with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import ids
from madoguchi.trust.api import Unit

from ...models import Procedure
from ...rules.editing.naming import CODE
from .options import options_of

APPLICANT: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("name", "person_name", {"ja": "氏名", "ja-easy": "なまえ", "en": "Full name"}, "person.name"),
    (
        "birth_date",
        "birth_date",
        {"ja": "生年月日", "ja-easy": "うまれた ひ", "en": "Date of birth"},
        "person.birth_date",
    ),
    ("address", "address", {"ja": "住所", "ja-easy": "すんでいる ところ", "en": "Address"}, "person.address"),
    ("phone", "phone", {"ja": "電話番号", "ja-easy": "でんわばんごう", "en": "Phone number"}, ""),
    ("email", "email", {"ja": "メールアドレス", "ja-easy": "メールアドレス", "en": "E-mail address"}, ""),
)
"""What is asked of who applies: code, component, label, verified attribute."""


class StartForm(forms.Form):
    """Name, code, category, section, and what to begin with."""

    name = forms.CharField(
        label=_lazy("手続の名前"), max_length=200, help_text=_lazy("住民に分かる言葉で。例：犬の登録を申し込む")
    )
    category = forms.ChoiceField(label=_lazy("分類"), required=False)
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_lazy("担当"), queryset=None, required=False, empty_label=_lazy("選ばない")
    )
    asks = forms.MultipleChoiceField(
        label=_lazy("最初から入れておく質問"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("市が知っている値は、住民が同意すれば自動で入ります。"),
    )  # fmt: skip
    code = forms.CharField(
        label=_lazy("アドレスに使う名前"), max_length=60, required=False,
        help_text=_lazy("英小文字と数字と「-」。例：dog-registration。空欄なら自動で付けます。公開したあとは変えられません。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = options_of("categories", {})  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.order_by("pk")  # type: ignore[attr-defined]
        self.fields["asks"].choices = [(code, label["ja"]) for code, _kind, label, _key in APPLICANT]  # type: ignore[attr-defined]
        self.fields["asks"].initial = ["name", "address", "phone"]

    def clean_code(self) -> str:
        """Return the code in lower case; a free one where none was given."""
        code = str(self.cleaned_data["code"]).strip().lower()
        if not code:
            return f"p-{ids.new_id().lower()[-8:]}"
        if not CODE.match(code):
            raise forms.ValidationError(
                _("英小文字で始まる英小文字・数字・「-」で書いてください。例：dog-registration")
            )
        if Procedure.objects.filter(code=code).exists():
            raise forms.ValidationError(
                _("「%(code)s」は、すでに使われています。別の名前にしてください。") % {"code": code}
            )
        return code


def starting_document(data: dict[str, Any]) -> dict[str, Any]:
    """Return the document a new procedure begins with."""
    fields = [
        {
            "code": code,
            "component": component,
            "label": label,
            "required": code != "email",
            **({"prefill": key} if key else {}),
        }
        for code, component, label, key in APPLICANT
        if code in data["asks"]
    ]
    title = {"ja": "申請する人", "ja-easy": "もうしこむ ひと", "en": "Applicant"}
    steps = [{"code": "applicant", "title": title, "fields": fields}] if fields else []
    content = {
        "code": "details",
        "title": {"ja": "申請の内容", "ja-easy": "もうしこむ こと", "en": "Details"},
        "fields": [],
    }
    unit: Unit | None = data["unit"]
    document: dict[str, Any] = {
        "code": data["code"],
        "name": {"ja": data["name"]},
        "category": data["category"],
        "form": {"steps": [*steps, content]},
    }
    if unit is not None:
        document["contact"] = {"section": {"ja": unit.name}}
    return document
