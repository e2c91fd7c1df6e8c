"""Addresses of ``/steering/reviews/``: the review cycle."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
