"""Addresses of the operators' pages; to be included under ``operations/``."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from ..views import operations

app_name = "operations"
urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="operations:status"), name="index"),
    path("status/", operations.show_status, name="status"),
    path("jobs/", operations.list_jobs, name="jobs"),
    path("jobs/<uuid:pk>/", operations.show_job, name="job"),
    path("jobs/<uuid:pk>/retry/", operations.retry_job, name="retry_job"),
    path("events/", operations.list_events, name="events"),
    path("events/verify/", operations.verify, name="verify"),
]
