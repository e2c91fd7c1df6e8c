"""Forms of one's own preferences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import clock, era

from ..enums import NeedCode
from ..models import Recipient
from ..rules.addresses import AddressError, normalise_address
from ..selectors.audience import LANGUAGES

PAUSES = {"": 0, "week": 7, "month": 30, "three_months": 91}


def read_month(text: str) -> date | None:
    """Return the first day of a month in any writing (2023-05, 令和5年5月, R5.5) or a whole day; None for anything else."""
    parsed = era.parse_date(text.strip())
    if parsed is None or parsed.precision not in (era.Precision.DAY, era.Precision.MONTH):
        return None
    return parsed.date


class AddressForm(forms.Form):
    """One address on a channel."""

    address = forms.CharField(max_length=254)

    def __init__(self, channel: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        field = self.fields["address"]
        if channel == "email":
            field.label, field.help_text = _("メールアドレス"), _("確認のメールを送ります。例：hanako@example.jp")
            field.widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
        else:
            field.label, field.help_text = _("携帯電話の番号"), _("確認コードをSMSで送ります。例：090-1234-5678")
            field.widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})

    def clean_address(self) -> str:
        """Return the one writing of the address."""
        try:
            return normalise_address(self.channel, self.cleaned_data["address"])
        except AddressError:
            if self.channel == "email":
                raise forms.ValidationError(
                    _("メールアドレスの形になっていません。「hanako@example.jp」のように、@の前後を確かめてください。")
                ) from None
            raise forms.ValidationError(
                _("携帯電話の番号の形になっていません。060・070・080・090で始まる11けたの番号を入力してください。")
            ) from None


class CodeForm(forms.Form):
    """The code that came by SMS."""

    code = forms.RegexField(
        regex=r"^[0-9０-９]{6}$",
        label=_lazy("確認コード"),
        help_text=_lazy("SMSに届いた6けたの数字です。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"invalid": _lazy("6けたの数字で入力してください。")},
    )

    def clean_code(self) -> str:
        """Return the digits as ASCII."""
        return "".join(str(int(digit)) for digit in self.cleaned_data["code"])


class AboutForm(forms.Form):
    """Language, and for people the registry does not know what they say of themselves."""

    language = forms.ChoiceField(label=_lazy("お知らせの言語"), widget=forms.RadioSelect)
    town = forms.CharField(
        label=_lazy("お住まいの町"), max_length=80, required=False, help_text=_lazy("町域までで足ります。例：栄町")
    )
    postal_code = forms.RegexField(
        regex=r"^[0-9]{3}-?[0-9]{4}$",
        label=_lazy("郵便番号"),
        required=False,
        help_text=_lazy("例：250-0011"),
        error_messages={"invalid": _lazy("郵便番号は「250-0011」のように7けたの数字で入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    birth_date = forms.CharField(
        label=_lazy("生まれた年月日"), max_length=40, required=False, help_text=_lazy("例：1990-05-01、平成2年5月1日")
    )
    has_consented = forms.BooleanField(label=_lazy("住民記録をもとに、お知らせを選んで送ってよい"), required=False)

    def __init__(self, recipient: Recipient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, own) for code, (own, _name) in LANGUAGES.items()]  # type: ignore[attr-defined]
        left_out = ("town", "postal_code", "birth_date") if recipient.resident_id is not None else ("has_consented",)
        for name in left_out:
            del self.fields[name]

    def clean_birth_date(self) -> date | None:
        """Return the day of birth."""
        text = self.cleaned_data["birth_date"]
        parsed = era.parse_date(text) if text else None
        is_day = parsed is not None and parsed.precision == era.Precision.DAY and parsed.date <= clock.today()
        if text and not is_day:
            raise forms.ValidationError(
                _("日付を読み取れません。1990-05-01 や 平成2年5月1日 のように入力してください。")
            )
        return None if parsed is None else parsed.date


class ChildrenForm(forms.Form):
    """Children somebody declares, by the month of birth: one row each, two to spare."""

    def __init__(self, births: Sequence[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = min(len(births) + 2, 12)
        for number in range(1, rows + 1):
            known = births[number - 1] if number <= len(births) else None
            self.fields[f"child{number}"] = forms.CharField(
                label=_("%(number)s人目のお子さんの生まれた年月") % {"number": number},
                max_length=40,
                required=False,
                initial=f"{known:%Y-%m}" if known else "",
                help_text=_("例：2023-05、令和5年5月") if number == 1 else "",
            )
        self.known = {f"{birth:%Y-%m}": birth for birth in births}

    def clean(self) -> dict[str, Any]:
        """Read every month; a month that was known keeps its day."""
        data = super().clean() or {}
        for name, text in list(data.items()):
            if not text:
                continue
            read = self.known.get(text) or read_month(text)
            if read is None or read > clock.today():
                self.add_error(
                    name, _("年月を読み取れません。2023-05 や 令和5年5月 のように、今月までの年月を入力してください。")
                )
            data[name] = read
        return data

    def births(self) -> list[date]:
        """Return the days of birth of every row that was filled in."""
        return [value for name, value in self.cleaned_data.items() if name.startswith("child") and value]


class QuietForm(forms.Form):
    """Hours in which nothing rings, and a pause."""

    quiet_from = forms.TimeField(
        label=_lazy("鳴らさない時間の始まり"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=_lazy("鳴らさない時間の終わり"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    pause = forms.ChoiceField(label=_lazy("お知らせの休止"), required=False, widget=forms.RadioSelect)

    def __init__(self, recipient: Recipient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = recipient.paused_until is not None and recipient.paused_until > clock.now()
        choices = [("", _("休止しない"))]
        if keep and recipient.paused_until is not None:
            until = clock.local(recipient.paused_until)
            choices.append(
                ("keep", _("%(month)s月%(day)s日まで休止したままにする") % {"month": until.month, "day": until.day})
            )
        choices += [("week", _("1週間休止する")), ("month", _("30日間休止する")), ("three_months", _("3か月休止する"))]
        self.fields["pause"].choices = choices  # type: ignore[attr-defined]
        self.recipient = recipient

    def clean(self) -> dict[str, Any]:
        """Refuse half of a period."""
        data = super().clean() or {}
        for name, other in (("quiet_from", "quiet_until"), ("quiet_until", "quiet_from")):
            if not self.errors and data.get(other) is not None and data.get(name) is None:
                self.add_error(
                    name, _("始まりと終わりの両方を入力してください。使わないときは、両方を空にしてください。")
                )
        return data

    def paused_until(self) -> Any:
        """Return the moment a pause ends, None for no pause."""
        wanted = self.cleaned_data["pause"]
        if wanted == "keep":
            return self.recipient.paused_until
        days = PAUSES.get(wanted, 0)
        return clock.now() + timedelta(days=days) if days else None


class NeedsForm(forms.Form):
    """In what somebody needs help in a disaster."""

    codes = forms.MultipleChoiceField(
        label=_lazy("助けが必要なこと"), required=False, choices=NeedCode, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_lazy("助けてくれる人に伝えたいこと"),
        max_length=200,
        required=False,
        widget=forms.Textarea,
        help_text=_lazy("例：2階に寝ています。人工呼吸器の電源が要ります。"),
    )
    has_agreed = forms.BooleanField(
        label=_lazy("災害のときに、助ける人（市の職員、消防、警察、民生委員、自主防災組織）に伝えてよい"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the consent without which nobody could be told."""
        data = super().clean() or {}
        if data.get("codes") and not data.get("has_agreed"):
            self.add_error("has_agreed", _("伝えてよいことに同意いただけないときは、登録できません。"))
        return data
