"""What is known of telegrams, of the rules in force, and of where a municipality lies."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from ..models import AlertPlace, AlertRule, Telegram
from ..rules.telegram_defaults import SHIPPED_RULES
from ..rules.telegram_rules import Home, Rule


def home_of(municipality: Any) -> Home:
    """Return where a municipality lies; within its scope."""
    places = frozenset(AlertPlace.objects.values_list("layer", "code"))
    return Home(code=municipality.code[:5], name=municipality.name, places=places)


def rules_in_force() -> tuple[Rule, ...]:
    """Return the rules of the municipality in scope: its own, or those shipped where it has none."""
    return tuple(rule.to_rule() for rule in AlertRule.objects.all()) or SHIPPED_RULES


def search_telegrams(*, text: str = "", outcome: str = "", level: str = "", status: str = "") -> QuerySet[Telegram]:
    """Return telegrams by words of title or headline, outcome, gravity and state, the newest first, without their bytes."""
    found = Telegram.objects.defer("raw")
    for word in text.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(head_title__icontains=word)
            | Q(headline__icontains=word)
            | Q(kind__iexact=word)
            | Q(event_id=word)
            | Q(office__icontains=word)
        )
    chosen = {"outcome": outcome, "level": level, "status": status}
    return found.filter(**{name: value for name, value in chosen.items() if value})
