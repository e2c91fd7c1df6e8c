"""The API of the plan room: what is published, for everybody, and values pushed by outside systems."""

from __future__ import annotations

from ninja import Router

from .published import router as published_router
from .push import router as push_router

router = Router(tags=["plan"])
router.add_router("", published_router)
router.add_router("", push_router)

__all__ = ["router"]
