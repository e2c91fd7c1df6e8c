"""A person's own drafts and applications."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.mine import calendar, correction, follow, index, matter

mine_urls: list[URLPattern] = [
    path("", index.index, name="index"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/renew/", calendar.renew, name="calendar_renew"),
    path("calendar/<slug:token>.ics", calendar.feed, name="calendar_feed"),
    path("follow/", follow.follow_form, name="follow_form"),
    path("follow/<str:number>/<str:code>/", follow.follow, name="follow"),
    path("<str:number>/", matter.matter, name="matter"),
    path("<str:number>/again/", follow.again, name="again"),
    path("<str:number>/answers/", matter.answers, name="answers"),
    path("<str:number>/calendar.ics", calendar.matter_calendar, name="matter_calendar"),
    path("<str:number>/corrections/<int:pk>/", correction.correction, name="correction"),
    path("<str:number>/documents/<str:issued>/", matter.document, name="document"),
    path("<str:number>/files/<int:pk>/", matter.attached_file, name="file"),
    path("<str:number>/messages/", matter.message, name="message"),
    path("<str:number>/receipt/", matter.receipt, name="receipt"),
    path("<str:number>/receipt.pdf", matter.receipt_pdf, name="receipt_pdf"),
    path("<str:number>/withdraw/", matter.withdrawal, name="withdraw"),
]
