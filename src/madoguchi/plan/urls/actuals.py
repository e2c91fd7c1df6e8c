"""Addresses of ``/steering/``: actual values, ways of measuring, tokens, owners, the check of plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.actuals import approving, checking, entering, measuring, spreadsheets

urlpatterns: list[URLPattern] = [
    path("actuals/", entering.work_list, name="actuals"),
    path("actuals/approvals/", approving.approvals, name="actual_approvals"),
    path("actuals/approvals/undo/", approving.undo, name="actual_undo"),
    path("actuals/csv/", spreadsheets.upload, name="actual_csv"),
    path("actuals/csv/template/", spreadsheets.download, name="actual_template"),
    path("actuals/csv/confirm/", spreadsheets.confirm, name="actual_csv_confirm"),
    path("actuals/<int:pk>/", approving.detail, name="actual"),
    path("actuals/<int:pk>/approve/", approving.approve, name="actual_approve"),
    path("actuals/<int:pk>/return/", approving.send_back, name="actual_return"),
    path("actuals/<int:pk>/evidence/", entering.evidence_file, name="actual_evidence"),
    path("indicators/<int:pk>/", entering.history, name="indicator_actuals"),
    path("indicators/<int:pk>/enter/", entering.enter, name="actual_enter"),
    path("indicators/<int:pk>/binding/", measuring.binding, name="binding"),
    path("indicators/<int:pk>/measure/", measuring.measure_now, name="measure_now"),
    path("indicators/<int:pk>/evidence/", measuring.drill_down, name="indicator_evidence"),
    path("indicators/<int:pk>/tokens/", measuring.tokens, name="tokens"),
    path("indicators/<int:pk>/owner/", measuring.owner, name="owner"),
    path("tokens/<int:pk>/revoke/", measuring.revoke, name="token_revoke"),
    path("owners/", measuring.owners, name="owners"),
    path("lint/", checking.lint, name="lint"),
]
