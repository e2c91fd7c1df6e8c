"""Identity providers: who may vouch for a person, and where."""

from __future__ import annotations

IDENTITY_ORIGINS: list[str] = []
"""Origins a form of ours may lead to (Content Security Policy ``form-action``)."""
