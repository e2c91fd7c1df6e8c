"""What happens around identity providers: attempts, linking, matching, attributes, signatures."""

from .attributes import give_consent, keep_attributes, verified_attributes, withdraw_consent

__all__ = [
    "give_consent",
    "keep_attributes",
    "verified_attributes",
    "withdraw_consent",
]
