"""Forms of staff's pages of surveys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import era
from madoguchi.trust.api import Unit

from ..enums import SurveyKind
from ..models import Survey
from ..selectors.survey_results import weight_questions

MATERIALS = 5


class DayField(forms.CharField):
    """A day in any writing: 2026-12-10, 令和8年12月10日, R8.12.10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, help_text=_lazy("例：2026-12-10、令和8年12月10日"), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the day, None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        parsed = era.parse_date(text)
        if parsed is None or parsed.precision != era.Precision.DAY:
            raise forms.ValidationError(
                _("日付を読み取れません。2026-12-10 や 令和8年12月10日 のように入力してください。")
            )
        return parsed.date


class StartForm(forms.Form):
    """What a survey begins with."""

    kind = forms.ChoiceField(
        label=_lazy("種類"), choices=SurveyKind, initial=SurveyKind.SURVEY, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_lazy("名称"), max_length=200, help_text=_lazy("住民に見える名前です。例：ごみ収集に関するアンケート")
    )
    code = forms.CharField(
        label=_lazy("アドレスに使う名前"),
        max_length=60,
        help_text=_lazy("英小文字と数字と「-」。例：garbage-2026。あとで変えられません。"),
    )
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_lazy("担当"), queryset=None, required=False, empty_label=_lazy("選ばない")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("pk")  # type: ignore[attr-defined]

    def document(self) -> dict[str, Any]:
        """Return the document of a survey without questions; a public comment asks for the opinion."""
        data = self.cleaned_data
        opinion = {
            "code": "opinion",
            "component": "textarea",
            "label": {"ja": "ご意見", "ja-easy": "いけん", "en": "Your opinion"},
            "maximum_length": 4000,
        }
        is_comment = data["kind"] == SurveyKind.COMMENT
        step = {
            "code": "questions",
            "title": {"ja": "ご意見", "en": "Your opinion"} if is_comment else {"ja": "質問", "en": "Questions"},
            "fields": [opinion] if is_comment else [],
        }
        return {"code": data["code"], "name": data["name"], "assurance": "none", "form": {"steps": [step]}}


class SettingsForm(forms.Form):
    """Period, people, weights, paper."""

    summary = forms.CharField(
        label=_lazy("何のための調査か"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("回答する人が最初に読む説明です。"),
    )  # fmt: skip
    summary_easy = forms.CharField(
        label=_lazy("説明（やさしい日本語）"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    summary_en = forms.CharField(
        label=_lazy("説明（英語）"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    name_easy = forms.CharField(label=_lazy("名称（やさしい日本語）"), max_length=200, required=False)
    name_en = forms.CharField(label=_lazy("名称（英語）"), max_length=200, required=False)
    minutes = forms.IntegerField(label=_lazy("回答にかかる時間（分）"), min_value=1, max_value=240)
    opens_on = DayField(label=_lazy("開始日"), required=False)
    closes_on = DayField(label=_lazy("終了日"), required=False)
    minimum_age = forms.IntegerField(
        label=_lazy("対象の年齢（以上）"), min_value=0, max_value=120, required=False,
        help_text=_lazy("標本を抽出するときに使います。空欄なら全員です。"),
    )  # fmt: skip
    is_open_to_all = forms.BooleanField(
        label=_lazy("誰でも答えられる"),
        required=False,
        help_text=_lazy("標本を抽出せず、回答コードなしで答えられます。"),
    )
    weight_by = forms.ChoiceField(
        label=_lazy("ウエイトの項目"), required=False,
        help_text=_lazy("年齢区分の質問を選ぶと、回答した人の年齢の偏りを、抽出したときの人口に合わせて補正した割合も出ます。"),
    )  # fmt: skip
    check_share = forms.IntegerField(
        label=_lazy("二重入力の割合（%）"), min_value=0, max_value=100, required=False,
        help_text=_lazy("用紙のうち、別の人がもう一度入力して確かめる割合です。0なら確かめません。"),
    )  # fmt: skip
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_lazy("担当"), queryset=None, required=False, empty_label=_lazy("選ばない")
    )

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        definition = survey.definition
        initial = {
            "summary": definition.summary.ja, "summary_easy": definition.summary.easy, "summary_en": definition.summary.en,
            "name_easy": definition.name.easy, "name_en": definition.name.en,
            "minutes": definition.minutes_to_apply, "minimum_age": survey.minimum_age,
            "opens_on": survey.opens_on.isoformat() if survey.opens_on else "",
            "closes_on": survey.closes_on.isoformat() if survey.closes_on else "",
            "is_open_to_all": survey.is_open_to_all, "weight_by": survey.weight_by,
            "check_share": survey.check_share, "unit": survey.unit,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["unit"].queryset = Unit.objects.order_by("pk")  # type: ignore[attr-defined]
        choices = [(question.code, question.label) for question in weight_questions(survey)]
        self.fields["weight_by"].choices = [("", _("付けない")), *choices]  # type: ignore[attr-defined]

    def changes(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the survey; ``document`` is its present one, whose name in Japanese stays."""
        data = self.cleaned_data
        name = document["name"] if isinstance(document["name"], dict) else {"ja": document["name"]}
        name = {**name, "ja-easy": data["name_easy"], "en": data["name_en"]}
        text = {"ja": data["summary"], "ja-easy": data["summary_easy"], "en": data["summary_en"]}
        return {
            "document": {**document, "name": name, "summary": text, "minutes_to_apply": data["minutes"]},
            "opens_on": data["opens_on"],
            "closes_on": data["closes_on"],
            "minimum_age": data["minimum_age"],
            "is_open_to_all": data["is_open_to_all"],
            "weight_by": data["weight_by"],
            "check_share": data["check_share"] or 0,
            "unit": data["unit"],
        }
