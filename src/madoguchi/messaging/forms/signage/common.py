"""Fields the forms of signage share: days, hours, where something is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import era

from ...models import Screen
from ...selectors.signage import groups

LANGUAGES = (("ja", _lazy("日本語")), ("ja-easy", _lazy("やさしい日本語")), ("en", _lazy("英語")))
WEEKDAYS = tuple(
    (str(number), _lazy(name))
    for number, name in enumerate([N_("月"), N_("火"), N_("水"), N_("木"), N_("金"), N_("土"), N_("日")])
)


class DayField(forms.CharField):
    """A day in any writing: 2026-12-10, 令和8年12月10日, R8.12.10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, help_text=_lazy("例：2026-12-10、令和8年12月10日"), **kwargs)

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


class HourField(forms.TimeField):
    """A time of day, chosen or typed (9:00)."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(required=False, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class HoursForm(forms.Form):
    """Weekdays and hours, which playlists' items and schedules share."""

    days = forms.MultipleChoiceField(
        label=_lazy("曜日"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("選ばないときは毎日です。"),
    )
    hours_from = HourField(label=_lazy("時刻（から）"))
    hours_until = HourField(
        label=_lazy("時刻（まで）"), help_text=_lazy("始まりより早い時刻にすると、翌朝までになります。")
    )
    open_days_only = forms.BooleanField(label=_lazy("開庁日だけ（土日祝・年末年始は表示しない）"), required=False)

    def hours(self) -> dict[str, Any]:
        """Return what was chosen, for the services."""
        data = self.cleaned_data
        return {
            "days": sorted(int(day) for day in data["days"]),
            "hours_from": data["hours_from"],
            "hours_until": data["hours_until"],
            "open_days_only": data["open_days_only"],
        }


def target_choices() -> list[tuple[str, str]]:
    """Return where something can be shown: everywhere, on the screens of a group, on one."""
    screens = Screen.objects.filter(removed_at__isnull=True).values_list("pk", "name")
    return [
        ("", _("すべての画面")),
        *((f"group:{name}", _("グループ：%(name)s") % {"name": name}) for name in groups()),
        *((f"screen:{pk}", name) for pk, name in screens),
    ]


def read_target(text: str) -> tuple[Screen | None, str]:
    """Return the screen or the group that was chosen; neither: everywhere."""
    kind, _gap, value = text.partition(":")
    if kind == "screen":
        return Screen.objects.get(pk=int(value)), ""
    return None, value
