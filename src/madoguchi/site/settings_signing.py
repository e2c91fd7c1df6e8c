"""Seals: keys, certificates, time stamps, revocation."""

from __future__ import annotations
