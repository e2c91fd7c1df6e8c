"""Addresses of ``/steering/``: the review cycle, scoring rules, re-planning, moves on the portfolio map."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from ..views import portfolio, projects, scoring
from ..views.reviews import evaluations, meeting, orders, rounds

urlpatterns: list[URLPattern] = [
    path("reviews/", rounds.round_list, name="reviews"),
    path("reviews/open/<slug:code>/", rounds.open_page, name="review_open"),
    path("reviews/<int:pk>/", rounds.round_page, name="review"),
    re_path(r"^reviews/(?P<pk>[0-9]{1,18})/(?P<action>advance|return|close)/$", rounds.step_page, name="review_step"),
    path("reviews/<int:pk>/many/", rounds.bulk, name="review_bulk"),
    path("reviews/<int:pk>/meeting/", meeting.meeting, name="meeting"),
    path("reviews/<int:pk>/pack/", meeting.pack, name="pack"),
    path("reviews/<int:pk>/frozen/", rounds.frozen_page, name="frozen"),
    path("reviews/evaluations/<int:pk>/", evaluations.sheet, name="evaluation"),
    path("reviews/orders/", orders.order_list, name="orders"),
    path("reviews/orders/<int:pk>/", orders.order_page, name="order"),
    path("reviews/rules/", scoring.rule_list, name="rules"),
    path("reviews/rules/<slug:key>/", scoring.rule_page, name="rule"),
    path("reviews/rules/<slug:key>/edit/", scoring.edit_page, name="rule_edit"),
    path("reviews/rules/<slug:key>/publish/", scoring.publish, name="rule_publish"),
    path("reviews/rules/<slug:key>/compare/", scoring.compare_page, name="rule_compare"),
    path("reviews/rules/<slug:key>/file/", scoring.rule_file, name="rule_file"),
    path("portfolio/<slug:code>/move/<int:pk>/", portfolio.move_page, name="portfolio_move"),
    path("portfolio/<slug:code>/moves/<int:pk>/undo/", portfolio.undo_page, name="portfolio_undo"),
    path("projects/<int:pk>/revise/", projects.revise_page, name="project_revise"),
    path("projects/<int:pk>/history/", projects.project_history_page, name="project_history"),
    path("history/<slug:code>/", projects.plan_history_page, name="plan_history"),
    path("changes/<int:pk>/restore/", projects.restore_page, name="restore_change"),
]
