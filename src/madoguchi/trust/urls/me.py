"""Addresses of one's own account; to be included under ``me/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import accounts, me_delegations, me_identity

app_name = "me"
urlpatterns: list[URLPattern] = [
    path("", accounts.me, name="index"),
    path("details/", accounts.my_details, name="details"),
    path("sessions/", accounts.my_sessions, name="sessions"),
    path("sessions/others/end/", accounts.end_my_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", accounts.end_my_session, name="end_session"),
    path("activity/", accounts.my_activity, name="activity"),
    path("identity/", me_identity.identity, name="identity"),
    path("identity/<int:pk>/unlink/", me_identity.unlink, name="unlink"),
    path("information/", me_identity.information, name="information"),
    path("information/download/", me_identity.download, name="download_information"),
    path("consents/<int:pk>/withdraw/", me_identity.withdraw, name="withdraw_consent"),
    path("delegations/", me_delegations.delegations, name="delegations"),
    path("delegations/offer/", me_delegations.offer, name="offer_delegation"),
    path("delegations/accept/", me_delegations.accept, name="accept_delegation"),
    path("delegations/<slug:reference>/", me_delegations.delegation, name="delegation"),
    path("delegations/<slug:reference>/revoke/", me_delegations.revoke, name="revoke_delegation"),
]
