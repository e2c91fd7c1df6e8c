"""Addresses of handing applications on; under ``/office/exports/`` (namespace ``exports``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import exports

core_export_urls: list[URLPattern] = [
    path("", exports.index, name="index"),
    path("new/", exports.new, name="new"),
    path("layout/", exports.layout, name="layout"),
    path("<slug:reference>/", exports.show, name="export"),
    path("<slug:reference>/keying/", exports.keying, name="keying"),
    path("<slug:reference>/results/", exports.results, name="results"),
]
