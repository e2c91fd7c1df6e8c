"""A form with every kind of field, for the catalogue."""

from __future__ import annotations

from django import forms


class SampleForm(forms.Form):
    """A report of results, with one field of each kind."""

    title = forms.CharField(label="取組の名称", max_length=60, help_text="計画書に載せる名前です。")
    section = forms.ChoiceField(
        label="担当課", choices=[("", "選んでください"), ("kikaku", "企画政策課"), ("digital", "デジタル推進課")]
    )
    value = forms.DecimalField(
        label="実績値", help_text="小数点以下2桁まで入力できます。", max_digits=9, decimal_places=2
    )
    measured_on = forms.DateField(label="測定日", widget=forms.DateInput(attrs={"type": "date"}))
    evaluation = forms.ChoiceField(
        label="自己評価",
        choices=[("A", "計画どおり"), ("B", "やや遅れている"), ("C", "遅れている")],
        widget=forms.RadioSelect,
    )
    reasons = forms.MultipleChoiceField(
        label="遅れの理由",
        required=False,
        choices=[("people", "人手が足りない"), ("money", "予算が足りない"), ("vendor", "事業者との調整")],
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(label="説明", required=False, max_length=400, widget=forms.Textarea)
    evidence = forms.FileField(label="根拠となる資料", required=False, help_text="PDF、Excel、画像。50MBまで。")
    confirmed = forms.BooleanField(label="入力した内容に誤りがないことを確かめました")


def unfilled() -> SampleForm:
    """Return the form as it is first shown."""
    return SampleForm(auto_id="form_%s")


def refused() -> SampleForm:
    """Return the form as it comes back with errors."""
    form = SampleForm({"title": "", "value": "およそ百", "comment": "年度の途中です。"}, auto_id="refused_%s")
    form.is_valid()
    return form
