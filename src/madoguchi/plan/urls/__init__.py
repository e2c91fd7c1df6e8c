"""Addresses of the plan room: ``public`` under ``/plan/``, the others under ``/steering/``."""

from __future__ import annotations

from madoguchi.plan.rest import router as api_router

from . import actuals, drafts, printing, public, reviews, steering

public_urls = [*public.urlpatterns, *printing.urlpatterns]
steering_urls = [*steering.urlpatterns, *drafts.urlpatterns, *actuals.urlpatterns, *reviews.urlpatterns]

__all__ = ["api_router", "public_urls", "steering_urls"]
