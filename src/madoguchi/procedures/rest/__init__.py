"""The API of procedures (for everybody) and of applications (for programs with a token)."""

from __future__ import annotations

from .applications import router as applications_router
from .definitions import router as procedures_router

__all__ = ["applications_router", "procedures_router"]
