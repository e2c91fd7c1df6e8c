"""Forms of screens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import clock
from madoguchi.trust.api import Unit

from ...enums import ScreenTurn
from ...models import Playlist, Screen
from .common import LANGUAGES, HourField, target_choices

MOST_GROUPS = 10


class ScreenForm(forms.Form):
    """What is known of a screen, and how it plays."""

    name = forms.CharField(label=_lazy("名前"), max_length=120, help_text=_lazy("例：本庁舎1階 総合案内"))
    place = forms.CharField(
        label=_lazy("場所"),
        max_length=200,
        required=False,
        help_text=_lazy("壊れたときに行く人が分かるように書きます。"),
    )
    town = forms.CharField(
        label=_lazy("町域"),
        max_length=80,
        required=False,
        help_text=_lazy("緊急情報の対象の地域と照らし合わせます。空のときは、すべての緊急情報を表示します。"),
    )
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_lazy("担当"), queryset=None, required=False, empty_label=_lazy("選ばない")
    )
    groups = forms.CharField(
        label=_lazy("グループ"),
        max_length=200,
        required=False,
        help_text=_lazy("読点で区切ります。番組をまとめて割り当てるときに使います。例：窓口、1階"),
    )
    turn = forms.ChoiceField(label=_lazy("向き"), choices=ScreenTurn, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_lazy("表示する言語"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    takes_drills = forms.BooleanField(
        label=_lazy("訓練の緊急情報を表示する"),
        required=False,
        help_text=_lazy("訓練のときも、全画面に「訓練」と表示します。"),
    )
    is_muted = forms.BooleanField(label=_lazy("音を出さない"), required=False)
    volume = forms.IntegerField(label=_lazy("音量"), min_value=0, max_value=100)
    sleeps_from = HourField(label=_lazy("消灯（から）"))
    sleeps_until = HourField(label=_lazy("消灯（まで）"), help_text=_lazy("消灯中も、緊急情報は表示します。"))

    def __init__(self, *args: Any, screen: Screen | None = None, **kwargs: Any) -> None:
        initial = {"turn": ScreenTurn.LANDSCAPE, "languages": ["ja"], "is_muted": True, "volume": 50}
        if screen is not None:
            initial = {name: getattr(screen, name) for name in self.base_fields} | {"groups": "、".join(screen.groups)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["unit"].queryset = Unit.objects.order_by("pk")  # type: ignore[attr-defined]

    def clean_groups(self) -> list[str]:
        """Return the groups as a list without repetitions."""
        parts = self.cleaned_data["groups"].replace(",", "、").replace("，", "、").split("、")
        found = list(dict.fromkeys(part.strip()[:40] for part in parts if part.strip()))
        if len(found) > MOST_GROUPS:
            raise forms.ValidationError(_("グループは10までです。"))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of the dark hours or none."""
        data = super().clean() or {}
        if (data.get("sleeps_from") is None) != (data.get("sleeps_until") is None):
            self.add_error("sleeps_until", _("消灯の始まりと終わりを両方入れてください。"))
        return data


class CodeForm(forms.Form):
    """The code a screen shows, and which screen it becomes: one that is known, or a new one."""

    code = forms.CharField(
        label=_lazy("接続コード"),
        max_length=20,
        help_text=_lazy("画面に表示されている6文字です。空白や大文字・小文字は気にしなくて構いません。"),
    )
    screen: forms.ModelChoiceField[Screen] = forms.ModelChoiceField(
        label=_lazy("どの画面にしますか"), queryset=None, required=False, empty_label=_lazy("新しい画面を登録する")
    )
    name = forms.CharField(
        label=_lazy("新しい画面の名前"), max_length=120, required=False, help_text=_lazy("例：本庁舎1階 総合案内")
    )
    place = forms.CharField(label=_lazy("新しい画面の場所"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["screen"].queryset = Screen.objects.filter(removed_at__isnull=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the name of a new screen."""
        data = super().clean() or {}
        if data.get("screen") is None and not data.get("name") and "screen" not in self.errors:
            self.add_error("name", _("新しい画面の名前を入力するか、登録済みの画面を選んでください。"))
        return data


class OverrideForm(forms.Form):
    """What is shown now, where, and until when."""

    playlist: forms.ModelChoiceField[Playlist] = forms.ModelChoiceField(
        label=_lazy("番組"), queryset=None, empty_label=_lazy("選んでください")
    )
    target = forms.ChoiceField(label=_lazy("表示する画面"))
    minutes = forms.TypedChoiceField(
        label=_lazy("いつまで"),
        coerce=int,
        choices=[
            (10, _lazy("10分間")),
            (30, _lazy("30分間")),
            (60, _lazy("1時間")),
            (180, _lazy("3時間")),
            (0, _lazy("今日の終わりまで")),
        ],
        initial=60,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Playlist.objects.filter(removed_at__isnull=True, stopped_at__isnull=True)
        self.fields["playlist"].queryset = known  # type: ignore[attr-defined]
        self.fields["target"].choices = target_choices()  # type: ignore[attr-defined]

    def until(self) -> datetime:
        """Return when the schedule comes back."""
        minutes = self.cleaned_data["minutes"]
        if minutes:
            return clock.now() + timedelta(minutes=minutes)
        return datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), tzinfo=clock.TOKYO)
