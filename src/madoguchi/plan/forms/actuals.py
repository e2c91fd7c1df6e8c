"""Forms for actual values, the way they are got, tokens and owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, StoredFile, Unit
from madoguchi.trust.enums import AccountKind

from ..enums import BindingKind
from ..models import Indicator, Plan
from ..rules.actual_values import Doubt, ValueFacts, ValueRefusedError, read_value
from ..selectors.evidence import PERIODS
from ..services.push import MAX_DAYS

STAGE_WORDS = {
    "未着手": gettext_lazy("未着手"),
    "検討": gettext_lazy("検討"),
    "導入": gettext_lazy("導入"),
    "運用": gettext_lazy("運用"),
    "拡大": gettext_lazy("拡大"),
    "完了": gettext_lazy("完了"),
}
"""The stages as the reader's language says them; what is stored is the word of the plan."""

KEPT = "plan-evidence"
MAX_UPLOAD = 20 * 1024 * 1024
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def doubt_words(doubt: Doubt) -> str:
    """Return what a person is asked to look at again."""
    return {
        Doubt.OVER_HUNDRED: _("100%を超えています。"),
        Doubt.NEGATIVE: _("マイナスの値です。"),
        Doubt.FRACTION: _("件数に端数があります。"),
        Doubt.FALLS: _("累計の指標なのに、前の年度の値より小さくなっています。"),
        Doubt.JUMP: _("目標やこれまでの値と10倍以上違います。桁と単位を確かめてください。"),
        Doubt.UNIT: _("単位の呼び方が指標と違います。同じものを数えた値か確かめてください。"),
    }[doubt]


def confirmation(doubt: Doubt) -> str:
    """Return what a person confirms who looked at a doubt."""
    return doubt_words(doubt) + _("この値で正しいです。")


class ActualForm(forms.Form):
    """The actual value of one indicator for one fiscal year; what is asked for follows the indicator's type."""

    value = forms.CharField(label=gettext_lazy("実績値"), max_length=60, required=False)
    text = forms.ChoiceField(label=gettext_lazy("状態"), required=False, widget=forms.RadioSelect)
    as_of = forms.DateField(
        label=gettext_lazy("時点"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("いつの値かを入れます。空欄のときは、年度の終わりの値とみなします。"),
    )
    note = forms.CharField(
        label=gettext_lazy("説明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.FileField(
        label=gettext_lazy("根拠資料"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("PDF、Word、Excel、PowerPoint、CSV、画像。20MBまで。"),
    )
    no_evidence_reason = forms.CharField(
        label=gettext_lazy("根拠資料を付けられない理由"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("資料を付けるときは要りません。"),
    )
    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("もう一度ご確認ください"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: ValueFacts, has_current: bool, **kwargs: Any) -> None:
        """Ask for a number or for a state, and for a reason where an approved value is corrected."""
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.doubts: list[Doubt] = []
        if facts.is_numeric:
            del self.fields["text"]
            self.fields["value"].required = True
            self.fields["value"].widget.attrs["inputmode"] = "decimal"
            self.fields["value"].widget.attrs["autocomplete"] = "off"
        else:
            del self.fields["value"]
            self.fields["text"].required = True
            self.fields["text"].choices = [(word, STAGE_WORDS.get(word, word)) for word in facts.choices]  # type: ignore[attr-defined]
        if has_current:
            self.fields["note"].label = _("訂正する理由")
            self.fields["note"].required = True
        self.ask([])

    def ask(self, doubts: list[Doubt]) -> None:
        """Ask a person to confirm what looks like a slip; nothing is asked where there is no doubt."""
        posted: list[str] = self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []
        wanted = [*doubts, *(Doubt(name) for name in posted if name in set(Doubt) and name not in doubts)]
        self.doubts = doubts
        self.fields["confirmed"].choices = [(doubt.value, confirmation(doubt)) for doubt in wanted]  # type: ignore[attr-defined]

    def clean_value(self) -> float:
        """Read the number as people write it."""
        try:
            value, self.doubts = read_value(self.cleaned_data["value"], self.facts.unit)
        except ValueRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return value

    def clean_evidence(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["evidence"]
        if file is not None and file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("20MBを超えています。ページを減らすか、分けて登録してください。"))
        return file

    def kept_file(self) -> StoredFile | None:
        """Return the file that was taken in when the form was sent before, or None."""
        return kept_file(str(self.data.get("kept", "")))

    def clean(self) -> dict[str, Any]:
        """Ask for evidence or for the reason why there is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        has_file = cleaned.get("evidence") is not None or self.kept_file() is not None
        if not has_file and not cleaned.get("no_evidence_reason", "").strip() and "evidence" not in self.errors:
            self.add_error("evidence", _("根拠資料を選ぶか、付けられない理由を入力してください。"))
        return cleaned


def keep(stored: StoredFile) -> str:
    """Return what a hidden field carries of a file that was taken in, so that it need not be chosen again."""
    return signing.dumps(stored.pk, salt=KEPT)


def kept_file(token: str) -> StoredFile | None:
    """Return the file of a hidden field of this day, or None."""
    try:
        pk = signing.loads(token, salt=KEPT, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    return StoredFile.objects.filter(pk=pk).first()


class ReturnForm(forms.Form):
    """Why a value goes back to who entered it."""

    reason = forms.CharField(
        label=gettext_lazy("差し戻す理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class TemplateForm(forms.Form):
    """Which rows the CSV template has."""

    fiscal_year = forms.ChoiceField(label=gettext_lazy("年度"))
    plan = forms.ChoiceField(label=gettext_lazy("計画"), required=False)

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        """Offer the years of the plans that have begun, the newest first."""
        super().__init__(*args, **kwargs)
        current = fiscal.fiscal_year(clock.today())
        years = sorted({year for plan in plans for year in plan.fiscal_years if year <= current}, reverse=True)
        self.fields["fiscal_year"].choices = [(str(year), fiscal.label(year)) for year in years]  # type: ignore[attr-defined]
        every = [("", _("すべての計画")), *((plan.code, plan.title) for plan in plans)]
        self.fields["plan"].choices = every  # type: ignore[attr-defined]


class CsvForm(forms.Form):
    """A filled CSV file."""

    file = forms.FileField(
        label=gettext_lazy("入力したCSVファイル"),
        help_text=gettext_lazy("UTF-8 または Shift_JIS。20MB、2,000行まで。"),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("20MBを超えています。行を分けてください。"))
        return file


def period_words(period: str) -> str:
    """Return what a period of a binding is called."""
    return {
        "fiscal_year": _("年度の合計（4月1日から）"),
        "cumulative": _("計画の開始からの累計"),
        "year_end": _("年度の終わりの値（今日まで）"),
    }[period]


def binding_words(kind: BindingKind) -> str:
    """Return what a way of getting values is called where one chooses it."""
    return {
        BindingKind.METER: _("自動計測（業務のシステムが数えた値）"),
        BindingKind.MANUAL: _("手入力（根拠資料を付け、ほかの人が承認）"),
        BindingKind.PUSH: _("外部システムからの送信"),
    }[kind]


class BindingForm(forms.Form):
    """How an indicator gets its values."""

    kind = forms.ChoiceField(label=gettext_lazy("実績の取り方"), choices=BindingKind.choices, widget=forms.RadioSelect)
    expression = forms.CharField(
        label=gettext_lazy("計算式"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy('自動計測のときに書きます。例：total(plan.actual.entered[source = "manual"])'),
    )
    period = forms.ChoiceField(label=gettext_lazy("集計する期間"), required=False)
    confirmed = forms.BooleanField(label=gettext_lazy("単位の違いを確かめました"), required=False)
    trusted = forms.BooleanField(
        label=gettext_lazy("外部システムの値を、承認を待たずに実績とする"),
        required=False,
        help_text=gettext_lazy("外部システムからの送信のときだけ効きます。疑わしい値は、この設定でも承認を待ちます。"),
    )
    source_text = forms.CharField(
        label=gettext_lazy("出典"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("手入力のとき、どの資料から取るか。例：〇〇課 業務統計（毎年4月集計）"),
    )
    reason = forms.CharField(label=gettext_lazy("変更する理由"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ways and the periods."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, binding_words(kind)) for kind in BindingKind]  # type: ignore[attr-defined]
        usual = ("", _("指標の集計（年間・累計・時点）に合わせる"))
        self.fields["period"].choices = [usual, *((name, period_words(name)) for name in PERIODS)]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A new token for an outside system."""

    name = forms.CharField(
        label=gettext_lazy("送信するシステムの名前"), max_length=100, help_text=gettext_lazy("例：電子申請システム")
    )
    days = forms.IntegerField(
        label=gettext_lazy("有効期間"),
        initial=365,
        min_value=1,
        max_value=MAX_DAYS,
        help_text=gettext_lazy("400日まで。期限の前に、新しいトークンと入れ替えてください。"),
    )


class OwnerForm(forms.Form):
    """Who answers for an indicator, and by when."""

    unit = forms.ModelChoiceField(label=gettext_lazy("責任を持つ課"), queryset=Unit.objects.none(), required=False)
    person = forms.ModelChoiceField(label=gettext_lazy("担当者"), queryset=Account.objects.none(), required=False)
    due_month = forms.TypedChoiceField(
        label=gettext_lazy("実績の入力期限"),
        coerce=int,
        help_text=gettext_lazy(
            "年度が終わった後、この月の終わりまでに入力します。1〜3月を選ぶと、その年度のうちです。"
        ),
    )
    reason = forms.CharField(label=gettext_lazy("変更する理由"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units of this year and the staff who work now."""
        super().__init__(*args, **kwargs)
        year = fiscal.fiscal_year(clock.today())
        self.fields["unit"].queryset = Unit.objects.in_year(year)  # type: ignore[attr-defined]
        staff = Account.objects.filter(kind=AccountKind.STAFF, is_active=True).order_by("name_kana", "pk")
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = self.fields["person"].empty_label = _("決めない")  # type: ignore[attr-defined]
        months = [*range(4, 13), 1, 2, 3]
        self.fields["due_month"].choices = [(month, _("%(month)s月末") % {"month": month}) for month in months]  # type: ignore[attr-defined]


def owner_initial(indicator: Indicator) -> dict[str, Any]:
    """Return what the owner form starts with."""
    return {
        "unit": indicator.owner_unit_id,
        "person": indicator.owner_id,
        "due_month": indicator.due_month,
        "version": indicator.version,
    }
