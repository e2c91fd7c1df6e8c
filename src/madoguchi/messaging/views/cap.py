"""``/cap/``: the feed of alerts, each of them as a CAP 1.2 file, the certificate, and the door for other authorities."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from lxml import etree

from madoguchi.kit import clock
from madoguchi.trust.api import find_machine_token, municipality_in_scope

from ..enums import AlertStatus
from ..errors import ContentError
from ..models import Alert
from ..plugins.scopes import ALERTS
from ..rules.cap import MEDIA_TYPE, CapError
from ..rules.cap.checking import MOST_BYTES
from ..rules.cap.signing import SignatureError
from ..selectors.alerts import published_alerts
from ..selectors.settings import site_address
from ..services import alerts
from ..services.alerts.keys import own_certificate

ATOM = "http://www.w3.org/2005/Atom"
FOREVER = "public, max-age=31536000, immutable"
GUESSES_PER_MINUTE = 30


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer the alerts of the last month as an Atom feed, newest first; drills have a feed of their own."""
    return _feed(request, AlertStatus.ACTUAL)


@require_safe
def drills(request: HttpRequest) -> HttpResponse:
    """Answer the drills of the last month as an Atom feed."""
    return _feed(request, AlertStatus.EXERCISE)


def _feed(request: HttpRequest, status: AlertStatus) -> HttpResponse:
    found = list(published_alerts(status))
    body = _write_feed(found, status)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=10"
    return response


def _write_feed(found: list[Alert], status: AlertStatus) -> bytes:
    city, site = municipality_in_scope(), site_address()
    address = f"{site}/cap/{'feed' if status == AlertStatus.ACTUAL else 'drills'}"
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _put(root, "id", address)
    title = f"{city.name} 緊急情報（CAP 1.2）"
    _put(root, "title", title if status == AlertStatus.ACTUAL else f"【訓練】{title}")
    _put(root, "updated", _when(found[0].issued_at if found else city.created_at))
    _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", city.name)
    _link(root, rel="self", href=address, type="application/atom+xml")
    for alert in found:
        _entry(root, alert, site)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(root: etree._Element, alert: Alert, site: str) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _put(entry, "id", f"{site}/cap/{alert.key}.xml")
    _put(entry, "title", alert.contents["ja"]["headline"])
    _put(entry, "updated", _when(alert.issued_at))
    _put(entry, "summary", alert.contents["ja"].get("description") or alert.contents["ja"]["instruction"])
    _link(entry, rel="alternate", href=f"{site}/cap/{alert.key}.xml", type=MEDIA_TYPE)
    _link(entry, rel="related", href=f"{site}/now/{alert.key}/", type="text/html")
    etree.SubElement(entry, f"{{{ATOM}}}category", term=alert.msg_type)


def _put(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: etree._Element, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", attributes)


def _when(moment: datetime | None) -> str:
    return clock.local(moment or clock.now()).isoformat(timespec="seconds")


@require_safe
def document(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the signed CAP file of an alert; it never changes."""
    alert = Alert.objects.filter(key=key).exclude(issued_at=None).first()
    if alert is None:
        raise Http404
    response = HttpResponse(alert.cap_xml.encode(), content_type=MEDIA_TYPE)
    response["ETag"] = f'"{alert.key}"'
    response["Cache-Control"] = FOREVER
    return response


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Answer the certificate the CAP files are verified with (PEM)."""
    response = HttpResponse(own_certificate(), content_type="application/x-pem-file")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """
    Take a CAP message of another authority in, with a machine token of the scope ``alerts.write``.

    202 with ``{"outcome", "why", "alert"}``; 400 with ``findings`` by line; 401, 403, 413, 429 as usual. What comes in is a
    draft at most.
    """
    refusal = _refusal(request)
    if refusal is not None:
        return refusal
    try:
        taken = alerts.take_cap(data=request.body)
    except CapError as error:
        findings = [finding.as_json() for finding in error.findings]
        return _answer(400, {"detail": str(error), "findings": findings})
    except ContentError as error:
        return _answer(400, {"detail": str(error), "errors": [{"field": f, "reason": r} for f, r in error.problems]})
    except SignatureError:
        return _answer(403, {"detail": "署名がないか、信頼する証明書の署名ではないか、署名の後に変えられています。"})
    key = taken.alert.key if taken.alert is not None else None
    return _answer(202, {"outcome": taken.outcome, "why": taken.why, "alert": key})


def _refusal(request: HttpRequest) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdecimal() or len(length) > 9 or int(length) > MOST_BYTES:
        return _answer(413, {"detail": "大きすぎます。2MBまでにしてください。"})
    guesses = f"machine-guess:{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(guesses, 0) >= GUESSES_PER_MINUTE:
        return _answer(429, {"detail": "正しくないトークンが続いたため、受け付けを止めています。1分待ってください。"})
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = find_machine_token(secret=secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None
    if token is None:
        cache.add(guesses, 0, timeout=60)
        with contextlib.suppress(ValueError):
            cache.incr(guesses)
        return _answer(401, {"detail": "Authorization: Bearer に続けて、機械連携のトークンを付けてください。"})
    if ALERTS.key not in token.scopes:
        return _answer(403, {"detail": f"このトークンでは、この操作（{ALERTS.key}）はできません。"})
    return None


def _answer(status: int, body: dict[str, Any]) -> HttpResponse:
    kind = "application/problem+json" if status >= 400 else "application/json"
    content = {"status": status, **body} if status >= 400 else body
    response = HttpResponse(json.dumps(content, ensure_ascii=False), content_type=kind, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "60"
    return response
