"""Addresses of stored files; to be included under ``files/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import files

app_name = "files"
urlpatterns: list[URLPattern] = [path("<int:pk>/", files.download, name="download")]
