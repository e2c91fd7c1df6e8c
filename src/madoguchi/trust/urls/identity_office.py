"""Addresses of staff's pages about identity and delegations; to be included under ``office/identity/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import identity_office

app_name = "identity_office"
urlpatterns: list[URLPattern] = [
    path("", identity_office.index, name="index"),
    path("matches/", identity_office.matches, name="matches"),
    path("matches/<int:pk>/", identity_office.match, name="match"),
    path("delegations/", identity_office.delegations, name="delegations"),
    path("delegations/register/", identity_office.register, name="register"),
    path("delegations/<slug:reference>/", identity_office.delegation, name="delegation"),
    path("delegations/<slug:reference>/revoke/", identity_office.revoke, name="revoke_delegation"),
]
