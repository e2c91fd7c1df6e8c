"""Addresses of ``/plan/``: what everybody may see of the plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import comparing, public

urlpatterns: list[URLPattern] = [
    path("", public.index, name="index"),
    path("search/", public.search_page, name="search"),
    path("compare/", comparing.concepts, name="compare"),
    path("compare/<slug:key>/", comparing.concept, name="concept"),
    path("<slug:code>/", public.plan_page, name="plan"),
    path("<slug:code>/goals/<int:pk>/", public.goal, name="goal"),
    path("<slug:code>/measures/<int:pk>/", public.measure, name="measure"),
    path("<slug:code>/projects/", public.projects, name="projects"),
    path("<slug:code>/projects/<int:pk>/", public.project, name="project"),
    path("<slug:code>/indicators/", public.indicators, name="indicators"),
    path("<slug:code>/indicators/<int:pk>/", public.indicator, name="indicator"),
    path("<slug:code>/timeline/", public.timeline_page, name="timeline"),
    path("<slug:code>/portfolio/", public.portfolio_page, name="portfolio"),
    path("<slug:code>/results/", public.results, name="results"),
    path("<slug:code>/history/", public.history, name="history"),
]
