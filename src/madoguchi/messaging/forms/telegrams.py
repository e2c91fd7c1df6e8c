"""Forms of rules for telegrams, of the areas a municipality lies in, and of a telegram to try them with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..enums import AlertRuleAction, WarningLevel
from ..models import AlertRule
from ..rules.alerts import LIMITS, PARTS
from ..rules.jma.xml import MAX_BYTES
from ..rules.telegram_texts.compose import unknown_placeholders

HAZARDS = {
    "earthquake": _lazy("地震（震度）"),
    "eew": _lazy("緊急地震速報"),
    "long_period": _lazy("長周期地震動"),
    "tsunami": _lazy("津波"),
    "nankai": _lazy("南海トラフ地震"),
    "aftershock": _lazy("後発地震"),
    "rain": _lazy("大雨"),
    "record_rain": _lazy("記録的短時間大雨"),
    "rainband": _lazy("線状降水帯"),
    "flood": _lazy("洪水"),
    "river": _lazy("川の氾濫（指定河川）"),
    "landslide": _lazy("土砂災害"),
    "surge": _lazy("高潮"),
    "wave": _lazy("波浪"),
    "storm": _lazy("暴風・強風"),
    "snowstorm": _lazy("暴風雪・風雪"),
    "tornado": _lazy("竜巻"),
    "snow": _lazy("大雪"),
    "heavy_snow": _lazy("短時間大雪"),
    "volcano": _lazy("火山"),
    "ash": _lazy("降灰"),
    "heat": _lazy("熱中症"),
    "thunder": _lazy("雷"),
    "melting": _lazy("融雪"),
    "fog": _lazy("濃霧"),
    "dry": _lazy("乾燥"),
    "avalanche": _lazy("なだれ"),
    "cold": _lazy("低温"),
    "frost": _lazy("霜"),
    "ice": _lazy("着氷・着雪"),
    "other": _lazy("そのほか"),
}
"""Our key of a hazard → its name for staff."""

INTENSITIES = (
    (0, _lazy("問わない")),
    (30, _lazy("震度3以上")),
    (40, _lazy("震度4以上")),
    (50, _lazy("震度5弱以上")),
    (55, _lazy("震度5強以上")),
    (60, _lazy("震度6弱以上")),
    (65, _lazy("震度6強以上")),
    (70, _lazy("震度7")),
)
ALERT_LEVELS = (
    (0, _lazy("問わない")),
    (2, _lazy("2相当以上")),
    (3, _lazy("3相当以上")),
    (4, _lazy("4相当以上")),
    (5, _lazy("5相当")),
)
EVACUATION = (
    ("", _lazy("付けない（下書きには目安が入ります）")),
    ("3", _lazy("3 高齢者等避難")),
    ("4", _lazy("4 避難指示")),
    ("5", _lazy("5 緊急安全確保")),
)
LAYERS = {
    "coast": _lazy("津波予報区"),
    "seismic": _lazy("震度の細分区域"),
    "district": _lazy("天気の一次細分区域・まとめた地域"),
    "prefecture": _lazy("府県予報区"),
    "river": _lazy("指定河川の予報区域"),
    "volcano": _lazy("火山"),
}
LANGUAGES = (("ja", _lazy("日本語")), ("ja-easy", _lazy("やさしい日本語")), ("en", _lazy("英語")))
PART_LABELS = {
    "headline": _lazy("見出し"),
    "description": _lazy("起きていること"),
    "instruction": _lazy("とるべき行動"),
}


class RuleForm(forms.Form):
    """What a rule speaks of, what is done, and the words instead of the usual ones."""

    name = forms.CharField(label=_lazy("名前"), max_length=80)
    action = forms.ChoiceField(label=_lazy("すること"), choices=AlertRuleAction.choices, widget=forms.RadioSelect)
    hazard = forms.ChoiceField(label=_lazy("災害の種類"), required=False)
    kind = forms.CharField(label=_lazy("警報の名前に含む言葉"), max_length=60, required=False)
    area = forms.CharField(label=_lazy("区域の名前かコード"), max_length=80, required=False)
    level = forms.ChoiceField(label=_lazy("重大さ"), choices=WarningLevel.choices)
    alert_level = forms.TypedChoiceField(label=_lazy("警戒レベル"), choices=ALERT_LEVELS, coerce=int)
    intensity = forms.TypedChoiceField(label=_lazy("震度"), choices=INTENSITIES, coerce=int)
    evacuation_level = forms.ChoiceField(label=_lazy("避難情報の警戒レベル"), choices=EVACUATION, required=False)
    reason = forms.CharField(label=_lazy("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, rule: AlertRule | None = None, **kwargs: Any) -> None:
        """Offer the texts in each language; begin with what the rule says."""
        if rule is not None:
            kwargs.setdefault("initial", _initial(rule))
        super().__init__(*args, **kwargs)
        self.fields["hazard"].choices = [("", _("すべて")), *HAZARDS.items()]  # type: ignore[attr-defined]
        for language, spoken in LANGUAGES:
            for part in PARTS:
                label = _("%(part)s（%(language)s）") % {"part": PART_LABELS[part], "language": spoken}
                widget = forms.TextInput() if part == "headline" else forms.Textarea()
                self.fields[f"{part}_{language}"] = forms.CharField(
                    label=label, max_length=LIMITS[part], required=False, widget=widget
                )

    def clean(self) -> dict[str, Any]:
        """Refuse placeholders nobody fills."""
        cleaned = super().clean() or {}
        for language, _spoken in LANGUAGES:
            for part in PARTS:
                name = f"{part}_{language}"
                if unknown := unknown_placeholders(cleaned.get(name, "")):
                    self.add_error(name, _("差し込めない項目です: %(names)s") % {"names": "、".join(unknown)})
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service wants."""
        given = dict(self.cleaned_data)
        contents: dict[str, dict[str, str]] = {}
        for language, _spoken in LANGUAGES:
            texts = {part: given.pop(f"{part}_{language}", "").strip() for part in PARTS}
            if any(texts.values()):
                contents[language] = {part: text for part, text in texts.items() if text}
        level = given["evacuation_level"]
        return {**given, "evacuation_level": int(level) if level else None, "contents": contents}

    @property
    def texts(self) -> list[tuple[str, list[Any]]]:
        """Return the fields of texts by language, for the page."""
        return [(str(spoken), [self[f"{part}_{language}"] for part in PARTS]) for language, spoken in LANGUAGES]


def _initial(rule: AlertRule) -> dict[str, Any]:
    plain = ("name", "action", "hazard", "kind", "area", "level", "alert_level", "intensity", "reason")
    initial: dict[str, Any] = {name: getattr(rule, name) for name in plain}
    initial["evacuation_level"] = str(rule.evacuation_level or "")
    for language, texts in rule.contents.items():
        initial.update({f"{part}_{language}": text for part, text in texts.items()})
    return initial


class PlaceForm(forms.Form):
    """An area of the agency's the municipality lies in."""

    layer = forms.ChoiceField(label=_lazy("区域の種類"), choices=list(LAYERS.items()))
    code = forms.RegexField(
        r"^[0-9]{2,12}$",
        label=_lazy("コード"),
        error_messages={"invalid": _lazy("数字で入力してください（例: 330）。")},
    )
    name = forms.CharField(label=_lazy("名前"), max_length=80)


class TrialForm(forms.Form):
    """A telegram to try the rules with."""

    file = forms.FileField(
        label=_lazy("電文のファイル（XML）"), error_messages={"required": _lazy("電文のファイルを選んでください。")}
    )

    def clean_file(self) -> Any:
        """Refuse what is too big before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("大きすぎます。電文は4MBまでです。"))
        return file
