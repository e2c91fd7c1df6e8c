"""Addresses of the catalogue, included at ``/design/``."""

from __future__ import annotations

from django.urls import path

from madoguchi.site.design import views

urlpatterns = [
    path("", views.index, name="index"),
    path("components/<slug:key>/", views.component, name="component"),
    path("all/", views.everything, name="everything"),
    path("tokens/", views.tokens, name="tokens"),
    path("pages/", views.pages, name="pages"),
    path("pages/<slug:key>/", views.page, name="page"),
    path("shells/<slug:key>/", views.shell, name="shell"),
    path("errors/<int:code>/", views.error, name="error"),
]
