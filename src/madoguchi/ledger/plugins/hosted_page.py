"""
A provider with a hosted page, in the manner of today's payment services: sessions over HTTPS, signed webhooks, daily files.

The wire is in ``docs/guide/ledger.md``. No card number ever reaches us (カード情報の非保持化): the payer types it at the provider.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import quote

import httpx
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from madoguchi.kit import clock
from madoguchi.kit.registry import ConfigProblem, Severity

from ..errors import ProviderError, ProviderRefusedError, SettlementError, SignatureError
from ..registry import Report, SessionAnswer, SessionOrder, SettlementRow
from ..rules.sessions import RefundFacts, SessionFacts
from ..rules.signatures import why_refused

SIGNATURE_HEADER = "Payment-Signature"
COLUMNS = ("kind", "session_id", "reference", "amount", "fee")
TRIES = 3
PAUSES = (0.2, 0.6)
LARGEST_YEN = 10**9


class RefundMessage(BaseModel):
    """A refund as the provider writes it."""

    model_config = ConfigDict(strict=True)

    id: str = Field(min_length=1, max_length=80)
    reference: str = Field(default="", max_length=80)
    amount: int = Field(ge=1, le=LARGEST_YEN)
    status: Literal["pending", "succeeded", "failed"]


class SessionMessage(BaseModel):
    """A session as the provider writes it."""

    model_config = ConfigDict(strict=True)

    id: str = Field(min_length=1, max_length=80)
    reference: str = Field(max_length=80)
    amount: int = Field(ge=1, le=LARGEST_YEN)
    currency: Literal["JPY"]
    status: Literal["created", "authorised", "captured", "failed", "expired", "cancelled"]
    method: Literal["", "card", "store", "code"] = ""
    amount_captured: int = Field(default=0, ge=0, le=LARGEST_YEN)
    captured_at: str | None = None
    url: str = Field(default="", max_length=500)
    refunds: list[RefundMessage] = Field(default_factory=list, max_length=200)
    metadata: dict[str, str] = Field(default_factory=dict)


class EventData(BaseModel):
    """What an event is about."""

    session: SessionMessage


class EventMessage(BaseModel):
    """A webhook as the provider writes it."""

    model_config = ConfigDict(strict=True)

    id: str = Field(min_length=1, max_length=80)
    type: str = Field(min_length=1, max_length=60)
    created: str
    data: EventData


class HostedPageProvider:
    """
    One contract with such a provider.

    ``url`` is its address, ``api_key`` our password there, ``webhook_secrets`` the keys it signs with (two while one is being
    changed), ``methods`` what the contract covers, ``timeout`` the seconds an answer may take.
    """

    def __init__(
        self,
        *,
        key: str,
        label: str,
        url: str,
        api_key: str,
        webhook_secrets: list[str],
        methods: tuple[str, ...] = ("card", "store", "code"),
        timeout: float = 8.0,
    ) -> None:
        self.key = key
        self.label = label
        self.methods = methods
        self._secrets = webhook_secrets
        self._url = url.rstrip("/")
        self._api_key = api_key
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 3.0))

    def create_session(self, order: SessionOrder) -> SessionAnswer:
        """Open a page to pay on; asked twice with the same reference, the same page comes back."""
        content = {
            "reference": order.reference,
            "amount": order.amount,
            "currency": "JPY",
            "description": order.title,
            "locale": order.language,
            "return_url": order.return_url,
            "callback_url": order.callback_url,
            "expires_at": order.expires_at.isoformat(),
            "pay_by": order.pay_by.isoformat() if order.pay_by else None,
            "methods": list(self.methods),
            "metadata": {"municipality": order.municipality, "number": order.number},
        }
        return self._answer(self._call("POST", "/v1/sessions", content=content, key=order.reference))

    def get_session(self, *, provider_session_id: str, reference: str) -> SessionAnswer:
        """Return what is known of a session now, by its number or, where that was lost, by our reference."""
        if provider_session_id:
            return self._answer(self._call("GET", f"/v1/sessions/{quote(provider_session_id, safe='')}"))
        return self._answer(self._call("GET", "/v1/sessions", query={"reference": reference}))

    def cancel_session(self, *, provider_session_id: str) -> SessionAnswer:
        """Close a page so that nobody can pay on it any more; a session that was paid stays so."""
        path = f"/v1/sessions/{quote(provider_session_id, safe='')}/cancel"
        return self._answer(self._call("POST", path, content={}, key=f"cancel-{provider_session_id}"))

    def refund(self, *, provider_session_id: str, reference: str, amount: int) -> SessionAnswer:
        """Give yen back; asked twice with the same reference, it is given once."""
        path = f"/v1/sessions/{quote(provider_session_id, safe='')}/refunds"
        content = {"reference": reference, "amount": amount}
        return self._answer(self._call("POST", path, content=content, key=reference))

    def settlement(self, day: date, *, municipality: str) -> bytes:
        """Return the settlement file of a day, as it is."""
        return self._call("GET", f"/v1/settlements/{day.isoformat()}", query={"municipality": municipality}).content

    def read_settlement(self, content: bytes) -> list[SettlementRow]:
        """Return the lines of a settlement file (UTF-8 CSV with a head); raises ``SettlementError`` naming the line."""
        try:
            reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
            rows = list(reader)
        except (UnicodeDecodeError, csv.Error) as error:
            raise SettlementError(_("精算ファイルを読めません（%(error)s）。") % {"error": error}) from error
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise SettlementError(
                _("精算ファイルに列がありません：%(columns)s") % {"columns": "、".join(sorted(missing))}
            )
        return [_row(place, row) for place, row in enumerate(rows, start=2)]

    def read_webhook(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Report:
        """Return what a webhook says; raises ``SignatureError`` unless it is signed by the provider, and fresh."""
        reason = why_refused(headers.get(SIGNATURE_HEADER, ""), body, secrets=self._secrets, now=now)
        if reason:
            raise SignatureError(_("通知の署名を確かめられません。"), reason=reason)
        try:
            event = EventMessage.model_validate_json(body)
            happened_at = _moment(event.created)
            return Report(
                event_id=event.id,
                kind=event.type,
                provider_session_id=event.data.session.id,
                reference=event.data.session.reference,
                amount=event.data.session.amount,
                facts=_facts(event.data.session),
                municipality=event.data.session.metadata.get("municipality", ""),
                happened_at=happened_at,
            )
        except (ValidationError, ValueError) as error:
            raise SignatureError(_("通知の内容を読めません。"), reason="unreadable") from error

    def check_config(self) -> list[ConfigProblem]:
        """Return what is wrong with the settings."""
        problems = []
        if not self._secrets or any(len(secret) < 16 for secret in self._secrets):
            problems.append(_("通知の署名の鍵がないか、短すぎます（16文字以上）。"))
        if not self._url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            problems.append(_("接続先は https:// で始まるアドレスにしてください。"))
        if not self._api_key:
            problems.append(_("接続の鍵（api_key）がありません。"))
        return [ConfigProblem(self.key, Severity.ERROR, f"{self.label}：{problem}") for problem in problems]

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
        key: str = "",
    ) -> httpx.Response:
        """Ask, and ask again with the same key while the provider is out of order; never twice without one."""
        headers = {"Authorization": f"Bearer {self._api_key}"} | ({"Idempotency-Key": key} if key else {})
        with httpx.Client(base_url=self._url, timeout=self._timeout, headers=headers) as client:
            for attempt in range(TRIES):
                try:
                    response = client.request(method, path, json=content, params=query)
                except httpx.TransportError as error:
                    failure: Exception | None = error
                else:
                    if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                        return self._judged(response)
                    failure = None
                if attempt < TRIES - 1:
                    time.sleep(PAUSES[attempt])
        raise ProviderError(
            _("決済代行会社（%(name)s）に接続できません。少し待って、もう一度お試しください。") % {"name": self.label}
        ) from failure

    def _judged(self, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            return response
        words = {"name": self.label, "code": response.status_code}
        raise ProviderRefusedError(_("決済代行会社（%(name)s）が依頼を受け付けませんでした（%(code)s）。") % words)

    def _answer(self, response: httpx.Response) -> SessionAnswer:
        try:
            session = SessionMessage.model_validate_json(response.content)
            facts = _facts(session)
        except (ValidationError, ValueError) as error:
            message = _("決済代行会社（%(name)s）の返事を読めません。") % {"name": self.label}
            raise ProviderError(message) from error
        return SessionAnswer(session.id, session.url, facts, session.reference, session.amount)


def _facts(session: SessionMessage) -> SessionFacts:
    captured_on = clock.local(_moment(session.captured_at)).date() if session.captured_at else None
    return SessionFacts(
        status=session.status,
        method=session.method,
        captured=session.amount_captured,
        captured_on=captured_on,
        refunds={refund.id: RefundFacts(refund.reference, refund.amount, refund.status) for refund in session.refunds},
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _row(place: int, row: dict[str, str]) -> SettlementRow:
    try:
        kind, amount, fee = row["kind"], int(row["amount"]), int(row["fee"])
        if kind not in ("capture", "refund") or amount <= 0 or not row["session_id"]:
            raise ValueError(kind)
    except (ValueError, TypeError) as error:
        raise SettlementError(_("精算ファイルの%(line)s行目を読めません。") % {"line": place}) from error
    return SettlementRow(kind, row["session_id"], row["reference"] or "", amount, fee)
