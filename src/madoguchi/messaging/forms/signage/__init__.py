"""Forms of staff's pages of signage."""

from .common import WEEKDAYS, read_target, target_choices
from .items import AssetForm, AssetTextForm, ItemForm, PlaylistForm
from .schedules import ScheduleForm, describe_schedule
from .screens import CodeForm, OverrideForm, ScreenForm

__all__ = [
    "WEEKDAYS",
    "AssetForm",
    "AssetTextForm",
    "CodeForm",
    "ItemForm",
    "OverrideForm",
    "PlaylistForm",
    "ScheduleForm",
    "ScreenForm",
    "describe_schedule",
    "read_target",
    "target_choices",
]
