"""What goes to a push service, and what its answer means."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from madoguchi.kit import clock

from ...enums import DeliveryStatus, EndpointStatus
from ...registry import Outcome, Outgoing
from ...rules.push import (
    SubscriptionError,
    check_keys,
    decode,
    is_allowed,
    payload,
    seconds_to_live,
    topic_of,
    urgency_of,
)
from .keys import vapid

TOKEN_SECONDS = 12 * 3600
"""Push services refuse tokens for longer than a day (RFC 8292 §2)."""

RENEW_SECONDS = 3600
LONGEST_RETRY = 3600
USUAL_RETRY = 60
_tokens: dict[tuple[str, str, str], tuple[float, str]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser a message goes to: its push service's address and its keys; ``is_other`` than the delivery's own."""

    outgoing: Outgoing
    address: str
    p256dh: str
    auth: str
    is_other: bool = False


def authorization(address: str) -> str:
    """Return the Authorization header for a push service (RFC 8292 §3); one token serves an hour."""
    parts = urlsplit(address)
    audience = f"{parts.scheme}://{parts.netloc}"
    now = clock.now().timestamp()
    key = (str(settings.HOME), settings.PUSH_CONTACT, audience)
    with _lock:
        made_at, header = _tokens.get(key, (0.0, ""))
        if not header or not 0 <= now - made_at < RENEW_SECONDS:
            claims = {"aud": audience, "exp": int(now) + TOKEN_SECONDS, "sub": settings.PUSH_CONTACT}
            header = str(vapid().sign(claims)["Authorization"])
            _tokens[key] = (now, header)
    return header


def encrypted(browser: Browser) -> bytes:
    """Return the message encrypted for one browser (aes128gcm, RFC 8291); raises ``SubscriptionError`` for unusable keys."""
    check_keys(browser.p256dh, browser.auth)
    one = browser.outgoing
    said = payload(
        title=one.subject,
        text=one.gist or one.body,
        address=one.page,
        tag=one.message_key,
        language=one.language,
        is_emergency=one.is_emergency,
        is_drill=one.is_drill,
    )
    try:
        made = http_ece.encrypt(
            said,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=decode(browser.p256dh),
            auth_secret=decode(browser.auth),
            version="aes128gcm",
        )
    except ValueError:  # the point is not on the curve
        raise SubscriptionError("keys") from None
    return bytes(made)


def send(client: httpx.Client, browser: Browser) -> Outcome:
    """Send a message to one browser and return what became of it; never raises."""
    one = browser.outgoing
    if not is_allowed(browser.address, hosts=settings.PUSH_HOSTS, simulator=settings.PUSH_SIMULATOR):
        return _outcome(browser, DeliveryStatus.FAILED, "host_not_allowed")
    try:
        body = encrypted(browser)
    except SubscriptionError:
        return _outcome(browser, DeliveryStatus.FAILED, "keys", endpoint=EndpointStatus.BOUNCED)
    headers = {
        "Authorization": authorization(browser.address),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds_to_live(one.expires_at, clock.now())),
        "Urgency": urgency_of(is_emergency=one.is_emergency),
        "Topic": topic_of(one.message_key),
    }
    try:
        answer = client.post(browser.address, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _outcome(browser, DeliveryStatus.WAITING, type(error).__name__)
    return judged(browser, answer)


def judged(browser: Browser, answer: httpx.Response) -> Outcome:
    """Return what an answer means: taken, gone for good, later, or refused."""
    code = answer.status_code
    if code in (200, 201, 202, 204):
        return _outcome(browser, DeliveryStatus.SENT)
    if code in (404, 410):
        return _outcome(browser, DeliveryStatus.FAILED, f"gone_{code}", endpoint=EndpointStatus.ENDED)
    if code == 429 or code >= 500:
        return _outcome(browser, DeliveryStatus.WAITING, f"busy_{code}", retry=_retry(answer))
    return _outcome(browser, DeliveryStatus.FAILED, f"refused_{code}")


def _retry(answer: httpx.Response) -> int:
    text = answer.headers.get("Retry-After", "").strip()
    return min(int(text), LONGEST_RETRY) if text.isascii() and text.isdecimal() and len(text) < 8 else USUAL_RETRY


def _outcome(
    browser: Browser, status: DeliveryStatus, error: str = "", *, retry: int = 0, endpoint: EndpointStatus | None = None
) -> Outcome:
    return Outcome(
        browser.outgoing.delivery_id,
        status,
        error=error,
        retry_seconds=retry,
        endpoint=endpoint,
        address=browser.address if browser.is_other else "",
    )
