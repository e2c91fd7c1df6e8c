"""Staff pages of an application: asking for corrections, writing to the applicant."""

from .corrections import cancel, correction
from .messages import message

__all__ = ["cancel", "correction", "message"]
