"""Forms of the composer and of approval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit.numbers import parse_number
from madoguchi.trust.api import Account, Unit

from ..enums import ChannelKey
from ..models import Message, Topic
from ..rules.content import EASY, ENGLISH, JAPANESE, LANGUAGES
from ..selectors.messages import language_name
from ..services.messages import allowed_units

ALWAYS = (JAPANESE, EASY, ENGLISH)
FALLBACKS = (
    (0, _lazy("届かなかったときだけ")),
    (60, _lazy("1時間たっても読まれないとき")),
    (360, _lazy("6時間たっても読まれないとき")),
    (1440, _lazy("1日たっても読まれないとき")),
    (4320, _lazy("3日たっても読まれないとき")),
)
_MOMENT = "%Y-%m-%dT%H:%M"


def languages_of(message: Message, data: QueryDict | None = None) -> list[str]:
    """Return the languages that have a place in the composer: the usual ones, those written, one just added."""
    asked = [] if data is None else [*data.getlist("language"), data.get("add_language", "")]
    return [code for code in LANGUAGES if code in ALWAYS or code in message.contents or code in asked]


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(
        label=label, required=False, help_text=help_text, widget=widget, input_formats=[_MOMENT, f"{_MOMENT}:%S"]
    )


class ComposeForm(forms.Form):
    """Texts per language, sender, ways and times; nothing is required, for a draft may be begun anywhere."""

    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_lazy("分野"),
        required=False,
        to_field_name="code",
        empty_label=_lazy("決めない"),
        help_text=_lazy("受け取る人は、分野ごとに購読をやめられます。"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_lazy("担当の課"), required=False, empty_label=_lazy("市全体")
    )
    channels = forms.MultipleChoiceField(
        label=_lazy("手段"),
        required=False,
        choices=ChannelKey.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("選ばなければ、受け取る人が決めた順で送ります。受信箱にはいつも届きます。"),
    )
    fallback_minutes = forms.TypedChoiceField(
        label=_lazy("次の手段でも送る"), required=False, coerce=int, empty_value="0", choices=FALLBACKS
    )
    send_at = _moment(_lazy("送る日時"), _lazy("空のままなら、承認されたらすぐに送ります。"))
    expires_at = _moment(_lazy("有効期限"), _lazy("これより後には送りません。過ぎた催しの案内が届くのを防ぎます。"))

    def __init__(self, *args: Any, message: Message, actor: Account | None, languages: Iterable[str], **options: Any):
        super().__init__(*args, **options)
        self.languages = list(languages)
        for language in self.languages:
            self._add_texts(language)
        self._choose("topic", Topic.objects.filter(retired_at__isnull=True))
        units = {unit.pk for unit in allowed_units(actor)} | ({message.unit_id} if message.unit_id else set())
        self._choose("unit", Unit.objects.filter(pk__in=units))
        self._keep_fallback(message.fallback_minutes)

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is declared so above
        field.queryset = rows

    def _keep_fallback(self, minutes: int) -> None:
        field = self.fields["fallback_minutes"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - it is declared so above
        if minutes not in dict(FALLBACKS):
            field.choices = [*FALLBACKS, (minutes, _("%(n)s分たっても読まれないとき") % {"n": minutes})]

    def _add_texts(self, language: str) -> None:
        area = forms.Textarea(attrs={"rows": 9})
        said = language_name(language)
        for name, label, field in (
            ("subject", _("件名"), forms.CharField(max_length=200)),
            ("body", _("本文"), forms.CharField(max_length=20_000, widget=area, strip=False)),
            ("short", _("短い文（SMS・通知用）"), forms.CharField(max_length=500)),
        ):
            field.required = False
            field.label = f"{label}（{said}）"
            field.widget.attrs["lang"] = "ja" if language.startswith("ja") else language
            self.fields[f"{name}_{language}"] = field

    @property
    def contents(self) -> dict[str, dict[str, str]]:
        """The texts as they are stored."""
        return {
            language: {name: self.cleaned_data.get(f"{name}_{language}", "") for name in ("subject", "body", "short")}
            for language in self.languages
        }

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes, the audience aside."""
        data = self.cleaned_data
        return {
            "contents": self.contents,
            "topic": data.get("topic"),
            "unit": data.get("unit"),
            "channels": data.get("channels") or [],
            "fallback_minutes": int(data.get("fallback_minutes") or 0),
            "send_at": data.get("send_at"),
            "expires_at": data.get("expires_at"),
        }


def initial_of(message: Message) -> dict[str, Any]:
    """Return a stored message as the composer shows it."""
    texts = {
        f"{name}_{language}": text for language, variant in message.contents.items() for name, text in variant.items()
    }
    return texts | {
        "topic": message.topic.code if message.topic is not None else None,
        "unit": message.unit_id,
        "channels": message.channels,
        "fallback_minutes": message.fallback_minutes,
        "send_at": message.send_at,
        "expires_at": message.expires_at,
    }


class CountField(forms.CharField):
    """How many people, as people write it: 12,345 or １２３４５人; nothing typed is None."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        """Return the number, or say how to write it."""
        text = (super().to_python(value) or "").strip().removesuffix("人")
        if not text:
            return None
        number = parse_number(text)
        if number is None or number != int(number) or not 0 <= number < 10**9:
            raise ValidationError(_("人数を数字で入力してください。"))
        return int(number)


class ConfirmForm(forms.Form):
    """The version somebody saw and, for very many people, how many."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    count = CountField(label=_lazy("送る人数"), help_text=_lazy("上に出ている人数を、そのまま入力してください。"))


class ReturnForm(forms.Form):
    """Why a message goes back to its author."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(label=_lazy("差し戻す理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(forms.Form):
    """A file to go with the message."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_lazy("ファイル"),
        help_text=_lazy(
            "PDF、画像、Office、CSV。1つ5MB、全部で7MBまで。メールには付き、ほかの手段ではリンクになります。"
        ),
    )
    label = forms.CharField(label=_lazy("見える名前"), max_length=120, required=False)


class TemplateForm(forms.Form):
    """What a template is called."""

    name = forms.CharField(label=_lazy("ひな型の名前"), max_length=120)
    note = forms.CharField(label=_lazy("使うとき"), max_length=200, required=False)
