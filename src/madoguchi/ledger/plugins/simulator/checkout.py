"""What the payer does at the simulated provider: cards with their outcomes, shops, codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from .delivery import WEBHOOK_FAULTS, Delivery
from .store import LIVE, Session, Store

CARDS = {
    "4242424242424242": "success",
    "4000000000000002": "declined",
    "4000000000009995": "insufficient",
    "4000000000003220": "challenge",
}
CARD_WORDS = {
    "success": "支払いが成立します",
    "declined": "カード会社が断ります",
    "insufficient": "残高が足りません",
    "challenge": "本人認証（3Dセキュア）の画面に進みます",
}
CHALLENGE_CODE = "123456"
REFUSALS = {
    "declined": "カード会社がこのカードでの支払いを承認しませんでした。別のカードか、ほかの支払方法をお試しください。",
    "insufficient": "利用できる残高が足りません。別のカードか、ほかの支払方法をお試しください。",
}
_WIDE = str.maketrans("０１２３４５６７８９／", "0123456789/")


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer: the id of the field and a sentence."""

    field: str
    message: str


class Checkout:
    """The counter of the provider: every step a payer can take."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        self.store = store
        self.delivery = delivery

    def card(self, session: Session, answers: dict[str, str]) -> list[Problem] | str:
        """Pay by card: the problems found, ``challenge`` when the holder must prove who he is, or ``done``."""
        number = re.sub(r"[\s\-ー－]", "", answers.get("number", "").translate(_WIDE))
        problems = _check_card(number, answers)
        if problems:
            return problems
        outcome = CARDS[number]
        if outcome in REFUSALS:
            self.delivery.send(session, "payment.declined")
            return [Problem("number", REFUSALS[outcome])]
        if outcome == "challenge":
            return "challenge"
        self.finish(session, "card")
        return "done"

    def challenge(self, session: Session, code: str) -> list[Problem]:
        """Take the code of the card company's own page."""
        if code.translate(_WIDE).strip() != CHALLENGE_CODE:
            return [Problem("code", f"認証コードが違います。試験用のコードは{CHALLENGE_CODE}です。")]
        self.finish(session, "card")
        return []

    def shop(self, session: Session) -> None:
        """Give a number to pay with at a shop; the money comes later."""
        if session.store_number == "":
            self.store.authorise(session, "store")
            self.delivery.send(session, "payment.authorised")

    def finish(self, session: Session, method: str, *, amount: int | None = None) -> None:
        """Take the money and tell the customer, as often and as well as was asked for."""
        with self.store.lock:
            is_new = session.status in LIVE
            if is_new:
                was_authorised = session.status == "authorised"
                self.store.capture(session, method, amount=amount)
        if is_new:
            first = () if was_authorised else ("payment.authorised",)
            self.delivery.send(session, *first, "payment.captured")

    def cancel(self, session: Session) -> None:
        """Close the page because the payer turned away, or the customer asked for it."""
        if self.store.cancel(session):
            self.delivery.send(session, "payment.cancelled")

    def expire(self) -> None:
        """Close what is over, and say so."""
        for session in self.store.expire(datetime.now(UTC)):
            self.delivery.send(session, "payment.expired")


def choose_fault(session: Session, fault: str) -> None:
    """Note the fault a tester chose on the page."""
    if fault in WEBHOOK_FAULTS:
        session.faults = [fault]


def _check_card(number: str, answers: dict[str, str]) -> list[Problem]:
    problems = []
    if number not in CARDS:
        problems.append(Problem("number", "試験用のカード番号を入力してください（下の一覧にあります）。"))
    expiry = re.fullmatch(r"\s*(0[1-9]|1[0-2])\s*/\s*(\d{2})\s*", answers.get("expiry", "").translate(_WIDE))
    if expiry is None:
        problems.append(Problem("expiry", "有効期限を「月/年」の4桁で入力してください（例：12/30）。"))
    elif (2000 + int(expiry[2]), int(expiry[1])) < (datetime.now(UTC).year, datetime.now(UTC).month):
        problems.append(Problem("expiry", "有効期限が過ぎています。"))
    if not re.fullmatch(r"\d{3,4}", answers.get("security", "").translate(_WIDE).strip()):
        problems.append(Problem("security", "セキュリティコードを3桁か4桁の数字で入力してください。"))
    return problems
