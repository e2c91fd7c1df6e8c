"""Addresses of the cases room."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import editing, record, workflows, worklist

work_urls: list[URLPattern] = [
    path("", worklist.index, name="list"),
    path("bulk/", worklist.act, name="bulk"),
    path("undo/", worklist.take_back, name="undo"),
    path("views/", worklist.keep_view, name="views"),
    path("export.csv", worklist.export, name="export"),
    path("workflows/", workflows.index, name="workflows"),
    path("workflows/new/", workflows.new, name="workflow_new"),
    path("workflows/check/", editing.check, name="workflow_check"),
    path("workflows/simulate/", editing.simulate, name="workflow_simulate"),
    path("workflows/<slug:key>/", workflows.detail, name="workflow"),
    path("workflows/<slug:key>/edit/", workflows.edit, name="workflow_edit"),
    path("workflows/<slug:key>/save/", editing.save, name="workflow_save"),
    path("workflows/<slug:key>/publish/", workflows.publish, name="workflow_publish"),
    path("workflows/<slug:key>/retire/", workflows.retire, name="workflow_retire"),
    path("workflows/<slug:key>/file.bpmn", workflows.download, name="workflow_file"),
    path("workflows/<slug:key>/compare/", workflows.compare, name="workflow_compare"),
    path("<str:number>/", record.record, name="record"),
    path("<str:number>/presence/", record.presence, name="presence"),
    path("<str:number>/<slug:action>/", record.act, name="act"),
]
"""Under ``/work/``: the work list, the record of a case, workflows."""
