"""Background jobs of the plan room."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from .services import measuring


@job(label=N_("指標の自動計測"), every=timedelta(days=1))
def measure_indicators() -> int:
    """Measure the indicators that are bound to meters."""
    return measuring.measure_indicators()
