"""Telegrams of the Meteorological Agency: taking them, and the rules by which they become alerts."""

from .results import Action, Taken
from .rules import change_rule, copy_shipped_rules, delete_rule, forget_place, register_place
from .satellites import SatelliteReader
from .taking import take_telegram

__all__ = [
    "Action",
    "SatelliteReader",
    "Taken",
    "change_rule",
    "copy_shipped_rules",
    "delete_rule",
    "forget_place",
    "register_place",
    "take_telegram",
]
