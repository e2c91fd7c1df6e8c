"""Forms of hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ...models import Playlist, Schedule
from .common import WEEKDAYS, DayField, HoursForm, target_choices


class ScheduleForm(HoursForm):
    """When a playlist is shown, and where."""

    playlist: forms.ModelChoiceField[Playlist] = forms.ModelChoiceField(
        label=_lazy("番組"), queryset=None, empty_label=_lazy("選んでください")
    )
    target = forms.ChoiceField(label=_lazy("表示する画面"), required=False)
    starts_on = DayField(label=_lazy("初日"))
    ends_on = DayField(label=_lazy("最終日"))
    priority = forms.TypedChoiceField(
        label=_lazy("優先度"),
        coerce=int,
        choices=[
            (10, _lazy("ふつう")),
            (20, _lazy("高い（ふつうの番組の代わりに表示）")),
            (5, _lazy("低い（ほかに何もないとき）")),
        ],
        initial=10,
    )
    field_order = (
        "playlist",
        "target",
        "days",
        "hours_from",
        "hours_until",
        "open_days_only",
        "starts_on",
        "ends_on",
        "priority",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["playlist"].queryset = Playlist.objects.filter(removed_at__isnull=True)  # type: ignore[attr-defined]
        self.fields["target"].choices = target_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("ends_on", _("最終日は、初日と同じかそれより後にしてください。"))
        return data


def describe_schedule(schedule: Schedule) -> str:
    """Return the hours of a schedule in words."""
    names = [str(name) for _key, name in WEEKDAYS]
    days = "・".join(names[day] for day in schedule.days) if schedule.days else _("毎日")
    if schedule.open_days_only:
        days += _("（開庁日だけ）")
    if schedule.hours_from is None and schedule.hours_until is None:
        return _("%(days)s　終日") % {"days": days}
    first = f"{schedule.hours_from:%H:%M}" if schedule.hours_from else "0:00"
    last = f"{schedule.hours_until:%H:%M}" if schedule.hours_until else "24:00"
    return f"{days}　{first}〜{last}"
