"""Forms of staff's pages of topics."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.trust.api import Unit

from ..models import Topic

WRITTEN_IN = (("ja", ""), ("easy", "ja-easy"), ("en", "en"))


class TopicForm(forms.Form):
    """A topic: what it is called and about in three languages, who answers for it, whether people can choose it."""

    code = forms.SlugField(
        label=_lazy("コード"),
        max_length=40,
        help_text=_lazy("英小文字と数字と「-」。例：child-rearing。あとで変えられません。"),
    )
    name = forms.CharField(label=_lazy("名前"), max_length=60)
    name_easy = forms.CharField(label=_lazy("名前（やさしい日本語）"), max_length=60, required=False)
    name_en = forms.CharField(label=_lazy("名前（英語）"), max_length=80, required=False)
    text = forms.CharField(
        label=_lazy("説明"),
        max_length=200,
        required=False,
        widget=forms.Textarea,
        help_text=_lazy("何が、どれくらい届くかを書きます。例：健診や催しの案内。月に2回くらい。"),
    )
    text_easy = forms.CharField(
        label=_lazy("説明（やさしい日本語）"), max_length=200, required=False, widget=forms.Textarea
    )
    text_en = forms.CharField(label=_lazy("説明（英語）"), max_length=300, required=False, widget=forms.Textarea)
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_lazy("担当"), queryset=None, required=False, empty_label=_lazy("選ばない")
    )
    order = forms.IntegerField(
        label=_lazy("並び順"), min_value=0, max_value=9999, initial=100, help_text=_lazy("小さい数ほど上に出ます。")
    )
    is_open = forms.BooleanField(label=_lazy("だれでも選べるようにする"), required=False, initial=True)

    def __init__(self, topic: Topic | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("pk")  # type: ignore[attr-defined]
        if topic is not None:
            del self.fields["code"]

    @staticmethod
    def initial_of(topic: Topic) -> dict[str, Any]:
        """Return what the form shows of a topic."""
        names, texts = topic.names, topic.descriptions
        return {
            "name": names.get("ja", ""),
            "name_easy": names.get("ja-easy", ""),
            "name_en": names.get("en", ""),
            "text": texts.get("ja", ""),
            "text_easy": texts.get("ja-easy", ""),
            "text_en": texts.get("en", ""),
            "unit": topic.unit_id,
            "order": topic.order,
            "is_open": topic.is_open,
        }

    def values(self) -> dict[str, Any]:
        """Return the fields of the topic."""
        data = self.cleaned_data
        return {
            "names": _texts(data["name"], data["name_easy"], data["name_en"]),
            "descriptions": _texts(data["text"], data["text_easy"], data["text_en"]),
            "unit": data["unit"],
            "order": data["order"],
            "is_open": data["is_open"],
        }


def _texts(japanese: str, easy: str, english: str) -> dict[str, str]:
    written = {"ja": japanese, "ja-easy": easy, "en": english}
    return {language: text.strip() for language, text in written.items() if text.strip()}
