"""The only door to the trust room."""

from .models import (
    Account,
    Duty,
    Event,
    Municipality,
    OwnedManager,
    OwnedModel,
    Unit,
    acting_for,
    current_municipality,
)
from .permissions import Policy
from .selectors import (
    current_duties,
    find_municipality_by_host,
    first_municipality,
    get_municipality,
    holds_role,
    units_in,
)
from .services import add_municipality, assign_duty, enqueue, record_event

__all__ = [
    "Account",
    "Duty",
    "Event",
    "Municipality",
    "OwnedManager",
    "OwnedModel",
    "Policy",
    "Unit",
    "acting_for",
    "add_municipality",
    "assign_duty",
    "current_duties",
    "current_municipality",
    "enqueue",
    "find_municipality_by_host",
    "first_municipality",
    "get_municipality",
    "holds_role",
    "record_event",
    "units_in",
]
