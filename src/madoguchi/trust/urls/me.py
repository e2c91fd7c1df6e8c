"""Addresses of one's own account; to be included under ``me/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import accounts

app_name = "me"
urlpatterns: list[URLPattern] = [
    path("", accounts.me, name="index"),
    path("details/", accounts.my_details, name="details"),
    path("sessions/", accounts.my_sessions, name="sessions"),
    path("sessions/others/end/", accounts.end_my_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", accounts.end_my_session, name="end_session"),
    path("activity/", accounts.my_activity, name="activity"),
]
