"""Making, testing and publishing procedures."""

from __future__ import annotations

from django.urls import URLPattern

builder_urls: list[URLPattern] = []
