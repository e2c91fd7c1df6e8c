"""The channels of the installation, in the city's usual order."""

from __future__ import annotations

from ..registry import Channel

CHANNELS: tuple[Channel, ...] = ()
"""Every channel; what an operator has not set up says so itself (``is_ready``)."""
