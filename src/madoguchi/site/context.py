"""What every page may use: the municipality, the account, the language, navigation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from madoguchi.kit import clock


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the shells."""
    return {
        "municipality": getattr(request, "municipality", None),
        "account": getattr(request, "user", None),
        "demonstration": settings.DEMONSTRATION,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "languages": settings.LANGUAGES,
        "today": clock.today(),
    }
