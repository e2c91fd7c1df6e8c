"""What the menu leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ....rules.line import pack
from ....selectors.settings import site_address

WIDTH, HEIGHT, COLUMNS, ROWS = 2500, 1686, 3, 2


@dataclass(frozen=True, slots=True)
class Door:
    """One field of the menu: its icon, its name in the language in force, and what pressing it does."""

    icon: str
    label: str
    action: dict[str, Any]

    def area(self, place: int) -> dict[str, Any]:
        """Return the field as the Messaging API wants it, at a place counted by rows from 0."""
        left, top, width, height = bounds(place)
        return {"bounds": {"x": left, "y": top, "width": width, "height": height}, "action": self.action}


def bounds(place: int) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a field in pixels; together the fields fill the picture."""
    column, row = place % COLUMNS, place // COLUMNS
    left, right = WIDTH * column // COLUMNS, WIDTH * (column + 1) // COLUMNS
    top, bottom = HEIGHT * row // ROWS, HEIGHT * (row + 1) // ROWS
    return left, top, right - left, bottom - top


def doors() -> list[Door]:
    """Return the six fields in the language in force."""
    site = site_address()

    def page(icon: str, label: str, path: str) -> Door:
        return Door(icon, label, {"type": "uri", "label": label[:20], "uri": f"{site}{path}"})

    def choice(icon: str, label: str, action: str) -> Door:
        said = {"displayText": label, "data": pack(action)}
        return Door(icon, label, {"type": "postback", "label": label[:20], **said})

    return [
        page("search", _("手続きをさがす"), "/procedures/"),
        page("inbox", _("受信箱を開く"), "/inbox/"),
        page("news", _("市からのお知らせ"), "/inbox/public/"),
        choice("bell", _("受け取る分野"), "topics"),
        choice("place", _("地区とお子さん"), "about_me"),
        choice("link", _("アカウント連携"), "link"),
    ]
