"""Look-ups of the form."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import lookups

lookup_urls: list[URLPattern] = [
    path("lookup/postal/", lookups.postal, name="lookup-postal"),
    path("lookup/bank/", lookups.bank, name="lookup-bank"),
]
