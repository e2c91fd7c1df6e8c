"""Making, testing and publishing procedures."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.builder import editing, listing, preview, publishing, testing

builder_urls: list[URLPattern] = [
    path("", listing.index, name="index"),
    path("new/", listing.create, name="new"),
    path("new/library/", listing.library, name="library"),
    path("new/file/", listing.take_file, name="import"),
    path("new/copy/", listing.copy, name="copy"),
    path("<slug:code>/", editing.home, name="home"),
    path("<slug:code>/check/", publishing.check, name="check"),
    path("<slug:code>/compare/", publishing.compare_versions, name="compare"),
    path("<slug:code>/publish/", publishing.publish, name="publish"),
    path("<slug:code>/versions/", publishing.versions, name="versions"),
    path("<slug:code>/versions/act/", publishing.act, name="act"),
    path("<slug:code>/versions/<int:number>/file/", publishing.export, name="export"),
    path("<slug:code>/preview/", preview.preview, name="preview"),
    path("<slug:code>/keep-test/", testing.keep_test, name="keep_test"),
    path("<slug:code>/diagram/", testing.diagram, name="diagram"),
    path("<slug:code>/workflow/", testing.take_workflow, name="workflow"),
    path("<slug:code>/<slug:name>/", editing.section, name="section"),
    path("<slug:code>/<slug:name>/edit/", editing.edit, name="edit"),
    path("<slug:code>/<slug:name>/travel/", editing.travel, name="travel"),
]
