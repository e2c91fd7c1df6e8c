"""Starting, filling in, reviewing and sending an application."""

from __future__ import annotations

from django.urls import URLPattern

applying_urls: list[URLPattern] = []
