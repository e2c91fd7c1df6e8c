"""The API of messages, for programs with a token."""

from __future__ import annotations

from .messages import router as messages_router

__all__ = ["messages_router"]
