"""Extension points of the trust room."""

from __future__ import annotations
