"""Who may do what in the ledger room: one policy object per noun."""

from __future__ import annotations

from madoguchi.trust.api import Policy

POLICIES: dict[str, Policy] = {}
"""Key (``ledger.<noun>``) → policy; registered when the application starts."""
