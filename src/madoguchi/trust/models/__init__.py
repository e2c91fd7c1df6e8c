"""Models of the trust room."""

from .account import Account, AccountManager, username_of
from .event import Event
from .municipality import Municipality, MunicipalityHost
from .organisation import Duty, Unit
from .scoping import OwnedManager, OwnedModel, acting_for, current_municipality

__all__ = [
    "Account",
    "AccountManager",
    "Duty",
    "Event",
    "Municipality",
    "MunicipalityHost",
    "OwnedManager",
    "OwnedModel",
    "Unit",
    "acting_for",
    "current_municipality",
    "username_of",
]
