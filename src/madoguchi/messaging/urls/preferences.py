"""Addresses of preferences."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import stopping
from ..views.preferences import guests, needs, own, ways

preference_urls: list[URLPattern] = [
    path("", own.index, name="index"),
    path("topics/", own.topics, name="topics"),
    path("about/", own.about, name="about"),
    path("children/", own.children, name="children"),
    path("quiet/", own.quiet, name="quiet"),
    path("needs/", needs.needs, name="needs"),
    path("why/", own.why, name="why"),
    path("export/", own.export, name="export"),
    path("end/", own.end, name="end"),
    path("ways/", ways.ways, name="ways"),
    path("ways/order/", ways.order, name="order"),
    path("ways/add/<slug:channel>/", ways.add, name="add"),
    path("ways/<int:pk>/again/", ways.again, name="again"),
    path("ways/<int:pk>/code/", ways.code, name="code"),
    path("ways/<int:pk>/remove/", ways.remove, name="remove"),
    path("stop/<str:token>/", stopping.stop, name="stop"),
    path("confirm/<str:token>/", ways.confirm, name="confirm"),
    path("guest/", guests.guest, name="guest"),
    path("guest/sent/", guests.guest_sent, name="guest_sent"),
    path("guest/<str:token>/", guests.guest_manage, name="guest_manage"),
]
"""Under ``/preferences/``: what somebody wants to hear, and how."""
