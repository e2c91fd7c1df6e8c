"""Forms of playlists, their items and files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit import clock

from ...enums import SignageKind
from ...models import PlaylistItem, SignageAsset
from ...registry import signage_sources
from .common import LANGUAGES, DayField, HoursForm


class PlaylistForm(forms.Form):
    """Name of a playlist."""

    name = forms.CharField(label=_lazy("名前"), max_length=120, help_text=_lazy("例：平日の窓口"))
    note = forms.CharField(label=_lazy("説明"), max_length=200, required=False)


class AssetForm(forms.Form):
    """A file with its description."""

    file = forms.FileField(
        label=_lazy("ファイル"),
        help_text=_lazy(
            "JPEG・PNG・WebP・GIF画像（20MBまで）、MP4・WebM動画（100MBまで）。画面と同じ縦横比だと余白が出ません。"
        ),
    )
    name = forms.CharField(
        label=_lazy("名前"), max_length=120, required=False, help_text=_lazy("空のときはファイル名になります。")
    )
    alt = forms.CharField(
        label=_lazy("内容の説明"),
        max_length=400,
        widget=forms.Textarea,
        help_text=_lazy("写っている文字と絵を、見えない人にも分かることばで書きます。"),
    )


class AssetTextForm(forms.Form):
    """Name and description of a file."""

    name = forms.CharField(label=_lazy("名前"), max_length=120)
    alt = forms.CharField(label=_lazy("内容の説明"), max_length=400, widget=forms.Textarea)


class ItemForm(HoursForm):
    """One thing of a playlist; which fields there are depends on its kind."""

    name = forms.CharField(label=_lazy("名前"), max_length=120, help_text=_lazy("職員の一覧に出る名前です。"))
    seconds = forms.IntegerField(label=_lazy("表示する秒数"), min_value=3, max_value=3600, initial=15)
    valid_from = DayField(label=_lazy("掲出の初日"))
    valid_until = DayField(label=_lazy("掲出の最終日"))

    def __init__(self, *args: Any, kind: str, item: PlaylistItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _initial_of(item) if item else {}, **kwargs})
        self.kind = kind
        if kind in (SignageKind.IMAGE, SignageKind.VIDEO):
            self._add_asset(kind)
        elif kind == SignageKind.LIVE:
            choices = [(source.key, _(source.label)) for source in signage_sources]
            self.fields["source"] = forms.ChoiceField(label=_("自動で変わる案内"), choices=choices)
        else:
            self._add_texts(kind)
        order = ["name", "asset", "source", "path", *self._text_names(), "language", "seconds"]
        self.order_fields(order)

    def _add_asset(self, kind: str) -> None:
        beginning = "video/" if kind == SignageKind.VIDEO else "image/"
        found = SignageAsset.objects.filter(removed_at__isnull=True, stored__media_type__startswith=beginning)
        self.fields["asset"] = forms.ModelChoiceField(
            label=_("素材"), queryset=found, empty_label=_("選んでください"), help_text=_("先に「素材」で登録します。")
        )
        choices = [("", _("すべての画面")), *LANGUAGES]
        self.fields["language"] = forms.ChoiceField(
            label=_("中の文字の言語"),
            choices=choices,
            required=False,
            help_text=_("選ぶと、その言語を表示する画面だけに出ます。"),
        )

    def _add_texts(self, kind: str) -> None:
        if kind == SignageKind.PAGE:
            self.fields["path"] = forms.CharField(
                label=_("ページ"),
                max_length=300,
                help_text=_("このサイトのページです。例：/procedures/。画面には、題名と読み取り用のコードを出します。"),
            )
        for language, name in LANGUAGES:
            words = {"language": name}
            self.fields[_field("title", language)] = forms.CharField(
                label=_("題名（%(language)s）") % words, max_length=60, required=language == "ja"
            )
            self.fields[_field("body", language)] = forms.CharField(
                label=_("本文（%(language)s）") % words,
                max_length=600,
                required=False,
                widget=forms.Textarea,
                help_text=_("長い文は、読める大きさのまま数枚に分けて表示します。") if language == "ja" else "",
            )

    def _text_names(self) -> list[str]:
        return [_field(part, language) for language, _name in LANGUAGES for part in ("title", "body")]

    def clean_path(self) -> str:
        """Return the address of a page of this site; raises for one that leads nowhere."""
        path = str(self.cleaned_data["path"]).strip()
        try:
            resolve(path.split("?")[0].split("#")[0])
        except Resolver404:
            raise forms.ValidationError(
                _("このサイトにこのアドレスのページはありません。/ で始めて入力してください。")
            ) from None
        return path

    def values(self) -> dict[str, Any]:
        """Return what was typed, for the services."""
        data = self.cleaned_data
        found: dict[str, Any] = {"name": data["name"], "seconds": data["seconds"], **self.hours()}
        found |= {name: data[name] for name in ("asset", "source", "path", "language") if name in self.fields}
        if _field("title", "ja") in self.fields:
            found["contents"] = {
                language: texts
                for language, _name in LANGUAGES
                if any((texts := {part: data[_field(part, language)].strip() for part in ("title", "body")}).values())
            }
        last = data["valid_until"]
        found["valid_from"] = _midnight(data["valid_from"]) if data["valid_from"] else None
        found["valid_until"] = _midnight(last + timedelta(days=1)) if last else None
        return found


def _field(part: str, language: str) -> str:
    return f"{part}_{language.replace('-', '_')}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=clock.TOKYO)


def _initial_of(item: PlaylistItem) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(item, name)
        for name in (
            "name",
            "seconds",
            "asset",
            "source",
            "path",
            "language",
            "hours_from",
            "hours_until",
            "open_days_only",
        )
    }
    found["days"] = [str(day) for day in item.days]
    found["valid_from"] = clock.local(item.valid_from).date().isoformat() if item.valid_from else ""
    last = item.valid_until
    found["valid_until"] = (clock.local(last) - timedelta(seconds=1)).date().isoformat() if last else ""
    for language, texts in item.contents.items():
        found |= {_field(part, language): text for part, text in texts.items()}
    return found
