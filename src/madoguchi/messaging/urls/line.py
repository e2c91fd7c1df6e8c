"""Addresses of the LINE channel."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import line, line_office

line_urls: list[URLPattern] = [
    path("webhook", line.webhook, name="webhook"),
    path("link/", line.link, name="link"),
    path("read/<str:token>/", line.read, name="read"),
    path("read/<str:token>/files/<int:attachment_id>/", line.read_file, name="read_file"),
    path("office/", line_office.office, name="office"),
    path("office/menu/<str:language>.png", line_office.menu_picture, name="menu_picture"),
    path("office/menu/publish/", line_office.publish, name="publish"),
]
"""Under ``/line/``: what LINE calls, linking an account, messages for friends, and what staff see of the channel."""
