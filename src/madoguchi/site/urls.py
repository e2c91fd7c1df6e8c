"""All addresses of an installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from madoguchi.cases.urls import work_urls
from madoguchi.ledger.urls import pay_urls, webhook_urls
from madoguchi.ledger.urls import staff_urls as ledger_urls
from madoguchi.messaging.urls import (
    alert_urls,
    cap_urls,
    inbox_urls,
    line_urls,
    link_urls,
    message_urls,
    now_urls,
    preference_urls,
    screen_urls,
    signage_urls,
)
from madoguchi.plan.urls import public_urls, steering_urls
from madoguchi.procedures.urls import answer_urls, export_urls, my_urls, office_urls, staff_survey_urls
from madoguchi.procedures.urls import public_urls as procedure_urls
from madoguchi.procedures.urls import staff_urls as builder_urls
from madoguchi.records.urls import document_urls, verify_urls
from madoguchi.records.urls import staff_urls as records_urls

from .design import urlpatterns as design_urls
from .rest import api
from .views import errors, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("madoguchi.trust.urls.accounts")),
    path("", pages.home, name="home"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("api/", pages.api_description, name="api"),
    path("api/", api.urls),
    path("tour/", pages.tour, name="tour"),
    path("builder/", include((builder_urls, "builder"))),
    path("design/", include((design_urls, "design"))),
    path("documents/", include((document_urls, "documents"))),
    path("files/", include("madoguchi.trust.urls.files")),
    path("identity/", include("madoguchi.trust.urls.identity")),
    path("ledger/", include((ledger_urls, "ledger"))),
    path("me/", include("madoguchi.trust.urls.me")),
    path("mine/", include((my_urls, "mine"))),
    path("office/applications/", include((office_urls, "applications"))),
    path("office/exports/", include((export_urls, "exports"))),
    path("office/identity/", include("madoguchi.trust.urls.identity_office")),
    path("office/surveys/", include((staff_survey_urls, "surveys"))),
    path("operations/", include("madoguchi.trust.urls.operations")),
    path("organisation/", include("madoguchi.trust.urls.organisation")),
    path("pay/", include((pay_urls, "pay"))),
    path("plan/", include((public_urls, "plan"))),
    path("procedures/", include((procedure_urls, "procedures"))),
    path("records/", include((records_urls, "records"))),
    path("steering/", include((steering_urls, "steering"))),
    path("surveys/", include((answer_urls, "survey"))),
    path("verify/", include((verify_urls, "verify"))),
    path("webhooks/payments/", include((webhook_urls, "payment_webhooks"))),
    path("work/", include((work_urls, "work"))),
    path("cap/", include((cap_urls, "cap"))),
    path("emergency/", include((alert_urls, "emergency"))),
    path("inbox/", include((inbox_urls, "inbox"))),
    path("l/", include((link_urls, "links"))),
    path("line/", include((line_urls, "line"))),
    path("messages/", include((message_urls, "messages"))),
    path("now/", include((now_urls, "now"))),
    path("office/signage/", include((signage_urls, "signage_office"))),
    path("preferences/", include((preference_urls, "preferences"))),
    path("signage/", include((screen_urls, "signage"))),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
