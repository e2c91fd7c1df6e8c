"""Maintenance: while a file named ``maintenance`` lies in the data folder, pages answer 503 with the time of return."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def pause_file() -> Path:
    """Return the file that pauses the installation; it may hold the time of return in ISO 8601."""
    return Path(settings.HOME) / "maintenance"


def paused_until() -> tuple[bool, datetime | None]:
    """Tell whether the installation is paused, and until when, where the file says so."""
    try:
        text = pause_file().read_text(encoding="utf-8").strip()
    except OSError:
        return False, None
    try:
        until = datetime.fromisoformat(text)
    except ValueError:
        return True, None
    return True, timezone.make_aware(until) if timezone.is_naive(until) else until
