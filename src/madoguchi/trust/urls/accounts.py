"""Addresses of signing in; to be included under ``accounts/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ..views import accounts

urlpatterns: list[URLPattern | URLResolver] = [
    path("invitations/<str:token>/", accounts.accept_invitation, name="accept_invitation"),
    # Before allauth's own pages at the same addresses, whose names lead here too.
    path("login/", accounts.SignInView.as_view()),
    path("2fa/webauthn/add/", accounts.AddPasskeyView.as_view()),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
