"""Permission as one policy object per noun: everything about who may do what to it stands in one place."""

from .base import (
    Policy,
    Rule,
    account_of,
    all_of,
    any_of,
    anybody,
    has_role,
    in_unit_of,
    is_self,
    is_staff,
    login_required,
    nobody,
    permission_required,
    roles_of,
    signed_in,
)
from .identity import attribute_policy, delegation_policy, identity_policy
from .machines import machine_policy
from .policies import account_policy, duty_policy, operations_policy, resident_policy, unit_policy

__all__ = [
    "Policy",
    "Rule",
    "account_of",
    "account_policy",
    "all_of",
    "any_of",
    "anybody",
    "attribute_policy",
    "delegation_policy",
    "duty_policy",
    "has_role",
    "identity_policy",
    "in_unit_of",
    "is_self",
    "is_staff",
    "login_required",
    "machine_policy",
    "nobody",
    "operations_policy",
    "permission_required",
    "resident_policy",
    "roles_of",
    "signed_in",
    "unit_policy",
]
