"""Payment providers: who takes money for the city, and where."""

from __future__ import annotations

PAYMENT_ORIGINS: list[str] = []
"""Origins a form of ours may lead to (Content Security Policy ``form-action``)."""
