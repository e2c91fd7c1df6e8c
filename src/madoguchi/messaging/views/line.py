"""What LINE calls, and the pages around it: linking an account, a message for everybody who got it."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from madoguchi.trust.api import Account, login_required
from madoguchi.trust.api import account_of as signed_in_account

from ..enums import ChannelKey, EndpointStatus, MessageKind
from ..models import Endpoint, Message
from ..plugins.line.account import LineAccount, account_of
from ..rules.line import is_signed
from ..rules.tokens import TokenError
from ..selectors.line import message_of_page
from ..selectors.reading import is_public, read_message, topic_name
from ..services.line import refuse_webhook, start_link, take_events, unlink
from .inbox.common import file_items, links_of, responsible, send_file, text_language

LARGEST = 2 * 1024 * 1024
MOST_EVENTS = 2000
SIGNATURE = "X-Line-Signature"
LONGEST_TOKEN = 300


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """
    Take what LINE tells; the host name decides which municipality it is for.

    The signature is checked over the raw body before anything of it is read. What is taken is kept and answered at once with
    200; a job does what is to be done.
    """
    account = account_of()
    if account is None:
        raise Http404("line")
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdecimal() or len(length) > 9 or int(length) > LARGEST:
        return _refused("too_large", 413)
    body = request.body
    if not is_signed(account.channel_secret, body, request.headers.get(SIGNATURE, "")):
        return _refused("signature", 401)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return _refused("unreadable", 400)
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list) or len(events) > MOST_EVENTS or not all(isinstance(one, dict) for one in events):
        return _refused("unreadable", 400)
    if account.bot_user_id and content.get("destination") != account.bot_user_id:
        return _refused("destination", 400)
    return JsonResponse({"taken": take_events(events)})


def _refused(reason: str, status: int) -> HttpResponse:
    refuse_webhook(reason=reason)
    return JsonResponse({"error": reason}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """
    Let somebody link LINE with their account: add the account as a friend, press the button there, sign in here, agree.

    With ``?linkToken=`` they come from LINE. Agreeing leads back there with a number that stands for the account for ten minutes.
    """
    line, account = account_of(), signed_in_account(request)
    if account is None:
        raise Http404("account")
    token = str(request.POST.get("linkToken") or request.GET.get("linkToken") or "")[:LONGEST_TOKEN]
    if request.method == "POST":
        return _changed(request, line, account, token)
    context = {
        "line": line,
        "is_linked": _friends(account).exists(),
        "link_token": token if line is not None else "",
        "qr": _qr(line.friend_url) if line is not None and line.friend_url else None,
        "city": request.municipality,  # type: ignore[attr-defined]
        "breadcrumbs": [
            {"label": _("トップ"), "url": "/"},
            {"label": _("お知らせの設定"), "url": reverse("preferences:index")},
            {"label": _("LINEとの連携"), "url": ""},
        ],
    }
    return render(request, "messaging/line/link.html", context)


def _changed(request: HttpRequest, line: LineAccount | None, account: Account, token: str) -> HttpResponse:
    if "unlink" in request.POST:
        if unlink(account=account):
            messages.success(
                request, _("LINEとの連携をやめました。選んだ分野のお知らせは、いままでどおりLINEに届きます。")
            )
        return redirect("line:link")
    if line is None or not token:
        messages.error(request, _("LINEの画面で「アカウント連携」を押して、もう一度はじめからお試しください。"))
        return redirect("line:link")
    nonce = start_link(account=account)
    return redirect(f"{line.link_url}?{urlencode({'linkToken': token, 'nonce': nonce})}")


def _friends(account: Account) -> Any:
    return Endpoint.objects.filter(
        recipient__account=account, channel=ChannelKey.LINE, status=EndpointStatus.ACTIVE, ended_at__isnull=True
    )


def _qr(address: str) -> Markup:
    kept = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        kept, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, nl=False, omitsize=False
    )
    return Markup(kept.getvalue().decode())  # noqa: S704 - drawn by us from an operator's setting


@never_cache
@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """Show a message that went to many by LINE, without signing in and without anybody's name."""
    message = _message_of(token)
    if is_public(message):
        return redirect("inbox:public_message", message.key)
    reading = read_message(message, text_language(request), links=links_of(message, ChannelKey.LINE))
    context = {
        "reading": reading,
        "topic": topic_name(message.topic, text_language(request)),
        "at": message.fanned_out_at,
        "is_emergency": message.kind == MessageKind.EMERGENCY,
        "files": file_items(reading, "line:read_file", token),
        "responsible": responsible(message, request),
        "breadcrumbs": [{"label": _("トップ"), "url": reverse("home")}, {"label": reading.subject, "url": ""}],
    }
    response = render(request, "messaging/inbox/public_message.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def read_file(request: HttpRequest, token: str, attachment_id: int) -> HttpResponseBase:
    """Return an attachment of such a message."""
    return send_file(_message_of(token), attachment_id)


def _message_of(token: str) -> Message:
    try:
        message = message_of_page(token)
    except TokenError:
        message = None
    if message is None or message.kind == MessageKind.NOTICE:
        raise Http404("message")
    return message
