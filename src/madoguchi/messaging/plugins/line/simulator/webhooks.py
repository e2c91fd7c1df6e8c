"""Webhooks of the simulated LINE: signed, in batches, delivered again when they are not taken."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from madoguchi.kit import ids

from ....rules.line import sign
from .store import Bot, Friend, Store

RETRIES = (1.0, 3.0, 10.0)
BATCH = 100
FAULTS = ("wrong_signature", "duplicate", "lost")


class Webhooks:
    """Tells the customer's server what people do, in order for each account."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._stopped = threading.Event()
        self._waiting = 0
        self.log: deque[dict[str, Any]] = deque(maxlen=1000)

    def follow(self, bot: Bot, friends: list[Friend]) -> None:
        """Let people add or unblock the account."""
        events = []
        for one in friends:
            returns = bool(one.chat) or one.is_following
            one.is_following = True
            events.append(self._event(bot, one, "follow", follow={"isUnblocked": returns}))
        self.send(bot, events)

    def unfollow(self, bot: Bot, friends: list[Friend]) -> None:
        """Let people block the account."""
        for one in friends:
            one.is_following = False
        self.send(bot, [self._event(bot, one, "unfollow") for one in friends])

    def message(self, bot: Bot, friend: Friend, text: str) -> None:
        """Let somebody write."""
        self._store.say(friend, text)
        content = {"type": "text", "id": str(secrets.randbits(58)), "quoteToken": secrets.token_hex(8), "text": text}
        self.send(bot, [self._event(bot, friend, "message", message=content)])

    def postback(self, bot: Bot, friend: Friend, data: str, params: dict[str, str], shown: str = "") -> None:
        """Let somebody press a button."""
        if shown:
            self._store.say(friend, shown)
        content: dict[str, Any] = {"data": data}
        if params:
            content["params"] = params
        self.send(bot, [self._event(bot, friend, "postback", postback=content)])

    def account_link(self, bot: Bot, friend: Friend, nonce: str, result: str = "ok") -> None:
        """Tell that somebody linked the account with one of the customer's."""
        self.send(bot, [self._event(bot, friend, "accountLink", link={"result": result, "nonce": nonce})])

    def send(self, bot: Bot, events: list[dict[str, Any]]) -> None:
        """Send events in the background; without a webhook address they are lost, as at LINE."""
        if not bot.webhook:
            return
        fault = self._store.fault("webhook")
        if fault == "lost":
            return
        batches = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]
        if fault == "duplicate":
            batches = [batch for batch in batches for _copy in range(2)]
        pool = self._pools.setdefault(bot.key, ThreadPoolExecutor(max_workers=1, thread_name_prefix="line-webhook"))
        for batch in batches:
            self._waiting += 1
            pool.submit(self._deliver, bot, batch, fault)

    def is_idle(self) -> bool:
        """Tell whether everything was delivered or given up."""
        return self._waiting == 0

    def _event(self, bot: Bot, friend: Friend, kind: str, **more: Any) -> dict[str, Any]:
        event = {
            "type": kind,
            "mode": "active",
            "timestamp": int(time.time() * 1000),
            "source": {"type": "user", "userId": friend.user},
            "webhookEventId": ids.new_id().upper(),
            "deliveryContext": {"isRedelivery": False},
            **more,
        }
        if kind != "unfollow":
            event["replyToken"] = self._store.reply_token(bot, friend.user)
        return event

    def _deliver(self, bot: Bot, events: list[dict[str, Any]], fault: str) -> None:
        try:
            for pause in (0.0, *RETRIES):
                if self._stopped.wait(pause):
                    return
                if 200 <= self._post(bot, events, fault) < 300 or fault:
                    return
                for event in events:
                    event["deliveryContext"]["isRedelivery"] = True
        finally:
            self._waiting -= 1

    def _post(self, bot: Bot, events: list[dict[str, Any]], fault: str) -> int:
        content = {"destination": bot.account["bot_user_id"], "events": events}
        body = json.dumps(content, ensure_ascii=False).encode()
        secret = "not-the-channel-secret" if fault == "wrong_signature" else bot.account["channel_secret"]
        place, host = reachable(bot.webhook)
        headers = {"Content-Type": "application/json; charset=utf-8", "X-Line-Signature": sign(secret, body), **host}
        try:
            status = httpx.post(place, content=body, headers=headers, timeout=10).status_code
        except httpx.HTTPError as error:
            self.log.append({"events": len(events), "status": 0, "error": type(error).__name__})
            return 0
        self.log.append({"events": len(events), "kind": events[0]["type"] if events else "", "status": status})
        return status

    def stop(self) -> None:
        """Give up what has not been delivered."""
        self._stopped.set()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


def reachable(address: str) -> tuple[str, dict[str, str]]:
    """Return an address to connect to, and the Host header where that is another name (``*.localhost``, RFC 6761)."""
    parts = urlsplit(address)
    if not (parts.hostname or "").endswith(".localhost"):
        return address, {}
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}")), {"Host": parts.netloc}
