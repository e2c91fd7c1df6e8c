"""Surveys (アンケート) and public comment."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.surveys import answering, desk, draw, entry, listing, overview, public, questions, results

survey_urls: list[URLPattern] = [
    path("", listing.index, name="index"),
    path("new/", listing.new, name="new"),
    path("new/sample/", listing.from_sample, name="from_sample"),
    path("new/file/", listing.take_file, name="take_file"),
    path("<slug:code>/", overview.survey, name="survey"),
    path("<slug:code>/move/<slug:to>/", overview.move, name="move"),
    path("<slug:code>/returned/", overview.returned, name="returned"),
    path("<slug:code>/settings/", overview.settings, name="settings"),
    path("<slug:code>/questions/", questions.questions, name="questions"),
    path("<slug:code>/preview/", questions.preview, name="preview"),
    path("<slug:code>/export/", questions.export, name="export"),
    path("<slug:code>/draw/", draw.draw, name="draw"),
    path("<slug:code>/draw/invitations.csv", draw.invitations, name="invitations"),
    path("<slug:code>/draw/letters/", draw.letters, name="letters"),
    path("<slug:code>/entry/", entry.entry, name="entry"),
    path("<slug:code>/check/", entry.check, name="check"),
    path("<slug:code>/check/<int:pk>/", entry.settle, name="settle"),
    path("<slug:code>/sheets/", entry.sheets, name="sheets"),
    path("<slug:code>/sheets/<int:pk>/", entry.sheet, name="sheet"),
    path("<slug:code>/sheets/<int:pk>/judge/", entry.judge, name="judge"),
    path("<slug:code>/results/", results.results, name="results"),
    path("<slug:code>/results/cross/", results.cross, name="cross"),
    path("<slug:code>/results/answers.csv", results.answers_file, name="answers_file"),
    path("<slug:code>/results/tables.csv", results.tables_file, name="tables_file"),
    path("<slug:code>/results/written/<slug:question>/", results.written, name="written"),
    path("<slug:code>/desk/", desk.desk, name="desk"),
    path("<slug:code>/desk/gather/", desk.gather, name="gather"),
    path("<slug:code>/desk/<int:pk>/", desk.reply, name="reply"),
]

public_survey_urls: list[URLPattern] = [
    path("", public.index, name="index"),
    path("<slug:code>/", answering.start, name="start"),
    path("<slug:code>/i/<str:invitation>/", answering.invited, name="invited"),
    path("<slug:code>/answer/<slug:step>/", answering.step, name="step"),
    path("<slug:code>/confirm/", answering.confirm, name="confirm"),
    path("<slug:code>/thanks/", answering.thanks, name="thanks"),
    path("<slug:code>/discard/", answering.discard, name="discard"),
    path("<slug:code>/results/", public.results, name="results"),
]
