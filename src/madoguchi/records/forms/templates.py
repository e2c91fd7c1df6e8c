"""Forms of templates and of how the municipality names itself."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from ..enums import DocumentKind
from ..models import IssuerProfile
from ..rules.content import problem_of_schema
from .documents import json_object

_CODE = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off", "wrap": "off"}


class NewTemplateForm(forms.Form):
    """A template of one's own, started from a copy."""

    key = forms.SlugField(
        label=_lazy("キー"),
        max_length=60,
        help_text=_lazy("半角の英小文字・数字・ハイフン。標準のひな形と同じキーにすると、その代わりに使われます。"),
    )
    name = forms.CharField(label=_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=_lazy("種類"), choices=DocumentKind.choices)
    copy_of = forms.ChoiceField(label=_lazy("もとにするひな形"))
    is_strict = forms.BooleanField(
        label=_lazy("印字できない文字があるときは発行しない（氏名を正確に書く文書）"), required=False, initial=True
    )

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the templates to copy."""
        super().__init__(*args, **kwargs)
        self.fields["copy_of"].choices = sources  # type: ignore[attr-defined]  # a ChoiceField


class TemplateForm(forms.Form):
    """Source, shape of the content, words and test data of a draft."""

    source = forms.CharField(
        label=_lazy("ソース（typst）"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={**_CODE, "rows": 24}),
    )
    sample = forms.CharField(
        label=_lazy("試しのデータ（JSON）"), max_length=100_000, widget=forms.Textarea(attrs={**_CODE, "rows": 14})
    )
    schema = forms.CharField(
        label=_lazy("内容の形（JSON Schema）"),
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={**_CODE, "rows": 10}),
    )
    words = forms.CharField(
        label=_lazy("言語ごとの文言（JSON）"),
        max_length=100_000,
        required=False,
        help_text=_lazy('例：{"ja": {"certified": "相違ないことを証明します。"}, "en": {"certified": "…"}}'),
        widget=forms.Textarea(attrs={**_CODE, "rows": 8}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=_lazy("表示を試す言語"),
        choices=[("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")],
        required=False,
    )

    def clean_sample(self) -> dict[str, Any]:
        """Return the test data as an object."""
        return json_object(self.cleaned_data["sample"])

    def clean_schema(self) -> dict[str, Any]:
        """Return the schema as an object; refuse what is no JSON Schema."""
        found = json_object(self.cleaned_data["schema"])
        if problem := problem_of_schema(found):
            raise forms.ValidationError(
                _lazy("JSON Schemaとして使えません（%(problem)s）。"), params={"problem": problem}
            )
        return found

    def clean_words(self) -> dict[str, Any]:
        """Return the words by language; every word is a text."""
        found = json_object(self.cleaned_data["words"])
        for words in found.values():
            if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
                raise forms.ValidationError(_lazy("言語ごとに、文言の名前と文の組を書いてください。"))
        return found


def as_text(value: Any) -> str:
    """Return JSON as people edit it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the municipality names itself on documents."""

    class Meta:
        model = IssuerProfile
        fields = ("head_title", "head_name", "section", "phone")
