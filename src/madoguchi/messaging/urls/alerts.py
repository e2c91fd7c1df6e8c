"""Addresses of emergencies."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import cap, now
from ..views.alerts import index, people, reports, rules, saying, telegrams

alert_urls: list[URLPattern] = [
    path("", index.index, name="index"),
    path("new/", saying.new, name="new"),
    path("drill/", saying.new_drill, name="new_drill"),
    path("people/", people.register, name="register"),
    path("people/<int:pk>/<str:action>/", people.need, name="need"),
    path("alerts/<str:key>/", reports.alert, name="alert"),
    path("alerts/<str:key>/words/", saying.words, name="words"),
    path("alerts/<str:key>/discard/", saying.discard, name="discard"),
    path("alerts/<str:key>/confirm/", saying.confirm, name="confirm"),
    path("alerts/<str:key>/update/", saying.update, name="update"),
    path("alerts/<str:key>/end/", saying.end, name="end"),
    path("alerts/<str:key>/minutes.csv", reports.export, name="export"),
    path("alerts/<str:key>/calls/", people.calls, name="calls"),
    path("alerts/<str:key>/calls/<int:pk>/<str:action>/", people.call, name="call"),
    path("rules/", rules.index, name="rules"),
    path("rules/add/", rules.edit, name="rule_add"),
    path("rules/copy/", rules.copy, name="rules_copy"),
    path("rules/place/", rules.place, name="rules_place"),
    path("rules/try/", rules.trial, name="rules_try"),
    path("rules/<int:pk>/", rules.edit, name="rule"),
    path("rules/<int:pk>/delete/", rules.delete, name="rule_delete"),
    path("telegrams/", telegrams.log, name="telegrams"),
    path("telegrams/<str:key>/", telegrams.one, name="telegram"),
    path("telegrams/<str:key>/raw.xml", telegrams.raw, name="telegram_raw"),
]
"""Under ``/emergency/``: what staff do in an emergency."""

cap_urls: list[URLPattern] = [
    path("feed", cap.feed, name="feed"),
    path("drills", cap.drills, name="drills"),
    path("certificate.pem", cap.certificate, name="certificate"),
    path("in/", cap.receive, name="receive"),
    path("<str:key>.xml", cap.document, name="document"),
]
"""Under ``/cap/``: the feed of alerts and each of them as CAP 1.2."""

now_urls: list[URLPattern] = [
    path("ok/<str:token>/", now.acknowledge, name="acknowledge"),
    path("<str:key>/", now.page, name="page"),
]
"""Under ``/now/``: what every open page asks for (answered by the middleware), and an alert for everybody."""
