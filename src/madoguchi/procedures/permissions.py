"""Who may do what in the procedures room: one policy object per noun."""

from __future__ import annotations

from madoguchi.trust.api import Policy

POLICIES: dict[str, Policy] = {}
"""Key (``procedures.<noun>``) → policy; registered when the application starts."""
