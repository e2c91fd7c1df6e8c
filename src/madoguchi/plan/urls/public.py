"""Addresses of ``/plan/``: what everybody may see of the plans."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
