"""What the provider of short messages calls."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope, record_event

from .. import events
from ..rules.webhooks import why_refused
from ..services.confirming import is_within
from ..services.sms import Reported, Taken, take_report

HEADER = "SMS-Signature"
LARGEST_BODY = 16_000
REFUSALS_NOTED_PER_HOUR = 60
"""Anybody can send something unsigned: no more of it than this is written down, so that nobody can fill the record."""
STATUSES = {
    "delivered": Reported.DELIVERED,
    "failed": Reported.FAILED,
    "expired": Reported.FAILED,
    "rejected": Reported.FAILED,
    "undeliverable": Reported.UNREACHABLE,
    "unknown_number": Reported.UNREACHABLE,
}


@csrf_exempt
@never_cache
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """
    Take in a delivery report: ``{"id", "reference", "status", "at", "error"}``, signed in ``SMS-Signature``.

    Answers 204 for what is settled (also what was known, or is not ours), 401 for a signature that is not good, 400 for what cannot
    be read, 503 where the provider should ask again.
    """
    body = request.body
    if len(body) > LARGEST_BODY:
        return JsonResponse({"error": "too large"}, status=413)
    secret = str(settings.SMS_PROVIDER.get("report_secret", ""))
    why = why_refused(request.headers.get(HEADER, ""), body, secrets=[secret], now=clock.now()) if secret else "off"
    if why:
        if is_within("sms_report_refused", limit=REFUSALS_NOTED_PER_HOUR):
            record_event(kind=events.SMS_REPORT_REFUSED, subject=municipality_in_scope(), data={"reason": why})
        return JsonResponse({"error": why}, status=401)
    read = _read(body)
    if read is None:
        return JsonResponse({"error": "malformed"}, status=400)
    taken = take_report(**read)
    if taken == Taken.EARLY:
        response = JsonResponse({"error": "early"}, status=503)
        response["Retry-After"] = "5"
        return response
    return HttpResponse(status=204)


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
        reported = STATUSES[content["status"]]
        at = datetime.fromisoformat(content["at"]) if content.get("at") else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if at is not None and at.tzinfo is None:
        return None
    texts = {name: _text(content.get(name)) for name in ("reference", "id", "error")}
    return {
        "reported": reported,
        "reference": texts["reference"],
        "provider_id": texts["id"],
        "error": texts["error"],
        "at": at,
    }


def _text(value: Any) -> str:
    """Return a text without what JSON can write and a database cannot keep: NUL and halves of surrogate pairs."""
    return str(value or "").encode(errors="ignore").decode().replace("\x00", "")[:120]
