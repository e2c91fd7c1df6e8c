"""What payment providers report to us."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.kit import clock

from ..errors import SignatureError
from ..registry import payment_providers
from ..services import refuse_webhook, take_webhook

LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """
    Take one webhook. Whoever can sign is believed, nobody else; what was taken is acknowledged, also when it came before.

    The host name decides which municipality it is for.
    """
    known = payment_providers.find(provider)
    if known is None:
        raise Http404("provider")
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdecimal() and int(length) > LARGEST:
        refuse_webhook(provider=provider, reason="too_large")
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        report = known.read_webhook(headers=request.headers, body=request.body, now=clock.now())
    except SignatureError as error:
        refuse_webhook(provider=provider, reason=error.reason)
        return JsonResponse({"error": error.reason}, status=400)
    return JsonResponse({"outcome": take_webhook(provider=provider, report=report)})
