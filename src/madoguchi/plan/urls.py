"""Addresses of the plan room."""

from __future__ import annotations

from .rest import router as api_router

__all__ = ["api_router"]
