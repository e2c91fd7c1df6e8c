"""Forms of tokens of programs and of the addresses that are told of events."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.apps import apps
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.kit import clock

from ..events import event_types
from ..registry import scopes

USUAL_LIFE = timedelta(days=180)


def scope_choices() -> list[tuple[str, str]]:
    """Return (key, words) of what tokens can be good for."""
    return [(scope.key, f"{_(scope.label)}（{scope.key}）") for scope in scopes]


def event_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds of events by room: (name of the room, [(key, sentence)])."""
    kinds = sorted((kind.key, _(kind.label)) for kind in event_types)
    return [
        (_room_name(room), list(found)) for room, found in groupby(kinds, key=lambda kind: kind[0].partition(".")[0])
    ]


def _room_name(room: str) -> str:
    return str(apps.get_app_config(room).verbose_name) if apps.is_installed(f"madoguchi.{room}") else room


class TokenForm(forms.Form):
    """Issue a token: for which system, good for what, until when."""

    name = forms.CharField(
        label=gettext_lazy("連携するシステムの名前"),
        max_length=80,
        help_text=gettext_lazy("例：健康診断の予約システム。一覧と閲覧記録に、この名前で載ります。"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("このトークンでできること"),
        choices=lazy(scope_choices, list),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("要るものだけを選んでください。あとから増やすことはできません。"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("有効期限"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("この日まで使えます。長くても1年です。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"expires_on": clock.today() + USUAL_LIFE})
        super().__init__(*args, **kwargs)


class WebhookForm(forms.Form):
    """Register an address: which system, where, which events."""

    name = forms.CharField(label=gettext_lazy("知らせる先のシステムの名前"), max_length=80)
    url = forms.CharField(
        label=gettext_lazy("配信先のアドレス"),
        max_length=400,
        widget=forms.URLInput,
        help_text=gettext_lazy("管理者が MADOGUCHI_WEBHOOK_HOSTS で許可した、https から始まるアドレスです。"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("知らせる出来事"),
        choices=lazy(event_choices, list),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("知らせるのは番号と数量だけです。氏名や回答は送りません。"),
    )
