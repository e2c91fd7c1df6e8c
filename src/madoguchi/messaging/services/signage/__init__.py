"""Changes to signage: screens and their devices, playlists and hours, assets, what players report."""

from .assets import IMAGE_PURPOSE, VIDEO_PURPOSE, add_asset, change_asset, remove_asset
from .pairing import (
    CODE_LIFE,
    claim_code,
    find_waiting,
    offer_code,
    screen_of_device,
    sweep_codes,
    unpair_screen,
)
from .playing import find_lost_screens, note_heartbeat, record_plays
from .playlists import (
    add_item,
    add_playlist,
    add_schedule,
    change_item,
    change_playlist,
    move_item,
    remove_item,
    remove_playlist,
    remove_schedule,
    set_item_stopped,
    set_playlist_stopped,
)
from .screens import add_screen, change_screen, end_override, override_screens, remove_screen

__all__ = [
    "CODE_LIFE",
    "IMAGE_PURPOSE",
    "VIDEO_PURPOSE",
    "add_asset",
    "add_item",
    "add_playlist",
    "add_schedule",
    "add_screen",
    "change_asset",
    "change_item",
    "change_playlist",
    "change_screen",
    "claim_code",
    "end_override",
    "find_lost_screens",
    "find_waiting",
    "move_item",
    "note_heartbeat",
    "offer_code",
    "override_screens",
    "record_plays",
    "remove_asset",
    "remove_item",
    "remove_playlist",
    "remove_schedule",
    "remove_screen",
    "screen_of_device",
    "set_item_stopped",
    "set_playlist_stopped",
    "sweep_codes",
    "unpair_screen",
]
