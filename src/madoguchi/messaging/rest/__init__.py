"""The API of messages: topics for everybody, messages for programs with a token."""

from __future__ import annotations

from ninja import Router

from .messages import router as programs_router
from .topics import router as topics_router

messages_router = Router()
# Topics come first: what follows takes any word for the key of a message.
messages_router.add_router("", topics_router)
messages_router.add_router("", programs_router)

__all__ = ["messages_router"]
