"""Addresses of ``/steering/``: overview, attention, tree, portfolio, timeline, comparison."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import steering

urlpatterns: list[URLPattern] = [
    path("", steering.overview, name="overview"),
    path("attention/", steering.attention_page, name="attention"),
    path("tree/", steering.tree_page, name="tree"),
    path("indicators/", steering.indicators, name="indicators"),
    path("portfolio/<slug:code>/", steering.portfolio_page, name="portfolio"),
    path("timeline/<slug:code>/", steering.timeline_page, name="timeline"),
    path("compare/", steering.comparison, name="compare"),
]
