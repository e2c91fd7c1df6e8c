"""Models of the trust room."""

from .account import Account, AccountManager, username_of
from .event import Event
from .municipality import Municipality, MunicipalityHost
from .organisation import Duty, Unit
from .scoping import OwnedModel, acting_for, current_municipality, owned_manager

__all__ = [
    "Account",
    "AccountManager",
    "Duty",
    "Event",
    "Municipality",
    "MunicipalityHost",
    "OwnedModel",
    "Unit",
    "acting_for",
    "current_municipality",
    "owned_manager",
    "username_of",
]
