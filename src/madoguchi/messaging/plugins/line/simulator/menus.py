"""Rich menus at the simulated LINE."""

from __future__ import annotations

import secrets
from typing import Any

from ....rules.line import CHUNK
from .checks import check_menu
from .store import ApiError, Bot, Menu, Store

SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LARGEST_PICTURE = 1_000_000


class Menus:
    """What can be done with rich menus."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, bot: Bot, body: dict[str, Any]) -> dict[str, Any]:
        """Make a menu, without its picture yet."""
        check_menu(body)
        menu = Menu(f"richmenu-{secrets.token_hex(16)}", body)
        bot.menus[menu.id] = menu
        return {"richMenuId": menu.id}

    def get(self, bot: Bot, menu_id: str) -> Menu:
        """Return a menu; 404 where there is none."""
        if menu_id not in bot.menus:
            raise ApiError(404, "richmenu not found")
        return bot.menus[menu_id]

    def listed(self, bot: Bot) -> dict[str, Any]:
        """Return every menu."""
        return {"richmenus": [{"richMenuId": menu.id, **menu.request} for menu in bot.menus.values()]}

    def delete(self, bot: Bot, menu_id: str) -> dict[str, Any]:
        """Delete a menu; whoever saw it sees none."""
        self.get(bot, menu_id)
        del bot.menus[menu_id]
        bot.default_menu = "" if bot.default_menu == menu_id else bot.default_menu
        for friend in bot.friends.values():
            friend.menu = "" if friend.menu == menu_id else friend.menu
        return {}

    def upload(self, bot: Bot, menu_id: str, picture: bytes, kind: str) -> dict[str, Any]:
        """Take the picture of a menu, once."""
        menu = self.get(bot, menu_id)
        if menu.picture:
            raise ApiError(400, "An image has already been uploaded to the richmenu")
        real = next((name for mark, name in SIGNATURES.items() if picture.startswith(mark)), "")
        if not real or real != kind.partition(";")[0]:
            raise ApiError(415, "The image type is not supported")
        if len(picture) > LARGEST_PICTURE:
            raise ApiError(413, "Request Entity Too Large")
        menu.picture, menu.kind = picture, real
        return {}

    def set_default(self, bot: Bot, menu_id: str) -> dict[str, Any]:
        """Show a menu to everybody who has none of their own."""
        self._ready(bot, menu_id)
        bot.default_menu = menu_id
        return {}

    def link(self, bot: Bot, menu_id: str, users: Any) -> dict[str, Any]:
        """Show a menu to some people, at most 500 at a time."""
        self._ready(bot, menu_id)
        for user in self._users(users):
            if user in bot.friends:
                bot.friends[user].menu = menu_id
        return {}

    def unlink(self, bot: Bot, users: Any) -> dict[str, Any]:
        """Show the usual menu to some people."""
        for user in self._users(users):
            if user in bot.friends:
                bot.friends[user].menu = ""
        return {}

    def set_alias(self, bot: Bot, alias: str, menu_id: str, *, is_new: bool) -> dict[str, Any]:
        """Give a menu a name of its own, or another menu that name."""
        self._ready(bot, menu_id)
        if is_new and alias in bot.aliases:
            raise ApiError(400, "conflict richmenu alias id")
        if not is_new and alias not in bot.aliases:
            raise ApiError(404, "richmenu alias not found")
        bot.aliases[alias] = menu_id
        return {}

    def alias(self, bot: Bot, alias: str) -> dict[str, Any]:
        """Return which menu has a name."""
        if alias not in bot.aliases:
            raise ApiError(404, "richmenu alias not found")
        return {"richMenuAliasId": alias, "richMenuId": bot.aliases[alias]}

    def shown_to(self, bot: Bot, user: str) -> Menu | None:
        """Return the menu on somebody's phone."""
        friend = self._store.friend(bot, user)
        return bot.menus.get(friend.menu) or bot.menus.get(bot.default_menu)

    def _ready(self, bot: Bot, menu_id: str) -> None:
        if not self.get(bot, menu_id).picture:
            raise ApiError(400, "must upload richmenu image before applying it to user")

    def _users(self, users: Any) -> list[str]:
        if not isinstance(users, list) or not 1 <= len(users) <= CHUNK:
            raise ApiError(400, "The request body has 1 error(s)", [("userIds", f"Size must be between 1 and {CHUNK}")])
        return [str(user) for user in users]
