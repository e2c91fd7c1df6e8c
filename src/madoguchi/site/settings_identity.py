"""Identity providers: who may vouch for a person, and where."""

from __future__ import annotations

IDENTITY_ORIGINS: list[str] = []
"""Origins a form of ours may lead to (Content Security Policy ``form-action``)."""

IDENTITY_FRESH_MINUTES = 15
"""Minutes for which a provider's word is enough to send something."""
