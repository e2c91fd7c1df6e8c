"""What the simulated LINE knows: accounts, friends and their chats, retry keys, menus."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ....rules.line import simulated_account

REPLY_SECONDS, LINK_SECONDS, TOKEN_SECONDS, RETRY_SECONDS = 60.0, 600.0, 900, 24 * 3600.0
FAMILY = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤")
GIVEN = ("葵", "陽翔", "凛", "蓮", "結衣", "湊", "紬", "樹", "芽依", "大和")


class ApiError(Exception):
    """LINE says no: HTTP status, message, details, further headers and content."""

    def __init__(self, status: int, message: str, details: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = more.pop("headers", {})
        self.content: dict[str, Any] = {"message": message, **more}
        if details:
            self.content["details"] = [{"property": name, "message": text} for name, text in details]


@dataclass
class Friend:
    """Somebody with LINE on the phone: ``chat`` holds (side, message, time) in order."""

    user: str
    name: str
    language: str = "ja"
    is_following: bool = True
    menu: str = ""
    chat: list[tuple[str, Mapping[str, Any], str]] = field(default_factory=list)


@dataclass
class Menu:
    """A rich menu, with its picture once it was uploaded."""

    id: str
    request: dict[str, Any]
    picture: bytes = b""
    kind: str = ""


@dataclass
class Bot:
    """One official account."""

    key: str
    account: dict[str, str]
    friends: dict[str, Friend] = field(default_factory=dict)
    webhook: str = ""
    limit: int | None = None
    used: int = 0
    accepted: dict[str, tuple[str, float]] = field(default_factory=dict)
    replies: dict[str, tuple[str, float]] = field(default_factory=dict)
    links: dict[str, tuple[str, float]] = field(default_factory=dict)
    menus: dict[str, Menu] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default_menu: str = ""
    units: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    requests: int = 0


class Store:
    """All accounts, safe for threads; friends and the webhook outlive the process where ``path`` is given."""

    def __init__(self, url: str, seed: str, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.faults: dict[str, list[str]] = {}
        self._url, self._seed, self._path = url, seed, path
        self.bots: dict[str, Bot] = {}
        if path is not None and path.exists():
            for key, kept in json.loads(path.read_text(encoding="utf-8")).items():
                bot = self.bot(key)
                bot.webhook = kept["webhook"]
                bot.friends = {one["user"]: Friend(**one) for one in kept["friends"]}

    def save(self) -> None:
        """Write friends and webhooks down, if a file was given."""
        if self._path is None:
            return
        with self.lock:
            kept = {
                key: {
                    "webhook": bot.webhook,
                    "friends": [
                        {"user": one.user, "name": one.name, "language": one.language, "is_following": one.is_following}
                        for one in bot.friends.values()
                    ],
                }
                for key, bot in self.bots.items()
            }
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        beside.replace(self._path)

    def bot(self, key: str) -> Bot:
        """Return the account of a municipality; there is one for every key."""
        with self.lock:
            if key not in self.bots:
                self.bots[key] = Bot(key, simulated_account(self._url, self._seed, key))
            return self.bots[key]

    def bot_of_token(self, header: str) -> Bot:
        """Return the account a request speaks for; 401 for any other token."""
        token = header.removeprefix("Bearer ")
        with self.lock:
            for bot in self.bots.values():
                if bot.tokens.get(token, 0.0) > time.monotonic():
                    return bot
        key = token.partition(".")[0]
        given = simulated_account(self._url, self._seed, key)["access_token"]
        if not header.startswith("Bearer ") or not key or not hmac.compare_digest(token.encode(), given.encode()):
            raise ApiError(
                401, "Authentication failed. Confirm that the access token in the authorization header is valid."
            )
        return self.bot(key)

    def issue_token(self, client_id: str, client_secret: str) -> dict[str, Any]:
        """Return a stateless channel access token for id and secret."""
        bot = self.bot(client_id.removeprefix("sim-"))
        if client_id != bot.account["channel_id"] or client_secret != bot.account["channel_secret"]:
            raise ApiError(400, "invalid_client", error="invalid_client", error_description="invalid client_secret")
        token = secrets.token_urlsafe(60)
        with self.lock:
            bot.tokens[token] = time.monotonic() + TOKEN_SECONDS
        return {"token_type": "Bearer", "access_token": token, "expires_in": TOKEN_SECONDS}

    def fault(self, place: str) -> str:
        """Return the next fault asked for at a place of the interface, and forget it."""
        with self.lock:
            waiting = self.faults.get(place, [])
            return waiting.pop(0) if waiting else ""

    def add_friends(self, bot: Bot, count: int, *, language: str = "ja", name: str = "") -> list[Friend]:
        """Make people who have not added the account yet."""
        with self.lock:
            made = []
            for _place in range(count):
                number = len(bot.friends)
                user = f"U{hmac.digest(self._seed.encode(), f'{bot.key} friend {number}'.encode(), 'md5').hex()}"
                usual = f"{FAMILY[number % 10]} {GIVEN[number // 10 % 10]}"
                bot.friends[user] = Friend(user, name or usual, language, is_following=False)
                made.append(bot.friends[user])
            return made

    def friend(self, bot: Bot, user: str) -> Friend:
        """Return somebody; 404 where nobody has the id."""
        if user not in bot.friends:
            raise ApiError(404, "Not found")
        return bot.friends[user]

    # Sending.
    def take(self, bot: Bot, kind: str, body: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
        """Take a push, multicast or broadcast once per retry key; returns the answer and the number of the request."""
        with self.lock:
            self._check_key(bot, key)
            receivers = self._receivers(bot, kind, body)
            if bot.limit is not None and bot.used + len(receivers) > bot.limit:
                raise ApiError(429, "You have reached your monthly limit.")
            request_id = str(uuid.uuid4())
            if key:
                bot.accepted[key] = request_id, time.monotonic()
            bot.used += len(receivers)
            bot.requests += 1
            for unit in body.get("customAggregationUnits", []):
                bot.units[unit] = bot.units.get(unit, 0) + len(receivers)
            self._show(receivers, body["messages"])
            answer = {"sentMessages": [{"id": str(secrets.randbits(58))} for _one in body["messages"]]}
            return (answer if kind == "push" else {}), request_id

    def reply(self, bot: Bot, body: dict[str, Any]) -> dict[str, Any]:
        """Answer an event; its token is good once, for a minute."""
        with self.lock:
            user, until = bot.replies.pop(str(body["replyToken"]), ("", 0.0))
            if not user or until < time.monotonic():
                raise ApiError(400, "Invalid reply token")
            self._show([bot.friends[user]], body["messages"])
            return {"sentMessages": [{"id": str(secrets.randbits(58))} for _one in body["messages"]]}

    def _check_key(self, bot: Bot, key: str) -> None:
        if not key:
            return
        try:
            uuid.UUID(key)
        except ValueError:
            raise ApiError(400, "The retry key is invalid.") from None
        request_id, at = bot.accepted.get(key, ("", 0.0))
        if request_id and time.monotonic() - at < RETRY_SECONDS:
            raise ApiError(
                409, "The retry key is already accepted.", headers={"X-Line-Accepted-Request-Id": request_id}
            )

    def _receivers(self, bot: Bot, kind: str, body: dict[str, Any]) -> list[Friend]:
        if kind == "broadcast":
            return [one for one in bot.friends.values() if one.is_following]
        wanted = [body["to"]] if isinstance(body["to"], str) else body["to"]
        found = [bot.friends[user] for user in dict.fromkeys(wanted) if user in bot.friends]
        if kind == "push" and not found:
            raise ApiError(400, "Failed to send messages")
        return [one for one in found if one.is_following]

    def _show(self, receivers: Sequence[Friend], messages: Sequence[Mapping[str, Any]]) -> None:
        now = datetime.now(UTC).isoformat()
        entries = [("city", message, now) for message in messages]
        for one in receivers:
            one.chat.extend(entries)

    def say(self, friend: Friend, text: str) -> None:
        """Note what somebody wrote."""
        with self.lock:
            friend.chat.append(("person", {"type": "text", "text": text}, datetime.now(UTC).isoformat()))

    # Tokens of events.
    def reply_token(self, bot: Bot, user: str) -> str:
        """Return a new reply token."""
        with self.lock:
            token = secrets.token_hex(16)
            bot.replies[token] = user, time.monotonic() + REPLY_SECONDS
            return token

    def link_token(self, bot: Bot, user: str) -> str:
        """Return a new token for linking an account, good once for ten minutes."""
        with self.lock:
            if not self.friend(bot, user).is_following:
                raise ApiError(400, "The user has blocked the account.")
            token = secrets.token_urlsafe(24)
            bot.links[token] = user, time.monotonic() + LINK_SECONDS
            return token

    def use_link(self, token: str) -> tuple[Bot, str]:
        """Return whose link token it is and use it up; 400 where it is not good."""
        with self.lock:
            for bot in self.bots.values():
                user, until = bot.links.pop(token, ("", 0.0))
                if user and until > time.monotonic():
                    return bot, user
        raise ApiError(400, "The link token is invalid or has expired.")
