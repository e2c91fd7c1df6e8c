"""What the provider is asked, and what its answer means."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import httpx
from django.conf import settings
from django.urls import reverse

from ...enums import DeliveryStatus, EndpointStatus
from ...registry import Outcome, Outgoing
from ...rules.sms import LONGEST, compose, filled, look_up, national

LONGEST_RETRY, USUAL_RETRY = 3600, 60


def contract() -> dict[str, Any]:
    """Return the contract with the provider (``site/settings_sms.py``); empty while the channel is off."""
    found: dict[str, Any] = settings.SMS_PROVIDER
    return found


def text_of(outgoing: Outgoing) -> str:
    """Return the short message of a delivery."""
    return compose(outgoing.short or outgoing.subject, outgoing.page, longest=int(contract().get("longest", LONGEST)))


def idempotency_key(outgoing: Outgoing) -> str:
    """Return what tells the provider that the same delivery comes again after a crash."""
    return f"{outgoing.message_key}-{outgoing.delivery_id}"


def send(client: httpx.Client, outgoing: Outgoing) -> Outcome:
    """Hand one short message to the provider and return what became of it; never raises for a provider that is away."""
    agreed = contract()
    values = {
        "to": national(outgoing.address) if agreed.get("national") else outgoing.address,
        "text": text_of(outgoing),
        "sender": str(agreed.get("sender", "")),
        "reference": str(outgoing.delivery_id),
        "report_url": urljoin(outgoing.page, reverse("messages:sms_report")),
    }
    fields = filled(agreed["fields"], values)
    body: dict[str, Any] = {"json": fields} if agreed.get("encoding", "json") == "json" else {"data": fields}
    headers = {
        **{str(name): str(value) for name, value in agreed.get("headers", {}).items()},
        "Authorization": f"Bearer {agreed['token']}",
        str(agreed.get("idempotency_header", "Idempotency-Key")): idempotency_key(outgoing),
    }
    try:
        answer = client.request(str(agreed.get("method", "POST")), str(agreed["url"]), headers=headers, **body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(outgoing.delivery_id, DeliveryStatus.WAITING, error=type(error).__name__)
    return judged(outgoing, answer)


def judged(outgoing: Outgoing, answer: httpx.Response) -> Outcome:
    """Return what an answer means: taken, later, a number that does not exist, or refused."""
    pk, code = outgoing.delivery_id, answer.status_code
    if code == 429 or code >= 500 or code in (401, 403):
        # A wrong password is the operator's to mend: messages wait for it, and the status page says so.
        return Outcome(pk, DeliveryStatus.WAITING, error=f"busy_{code}", retry_seconds=_retry(answer))
    content = _content(answer)
    if 200 <= code < 300 and _succeeded(content):
        number = look_up(content, str(contract().get("id_path", "")))
        return Outcome(pk, DeliveryStatus.SENT, provider_id=str(number)[:120] if isinstance(number, str | int) else "")
    if code in (400, 404, 422):
        return Outcome(pk, DeliveryStatus.FAILED, error=f"number_{code}", endpoint=EndpointStatus.BOUNCED)
    return Outcome(pk, DeliveryStatus.FAILED, error=f"refused_{code}")


def _content(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _succeeded(content: Any) -> bool:
    wanted = contract().get("success")
    if not isinstance(wanted, dict):
        return True
    return look_up(content, str(wanted.get("path", ""))) in wanted.get("values", [])


def _retry(answer: httpx.Response) -> int:
    text = answer.headers.get("Retry-After", "").strip()
    return min(int(text), LONGEST_RETRY) if text.isascii() and text.isdecimal() and len(text) < 8 else USUAL_RETRY
