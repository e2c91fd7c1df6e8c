"""Rich menus (リッチメニュー): the city's doors at the foot of every friend's chat, in the friend's language."""

from .doors import Door, doors
from .drawing import picture_of
from .publishing import MENU_LANGUAGES, Published, give_menu, menu_request, publish_menus

__all__ = [
    "MENU_LANGUAGES",
    "Door",
    "Published",
    "doors",
    "give_menu",
    "menu_request",
    "picture_of",
    "publish_menus",
]
