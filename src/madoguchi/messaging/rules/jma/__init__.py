"""Telegrams of the Meteorological Agency (気象庁防災情報XML): reading them, and how grave what they say is."""

from ..telegram import TelegramError
from .reading import read_telegram

__all__ = ["TelegramError", "read_telegram"]
