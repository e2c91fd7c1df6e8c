"""Short messages (SMS) through one provider that speaks HTTP."""

from .channel import SmsChannel

__all__ = ["SmsChannel"]
