"""Forms of the ledger room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import clock, fiscal, money
from madoguchi.kit.numbers import parse_number

from .enums import Resolution
from .services import DENOMINATIONS


class YenField(forms.CharField):
    """Whole yen as people write them: 1,200円, １２００, ￥1,200."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options)

    def to_python(self, value: Any) -> Any:
        """Return the yen, or say how to write them."""
        text = super().to_python(value)
        if not text:
            return None
        found = money.parse_yen(text)
        if found is None or not 0 < found <= 100_000_000:
            raise ValidationError(_("1円以上の金額を、数字で入力してください（例：300）。"))
        return int(found)


class CountField(forms.CharField):
    """How many of a coin or note; nothing typed is none."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        """Return the number, or say how to write it."""
        text = (super().to_python(value) or "").strip()
        if not text:
            return 0
        number = parse_number(text)
        if number is None or number != int(number) or not 0 <= number < 100_000:
            raise ValidationError(_("枚数を0以上の整数で入力してください。"))
        return int(number)


def _long(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=400, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class RaiseForm(forms.Form):
    """A claim a cashier raises by hand, for what no procedure asks money for."""

    title = forms.CharField(label=_lazy("内容"), max_length=200, help_text=_lazy("納付する人に見える言葉で書きます。"))
    amount = YenField(label=_lazy("金額（円）"))
    payer_name = forms.CharField(label=_lazy("納付する人"), max_length=160)
    due_on = forms.DateField(
        label=_lazy("納期限"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    fiscal_year = forms.TypedChoiceField(label=_lazy("会計年度"), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        years = fiscal.open_fiscal_years(clock.today())
        field = self.fields["fiscal_year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared so above
        field.choices = [(str(year), fiscal.label(year)) for year in reversed(years)]

    def clean_due_on(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["due_on"]
        if day is not None and day < clock.today():
            raise ValidationError(_("納期限は今日以降の日を入力してください。"))
        return day


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = _long(_lazy("理由"))


class RefundForm(forms.Form):
    """How much goes back, and why."""

    amount = YenField(label=_lazy("返金する金額（円）"))
    reason = _long(_lazy("理由"))

    def __init__(self, *args: Any, largest: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.largest = largest

    def clean_amount(self) -> int:
        """Refuse more than is left."""
        amount: int = self.cleaned_data["amount"]
        if amount > self.largest:
            raise ValidationError(
                _("返金できるのは%(largest)s円までです。") % {"largest": f"{self.largest:,}"}, code="too_much"
            )
        return amount


class TillForm(forms.Form):
    """How many of each coin and note are in the till."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    note = _long(_lazy("メモ"), required=False, help_text=_lazy("帳簿の金額と違うときは、分かっていることを書きます。"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for value in DENOMINATIONS:
            kind = _("円札") if value >= 1000 else _("円硬貨")
            self.fields[f"n{value}"] = CountField(label=f"{value:,}{kind}")
        self.order_fields([*(f"n{value}" for value in DENOMINATIONS), "note", "expected"])

    @property
    def counted(self) -> dict[int, int]:
        """Coins and notes by their value."""
        return {value: self.cleaned_data[f"n{value}"] for value in DENOMINATIONS}


class DayForm(forms.Form):
    """The day of a settlement file."""

    day = forms.DateField(label=_lazy("対象日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_day(self) -> Any:
        """Refuse a day that is not over."""
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise ValidationError(_("今日までの日を入力してください。"))
        return day


class ResolveForm(forms.Form):
    """How a discrepancy is settled."""

    resolution = forms.ChoiceField(label=_lazy("処理"), widget=forms.RadioSelect)
    note = _long(_lazy("メモ"), required=False, help_text=_lazy("「確認して問題なし」のときは必ず書きます。"))

    def __init__(self, *args: Any, possible: list[Resolution], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["resolution"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared so above
        field.choices = [(one.value, one.label) for one in possible]

    def clean(self) -> dict[str, Any]:
        """Ask for an explanation where there is nothing else."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("resolution") == Resolution.EXPLAINED and not data.get("note", "").strip():
            self.add_error("note", _("確認した内容を書いてください。"))
        return data


class SettingsForm(forms.Form):
    """The limits of the books."""

    refund_limit = YenField(
        label=_lazy("もう一人の承認が要る返金額（円）"), help_text=_lazy("この金額を超える返金は、別の人が承認します。")
    )
    session_minutes = forms.IntegerField(label=_lazy("支払い画面の有効時間（分）"), min_value=10, max_value=1440)
    ask_after_minutes = forms.IntegerField(
        label=_lazy("知らせがないとき問い合わせるまで（分）"), min_value=1, max_value=120
    )
