"""The form of how the city sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..enums import ChannelKey
from ..models import SendingSettings
from ..models.settings import USUAL_ORDER
from ..services.settings import MOST_A_WEEK, MOST_PEOPLE

PLACES = ("first", "second", "third", "fourth")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SendingSettingsForm(forms.Form):
    """Order of the ways, quiet hours, the limit of a week, and from how many people on two have to approve."""

    first = forms.ChoiceField(
        label=_lazy("1番目の手段"), help_text=_lazy("順番を決めていない人に、届くものを上から探して送ります。")
    )
    second = forms.ChoiceField(label=_lazy("2番目の手段"))
    third = forms.ChoiceField(label=_lazy("3番目の手段"))
    fourth = forms.ChoiceField(label=_lazy("4番目の手段"))
    quiet_from = forms.TimeField(
        label=_lazy("鳴らさない時間の始まり"),
        widget=_clock(),
        help_text=_lazy(
            "自分で決めていない人の時間です。この間のお知らせは、終わりの時刻に送ります。緊急情報は送ります。"
        ),
    )
    quiet_until = forms.TimeField(
        label=_lazy("鳴らさない時間の終わり"),
        widget=_clock(),
        help_text=_lazy("始まりと同じにすると、いつでも送ります。"),
    )
    weekly_cap = forms.IntegerField(
        label=_lazy("1週間に1人に鳴らす上限（回）"),
        min_value=0,
        max_value=MOST_A_WEEK,
        help_text=_lazy(
            "全部の課の、多くの人へのお知らせを合わせた回数です。超えた分は受信箱だけに入ります。0は上限なしです。"
        ),
    )
    second_approval_from = forms.IntegerField(
        label=_lazy("2人目の承認が要る人数（人）"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_lazy("対象がこの人数以上のお知らせは、2人が承認するまで送られません。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(str(key), ChannelKey(key).label) for key in USUAL_ORDER]
        for place in PLACES:
            self.fields[place].choices = ways  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(settings: SendingSettings) -> dict[str, Any]:
        """Return what the form shows of settings; a way that an older order leaves out comes last."""
        order = [*settings.order, *(str(key) for key in USUAL_ORDER if key not in settings.order)]
        return {
            **dict(zip(PLACES, order, strict=False)),
            "quiet_from": settings.quiet_from,
            "quiet_until": settings.quiet_until,
            "weekly_cap": settings.weekly_cap,
            "second_approval_from": settings.second_approval_from,
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a way at two places."""
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for place in PLACES:
            way = data.get(place)
            if way in seen:
                self.add_error(place, _("この手段は、ほかの順番でも選ばれています。手段は1回ずつ選んでください。"))
            elif way:
                seen.add(way)
        return data

    def values(self) -> dict[str, Any]:
        """Return the settings."""
        data = self.cleaned_data
        rest = ("quiet_from", "quiet_until", "weekly_cap", "second_approval_from")
        return {"channels": [data[place] for place in PLACES], **{name: data[name] for name in rest}}
