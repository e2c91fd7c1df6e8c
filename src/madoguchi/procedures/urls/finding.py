"""Lists, search, the finder, checklists and start pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.finding import asking, browsing, checklists, coverage, starting

finding_urls: list[URLPattern] = [
    path("", browsing.index, name="index"),
    path("events/<slug:code>/", browsing.event, name="event"),
    path("find/", asking.find, name="finder"),
    path("find/save/", checklists.save, name="save_checklist"),
    path("checklists/", checklists.open_by_number, name="checklists"),
    path("list/<str:key>/", checklists.show, name="checklist"),
    path("list/<str:key>/done/", checklists.tick, name="tick_checklist"),
    path("list/<str:key>/mail/", checklists.mail, name="mail_checklist"),
    path("list/<str:key>/start/", checklists.start, name="start_checklist"),
]
start_urls: list[URLPattern] = [
    path("<slug:code>/", starting.start, name="start"),
    path("<slug:code>/procedure.json", starting.description, name="description"),
]
"""Last, since every single word could be the code of a procedure."""
coverage_urls: list[URLPattern] = [path("coverage/", coverage.show, name="coverage")]
"""Under ``/builder/``."""
