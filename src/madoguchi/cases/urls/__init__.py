"""Addresses of the cases room."""

from __future__ import annotations

from django.urls import URLPattern

work_urls: list[URLPattern] = []
"""Under ``/work/``: the work list, the record of a case, workflows."""
