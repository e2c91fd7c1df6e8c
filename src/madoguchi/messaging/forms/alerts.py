"""Forms of emergencies: what to say and to whom, the texts in every language, and the word that confirms it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import clock

from ..models import Alert
from ..rules.alert_texts import CATEGORIES, INFO, STAGES, event_name, stage_label, stage_name, stages_of, templates
from ..rules.alerts import LIMITS, PARTS

HOURS = (3, 6, 12, 24, 48, 72)
PART_LABELS = {
    "headline": _lazy("見出し"),
    "description": _lazy("起きていること"),
    "instruction": _lazy("とるべき行動（1行に1つ）"),
}


class ScopeForm(forms.Form):
    """What happened, how grave it is, where, and for how long it is said."""

    event = forms.ChoiceField(label=_lazy("何が起きていますか"))
    stage = forms.ChoiceField(label=_lazy("何を伝えますか"), widget=forms.RadioSelect)
    towns = forms.MultipleChoiceField(
        label=_lazy("どこの人に伝えますか"), required=False, widget=forms.CheckboxSelectMultiple
    )
    whole = forms.ChoiceField(label=_lazy("範囲"), widget=forms.RadioSelect)
    hours = forms.ChoiceField(label=_lazy("いつまで有効ですか"))

    def __init__(self, *args: Any, town_names: list[str], **kwargs: Any) -> None:
        """Offer the towns people live in."""
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [("", _("選んでください")), *((code, event_name(code)) for code in CATEGORIES)]  # type: ignore[attr-defined]
        self.fields["stage"].choices = [(stage, _stage_text(stage)) for stage in STAGES]  # type: ignore[attr-defined]
        self.fields["whole"].choices = [  # type: ignore[attr-defined]
            ("all", _("市内全域")),
            ("some", _("町域を選ぶ")),
        ]
        self.fields["towns"].choices = [(name, name) for name in town_names]  # type: ignore[attr-defined]
        self.fields["hours"].choices = [  # type: ignore[attr-defined]
            (str(hours), _("%(hours)s時間") % {"hours": hours}) for hours in HOURS
        ]
        for name in ("event", "stage", "whole", "hours"):
            self.fields[name].error_messages["required"] = _("1つ選んでください。")

    def clean(self) -> dict[str, Any]:
        """Refuse stages an event does not have, and an area nobody chose."""
        cleaned = super().clean() or {}
        event, stage = cleaned.get("event"), cleaned.get("stage")
        if event and stage and stage not in stages_of(event):
            known = "、".join(stage_name(one) for one in stages_of(event))
            self.add_error("stage", _("この事象で伝えられるのは「%(known)s」です。") % {"known": known})
        if cleaned.get("whole") == "some" and not cleaned.get("towns"):
            self.add_error("towns", _("町域を1つ以上選ぶか、「市内全域」を選んでください。"))
        return cleaned

    @property
    def areas(self) -> list[dict[str, str]]:
        """Return the areas that were chosen; empty for the whole city."""
        if self.cleaned_data["whole"] == "all":
            return []
        return [{"name": town, "town": town} for town in self.cleaned_data["towns"]]

    @property
    def expires_at(self) -> datetime:
        """Return until when it is said."""
        return clock.now() + timedelta(hours=int(self.cleaned_data["hours"]))


def _stage_text(stage: str) -> str:
    level = stage_label("heavy_rain", int(stage)) if stage != INFO else ""
    return level or _("お知らせ・注意の呼びかけ（避難情報ではないもの）")


class WordsForm(forms.Form):
    """The texts of an alert: three parts in every language there are templates for, or the alert has."""

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        """Make a field for each part in each language."""
        super().__init__(*args, **kwargs)
        self.languages = languages
        for language in languages:
            for part in PARTS:
                self.fields[f"{part}_{language}"] = _text_field(part, language)

    @property
    def contents(self) -> dict[str, dict[str, str]]:
        """Return what was written, by language."""
        return {
            language: {part: self.cleaned_data.get(f"{part}_{language}", "") for part in PARTS}
            for language in self.languages
        }

    def groups(self) -> list[tuple[str, str, list[Any], bool]]:
        """Return the fields by language as (code, name, bound fields, whether something is missing)."""
        return [
            (
                language,
                language_name(language),
                [self[f"{part}_{language}"] for part in PARTS],
                not all(self[f"{part}_{language}"].value() for part in ("headline", "instruction")),
            )
            for language in self.languages
        ]

    def add_problems(self, problems: list[tuple[str, str]]) -> None:
        """Put what the service refused at its fields, what belongs to none on top."""
        for name, text in problems:
            self.add_error(name if name in self.fields else None, text)


def _text_field(part: str, language: str) -> forms.CharField:
    widget = forms.TextInput if part == "headline" else forms.Textarea
    return forms.CharField(
        label=PART_LABELS[part],
        required=False,
        max_length=LIMITS[part] + 40,
        widget=widget(attrs={"lang": "ja" if language.startswith("ja") else language}),
    )


def language_name(language: str) -> str:
    """Return what a language is called in itself."""
    found = templates().get(language)
    return str(found["name"]) if found else language


def languages_of(alert: Alert) -> list[str]:
    """Return the languages an alert can be written in: those with templates, and those it has."""
    return [*templates(), *sorted(set(alert.contents) - set(templates()))]


def initial_words(contents: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return texts as initial values of the form."""
    return {f"{part}_{language}": text for language, texts in contents.items() for part, text in texts.items()}


def word_of(alert: Alert, *, is_end: bool = False) -> str:
    """Return what somebody has to type to show that they know what they are about to say."""
    if alert.is_drill:
        return "訓練"
    if is_end:
        return "解除"
    if alert.evacuation_level and str(alert.evacuation_level) in STAGES:
        return stage_name(str(alert.evacuation_level))
    return event_name(alert.event_code)


class ConfirmForm(forms.Form):
    """The word that confirms it, typed."""

    typed = forms.CharField(label=_lazy("確認のことば"), max_length=40)

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        """Ask for this word."""
        super().__init__(*args, **kwargs)
        self.word = word
        self.fields["typed"].error_messages["required"] = _("「%(word)s」と入力してください。") % {"word": word}

    def clean_typed(self) -> str:
        """Take the word in whatever width it was typed, and no other."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["typed"]).strip()
        if typed != unicodedata.normalize("NFKC", self.word):
            raise forms.ValidationError(
                _("「%(word)s」と入力してください。違うときは、内容を確かめ直してください。"),
                params={"word": self.word},
            )
        return str(typed)


class EndForm(forms.Form):
    """Why an alert ends."""

    why = forms.ChoiceField(label=_lazy("どうして終えますか"), widget=forms.RadioSelect)
    note = forms.CharField(label=_lazy("記録に残す理由"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two reasons there are."""
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [  # type: ignore[attr-defined]
            ("over", _("危険がなくなった（解除）")),
            ("mistake", _("誤って発表した（取消）")),
        ]


class OutcomeForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(label=_lazy("結果"))
    note = forms.CharField(label=_lazy("メモ"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the outcomes."""
        from ..enums import CallOutcome

        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = CallOutcome.choices  # type: ignore[attr-defined]
