"""What a browser asks for its notifications: the city's key, the worker, being taken in and let go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import account_of

from ..errors import MessagingError
from ..models import Recipient
from ..plugins.web_push import public_key as vapid_key
from ..registry import channels
from ..rules.push import SubscriptionError
from ..services.push import subscribe_browser, unsubscribe_browser
from ..services.recipients import recipient_of

LARGEST_BODY = 8_000
WORKER = "build/push-worker.js"


@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """Return the key a browser subscribes with; 404 while the city sends no notifications."""
    if not channels.get("web_push").is_ready():
        raise Http404
    return JsonResponse({"key": vapid_key()})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; from here it may only watch over ``/inbox/``, so no other page goes through it."""
    file = finders.find(WORKER)
    if not isinstance(file, str):
        raise Http404
    response = HttpResponse(Path(file).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take in the browser that asks: ``{"endpoint", "keys": {"p256dh", "auth"}}`` as ``PushSubscription.toJSON()`` says it."""
    recipient = _recipient(request)
    if recipient is None:
        return _problem(401, _("サインインしてから、もう一度お試しください。"))
    read = _subscription(request)
    if read is None:
        return _problem(400, _("ブラウザーの登録内容を読み取れませんでした。もう一度お試しください。"))
    address, p256dh, auth = read
    try:
        subscribe_browser(recipient=recipient, address=address, p256dh=p256dh, auth=auth, actor=account_of(request))
    except SubscriptionError as error:
        return _problem(422, _refusal(error.code))
    except MessagingError as error:
        return _problem(422, str(error))
    return HttpResponse(status=204)


def _refusal(code: str) -> str:
    if code == "host":
        return _("このブラウザーの通知サービスには対応していません。ほかの受け取り方をお選びください。")
    return _("このブラウザーの通知の鍵を使えませんでした。もう一度お試しください。")


@never_cache
@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """Let the browser that asks go: ``{"endpoint"}``."""
    recipient = _recipient(request)
    if recipient is None:
        return _problem(401, _("サインインしてから、もう一度お試しください。"))
    body = _body(request)
    address = body.get("endpoint") if body else None
    if not isinstance(address, str):
        return _problem(400, _("ブラウザーの登録内容を読み取れませんでした。もう一度お試しください。"))
    unsubscribe_browser(recipient=recipient, address=address)
    return HttpResponse(status=204)


def _recipient(request: HttpRequest) -> Recipient | None:
    account = account_of(request)
    return None if account is None else recipient_of(account=account)


def _subscription(request: HttpRequest) -> tuple[str, str, str] | None:
    body = _body(request)
    keys = body.get("keys") if body else None
    if body is None or not isinstance(keys, dict):
        return None
    found = (body.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    if not all(isinstance(part, str) and part and "\x00" not in part for part in found):
        return None
    return str(found[0]), str(found[1]), str(found[2])


def _body(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > LARGEST_BODY:
        return None
    try:
        read = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _problem(status: int, message: str) -> HttpResponse:
    return JsonResponse({"message": message}, status=status)
