"""Addresses of the operators' pages; to be included under ``operations/``."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from ..views import machines, operations

app_name = "operations"
urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="operations:status"), name="index"),
    path("status/", operations.show_status, name="status"),
    path("jobs/", operations.list_jobs, name="jobs"),
    path("jobs/<uuid:pk>/", operations.show_job, name="job"),
    path("jobs/<uuid:pk>/retry/", operations.retry_job, name="retry_job"),
    path("events/", operations.list_events, name="events"),
    path("events/verify/", operations.verify, name="verify"),
    path("machines/", machines.tokens, name="machines"),
    path("machines/tokens/issue/", machines.issue, name="issue_token"),
    path("machines/tokens/<int:pk>/revoke/", machines.revoke, name="revoke_token"),
    path("machines/webhooks/", machines.webhook_list, name="webhooks"),
    path("machines/webhooks/register/", machines.register, name="register_webhook"),
    path("machines/webhooks/<int:pk>/", machines.webhook, name="webhook"),
    path("machines/webhooks/<int:pk>/resume/", machines.resume, name="resume_webhook"),
    path("machines/webhooks/<int:pk>/remove/", machines.remove, name="remove_webhook"),
]
