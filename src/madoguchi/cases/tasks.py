"""Background jobs of the cases room."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from .services import timing


@job(label=N_("業務フローのタイマー"), every=timedelta(minutes=1))
def fire_timers() -> int:
    """Let the timers of workflows that are due fire."""
    return timing.due_timers()


@job(label=N_("期限を過ぎた案件の確認"), every=timedelta(hours=1))
def raise_overdue() -> int:
    """Raise the priority of cases whose due date has passed."""
    return timing.raise_overdue()
