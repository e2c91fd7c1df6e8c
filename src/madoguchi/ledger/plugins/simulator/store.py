"""What the simulated provider knows: sessions, refunds, keys it has seen, faults it was asked for."""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
LIVE = ("created", "authorised")
FEE_RATES = {"card": (325, 10_000), "code": (250, 10_000)}
STORE_FEE = 120


class RefusedRequestError(Exception):
    """The provider says no: an HTTP status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Session:
    """One session at the provider; times are ISO 8601 with zone."""

    id: str
    reference: str
    amount: int
    description: str
    locale: str
    return_url: str
    callback_url: str
    expires_at: str
    pay_by: str | None
    methods: list[str]
    metadata: dict[str, str]
    status: str = "created"
    method: str = ""
    amount_captured: int = 0
    captured_at: str | None = None
    store_number: str = ""
    refunds: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def message(self, base_url: str) -> dict[str, Any]:
        """Return the session as the interface writes it."""
        return {
            "id": self.id,
            "reference": self.reference,
            "amount": self.amount,
            "currency": "JPY",
            "status": self.status,
            "method": self.method,
            "amount_captured": self.amount_captured,
            "captured_at": self.captured_at,
            "url": f"{base_url}/pay/{self.id}",
            "refunds": [
                {key: refund[key] for key in ("id", "reference", "amount", "status")} for refund in self.refunds
            ],
            "metadata": dict(self.metadata),
        }


class Store:
    """All sessions, safe for threads; with ``path`` they outlive the process."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.sessions: dict[str, Session] = {}
        self.faults: dict[str, list[str]] = {}
        self.settlement_changes: list[dict[str, Any]] = []
        self._path = path
        if path is not None and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.sessions = {entry["id"]: Session(**entry) for entry in kept}

    def save(self) -> None:
        """Write the sessions down, if a file was given."""
        if self._path is not None:
            beside = self._path.with_suffix(".new")
            beside.write_text(json.dumps([asdict(one) for one in self.sessions.values()]), encoding="utf-8")
            beside.replace(self._path)

    def forget(self) -> None:
        """Begin anew: no sessions, no faults."""
        with self.lock:
            self.sessions.clear()
            self.faults.clear()
            self.settlement_changes = []
            self.save()

    def fault(self, place: str) -> str:
        """Return the next fault asked for at a place of the interface, and forget it."""
        with self.lock:
            waiting = self.faults.get(place, [])
            return waiting.pop(0) if waiting else ""

    def create(self, content: dict[str, Any]) -> tuple[Session, bool]:
        """Make a session, or return the one with the same key; 409 when the same key asks for something else."""
        with self.lock:
            for known in self.sessions.values():
                if known.reference == content["reference"]:
                    if known.amount != content["amount"]:
                        raise RefusedRequestError(409, "同じキーで、別の内容の依頼です。")
                    return known, False
            session = Session(
                id=f"ps_{secrets.token_hex(10)}",
                reference=str(content["reference"]),
                amount=_amount(content["amount"]),
                description=str(content["description"])[:200],
                locale=str(content.get("locale", "ja")),
                return_url=str(content["return_url"]),
                callback_url=str(content["callback_url"]),
                expires_at=str(content["expires_at"]),
                pay_by=content.get("pay_by"),
                methods=list(content.get("methods") or ["card"]),
                metadata={str(key): str(value) for key, value in dict(content.get("metadata") or {}).items()},
                faults=self.faults.pop("sessions", []),
            )
            self.sessions[session.id] = session
            self.save()
            return session, True

    def get(self, session_id: str) -> Session:
        """Return a session; 404 where there is none."""
        with self.lock:
            if session_id not in self.sessions:
                raise RefusedRequestError(404, "このセッションはありません。")
            return self.sessions[session_id]

    def by_reference(self, reference: str) -> Session:
        """Return a session by the customer's reference; 404 where there is none."""
        with self.lock:
            for session in self.sessions.values():
                if session.reference == reference:
                    return session
        raise RefusedRequestError(404, "この照会番号のセッションはありません。")

    def expire(self, now: datetime) -> list[Session]:
        """Close the sessions whose time is over and return them."""
        with self.lock:
            over = [one for one in self.sessions.values() if one.status in LIVE and now >= end_of(one)]
            for session in over:
                session.status = "expired"
            if over:
                self.save()
            return over

    def authorise(self, session: Session, method: str) -> None:
        """Note that the payer has agreed (card) or has a number for a shop."""
        with self.lock:
            self._require_live(session)
            session.status, session.method = "authorised", method
            if method == "store":
                session.store_number = "".join(secrets.choice("0123456789") for _place in range(12))
            self.save()

    def capture(self, session: Session, method: str, *, amount: int | None = None) -> None:
        """Take the money."""
        with self.lock:
            self._require_live(session)
            session.status, session.method = "captured", method
            session.amount_captured = session.amount if amount is None else amount
            session.captured_at = datetime.now(UTC).isoformat()
            self.save()

    def cancel(self, session: Session) -> bool:
        """Close a session that is open; tell whether it was."""
        with self.lock:
            if session.status not in LIVE:
                return False
            session.status = "cancelled"
            self.save()
            return True

    def refund(self, session: Session, reference: str, amount: int) -> tuple[dict[str, Any], bool]:
        """Give money back, once per reference; 409 for more than was taken."""
        with self.lock:
            for known in session.refunds:
                if reference and known["reference"] == reference:
                    return known, False
            given = sum(one["amount"] for one in session.refunds if one["status"] == "succeeded")
            if session.status != "captured" or _amount(amount) + given > session.amount_captured:
                raise RefusedRequestError(409, "返金できる金額を超えています。")
            refund = {
                "id": f"re_{secrets.token_hex(10)}",
                "reference": reference,
                "amount": amount,
                "status": "succeeded",
                "at": datetime.now(UTC).isoformat(),
            }
            session.refunds.append(refund)
            self.save()
            return refund, True

    def _require_live(self, session: Session) -> None:
        if session.status not in LIVE:
            raise RefusedRequestError(409, "この支払い画面は、すでに終わっています。")

    def settlement(self, day: date, municipality: str) -> list[dict[str, Any]]:
        """Return the lines of a day: captures with their fee, refunds; changed as it was asked for."""
        with self.lock:
            lines = [
                line
                for session in self.sessions.values()
                if not municipality or session.metadata.get("municipality") == municipality
                for line in _lines(session, day)
            ]
            for change in self.settlement_changes:
                lines = _changed(lines, change)
            return lines


def _lines(session: Session, day: date) -> list[dict[str, Any]]:
    lines = []
    if session.captured_at and _day_of(session.captured_at) == day:
        fee = fee_of(session.method, session.amount_captured)
        lines.append(_line("capture", session, session.reference, session.amount_captured, fee))
    lines.extend(
        _line("refund", session, refund["reference"] or refund["id"], refund["amount"], 0)
        for refund in session.refunds
        if refund["status"] == "succeeded" and _day_of(refund["at"]) == day
    )
    return lines


def _line(kind: str, session: Session, reference: str, amount: int, fee: int) -> dict[str, Any]:
    return {"kind": kind, "session_id": session.id, "reference": reference, "amount": amount, "fee": fee}


def _changed(lines: list[dict[str, Any]], change: dict[str, Any]) -> list[dict[str, Any]]:
    if "omit" in change:
        return [line for line in lines if line["session_id"] != change["omit"]]
    if "add" in change:
        return [*lines, change["add"]]
    return [line | change["set"] if line["session_id"] == change["session_id"] else line for line in lines]


def fee_of(method: str, amount: int) -> int:
    """Return the provider's fee in yen, cut to whole yen."""
    if method == "store":
        return STORE_FEE
    part, whole = FEE_RATES[method]
    return amount * part // whole


def end_of(session: Session) -> datetime:
    """Return when a session closes: the page's end, or for a shop's number the end of the last day."""
    if session.method == "store" and session.pay_by:
        return datetime.combine(date.fromisoformat(session.pay_by) + timedelta(days=1), datetime.min.time(), TOKYO)
    return datetime.fromisoformat(session.expires_at)


def _day_of(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(TOKYO).date()


def _amount(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise RefusedRequestError(400, "金額は1円以上の整数です。")
    return value
