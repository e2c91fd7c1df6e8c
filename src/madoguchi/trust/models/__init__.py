"""Models of the trust room."""

from .access import AccessRecord
from .account import Account, AccountManager, Invitation, SignInFailure, username_of
from .delegation import Delegation
from .event import Event, SealedModel
from .file import StoredFile
from .identity import (
    AttributeConsent,
    DocumentSignature,
    IdentityAttempt,
    IdentityLink,
    IdentityMatch,
    VerifiedAttribute,
)
from .job import JobSchedule, WorkerHeartbeat
from .machine import MachineToken, WebhookDelivery, WebhookSubscription
from .meter import MeterMark, MeterReading
from .municipality import Municipality, MunicipalityHost
from .organisation import Duty, Unit
from .registry import RegistryDoubt, RegistryImport
from .resident import Resident
from .scoping import OwnedManager, OwnedModel, acting_for, current_municipality, municipality_in_scope
from .seal import Seal, SealHead

__all__ = [
    "AccessRecord",
    "Account",
    "AccountManager",
    "AttributeConsent",
    "Delegation",
    "DocumentSignature",
    "Duty",
    "Event",
    "IdentityAttempt",
    "IdentityLink",
    "IdentityMatch",
    "Invitation",
    "JobSchedule",
    "MachineToken",
    "MeterMark",
    "MeterReading",
    "Municipality",
    "MunicipalityHost",
    "OwnedManager",
    "OwnedModel",
    "RegistryDoubt",
    "RegistryImport",
    "Resident",
    "Seal",
    "SealHead",
    "SealedModel",
    "SignInFailure",
    "StoredFile",
    "Unit",
    "VerifiedAttribute",
    "WebhookDelivery",
    "WebhookSubscription",
    "WorkerHeartbeat",
    "acting_for",
    "current_municipality",
    "municipality_in_scope",
    "username_of",
]
