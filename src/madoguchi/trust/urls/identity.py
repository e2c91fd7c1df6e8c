"""Addresses of identity providers; to be included under ``identity/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import identity

app_name = "identity"
urlpatterns: list[URLPattern] = [
    path("jwks.json", identity.jwks, name="jwks"),
    path("start/<slug:key>/", identity.start, name="start"),
    path("callback/<slug:key>/", identity.callback, name="callback"),
    path("received/", identity.received, name="received"),
    path("signatures/<slug:reference>/", identity.signature, name="signature"),
]
