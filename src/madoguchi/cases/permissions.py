"""Who may do what in the cases room: one policy object per noun."""

from __future__ import annotations

from madoguchi.trust.api import Policy

POLICIES: dict[str, Policy] = {}
"""Key (``cases.<noun>``) → policy; registered when the application starts."""
