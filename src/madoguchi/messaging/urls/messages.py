"""Addresses of messages for staff."""

from __future__ import annotations

from django.urls import URLPattern

message_urls: list[URLPattern] = []
"""Under ``/messages/``: staff write, approve and follow messages."""
