"""Other systems: which addresses may be told of events."""

from __future__ import annotations

import os

WEBHOOK_HOSTS = frozenset(
    host.strip().lower() for host in os.environ.get("MADOGUCHI_WEBHOOK_HOSTS", "").split(",") if host.strip()
)
"""Hosts (``host`` or ``host:port``) that webhooks may go to; empty: none leaves the installation."""
