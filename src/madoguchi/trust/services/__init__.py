"""Writes of the trust room: events, accounts, organisation, jobs."""

from .events import record_event
from .jobs import enqueue
from .organisation import add_municipality, assign_duty

__all__ = ["add_municipality", "assign_duty", "enqueue", "record_event"]
