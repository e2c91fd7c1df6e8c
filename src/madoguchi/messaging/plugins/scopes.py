"""What machine tokens can be good for in the messaging room."""

from __future__ import annotations

from madoguchi.trust.api import Scope

SCOPES: tuple[Scope, ...] = ()
"""Every scope of the room."""
