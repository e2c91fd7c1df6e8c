"""Addresses of messages for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import post, sms, topics
from ..views.messages import approving, composing, listing, record, settings

message_urls: list[URLPattern] = [
    path("sms/report/", sms.report, name="sms_report"),
    path("", listing.index, name="index"),
    path("export.csv", listing.export, name="export"),
    path("new/", listing.new, name="new"),
    path("settings/", settings.settings, name="settings"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.new, name="new_topic"),
    path("topics/<slug:code>/", topics.topic, name="topic"),
    path("topics/<slug:code>/edit/", topics.edit, name="edit_topic"),
    path("topics/<slug:code>/retire/", topics.retire, name="retire_topic"),
    path("templates/<str:key>/retire/", listing.retire, name="retire_template"),
    path("<str:key>/", record.record, name="record"),
    path("<str:key>/post/", post.post, name="post"),
    path("<str:key>/post/letters.pdf", post.letters, name="letters"),
    path("<str:key>/post/addresses.csv", post.addresses, name="addresses"),
    path("<str:key>/post/posted/", post.posted, name="posted"),
    path("<str:key>/post/returned/", post.returned, name="returned"),
    path("<str:key>/progress/", record.progress, name="progress"),
    path("<str:key>/print/", record.printed, name="print"),
    path("<str:key>/deliveries.csv", record.export, name="deliveries"),
    path("<str:key>/edit/", composing.edit, name="edit"),
    path("<str:key>/live/", composing.live, name="live"),
    path("<str:key>/attachments/", composing.attach, name="attach"),
    path("<str:key>/attachments/<int:pk>/remove/", composing.detach, name="detach"),
    path("<str:key>/copy/", composing.duplicate, name="copy"),
    path("<str:key>/template/", composing.keep_template, name="template"),
    path("<str:key>/check/", approving.check, name="check"),
    path("<str:key>/approval/", approving.approval, name="approval"),
    path("<str:key>/cancel/", approving.cancel, name="cancel"),
]
"""Under ``/messages/``: staff write, approve and follow messages."""
