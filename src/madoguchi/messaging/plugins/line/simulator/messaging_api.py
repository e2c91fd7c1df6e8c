"""The Messaging API of the simulated LINE: which request does what."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from .checks import check_menu, check_messages, check_send
from .menus import Menus
from .store import ApiError, Bot, Store

SENDING = ("push", "multicast", "broadcast")


@dataclass
class Request:
    """One request: method, path without ``/v2/bot``, query, headers in lower case, raw body."""

    method: str
    path: list[str]
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """Return the content of a JSON request; 400 where it is none."""
        try:
            return json.loads(self.raw or b"{}")
        except ValueError:
            raise ApiError(400, "The request body could not be parsed as JSON") from None


@dataclass
class Answer:
    """An answer: status, JSON content or raw bytes, further headers."""

    content: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    kind: str = "application/json"


class MessagingApi:
    """Answers what a customer's server asks."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.menus = Menus(store)

    def answer(self, request: Request) -> Answer:
        """Answer a request; raises ``ApiError``."""
        bot = self.store.bot_of_token(request.headers.get("authorization", ""))
        match request.path:
            case ["message", *rest]:
                return self._message(bot, request, rest)
            case ["richmenu", *rest]:
                return self._menu(bot, request, rest)
            case ["user", *rest]:
                return self._user(bot, request, rest)
            case ["channel", "webhook", *rest]:
                return self._webhook(bot, request, rest)
            case ["info"] if request.method == "GET":
                return Answer(_info(bot))
            case ["profile", user] if request.method == "GET":
                return Answer(self._profile(bot, user))
            case ["followers", "ids"] if request.method == "GET":
                return Answer(self._followers(bot, request.query))
        raise ApiError(404, "Not found")

    # Messages.
    def _message(self, bot: Bot, request: Request, rest: list[str]) -> Answer:
        match (request.method, rest):
            case ("POST", [("push" | "multicast" | "broadcast") as kind]):
                return self._send(bot, kind, request)
            case ("POST", ["reply"]):
                check_send("reply", request.body)
                if self.store.fault("reply") == "error_before":
                    raise ApiError(500, "Internal server error")
                return Answer(self.store.reply(bot, request.body))
            case ("POST", ["validate", ("push" | "multicast" | "broadcast" | "reply")]):
                check_messages(request.body)
                return Answer()
            case ("GET", ["quota"]):
                limit = {"type": "none"} if bot.limit is None else {"type": "limited", "value": bot.limit}
                return Answer(limit)
            case ("GET", ["quota", "consumption"]):
                return Answer({"totalUsage": bot.used})
            case ("GET", ["aggregation", "info"]):
                return Answer({"numOfCustomAggregationUnits": len(bot.units)})
            case ("GET", ["aggregation", "list"]):
                return Answer({"customAggregationUnits": sorted(bot.units)})
        raise ApiError(404, "Not found")

    def _send(self, bot: Bot, kind: str, request: Request) -> Answer:
        """Send, once per retry key; as asked for, fail before it or after it."""
        fault = self.store.fault("send")
        if fault == "busy":
            raise ApiError(429, "The API rate limit has been exceeded. Try again later.", headers={"Retry-After": "7"})
        if fault == "monthly":
            raise ApiError(429, "You have reached your monthly limit.")
        if fault == "denied":
            raise ApiError(401, "Authentication failed due to the following reason: expired token")
        if fault == "error_before":
            raise ApiError(500, "Internal server error")
        body = request.body
        check_send(kind, body)
        content, request_id = self.store.take(bot, kind, body, request.headers.get("x-line-retry-key", ""))
        if fault == "error_after":
            raise ApiError(500, "Internal server error")
        if fault == "cut_after":
            raise ConnectionAbortedError
        return Answer(content, headers={"X-Line-Request-Id": request_id})

    # People.
    def _profile(self, bot: Bot, user: str) -> dict[str, Any]:
        friend = self.store.friend(bot, user)
        if not friend.is_following:
            raise ApiError(404, "Not found")
        return {"userId": user, "displayName": friend.name, "language": friend.language}

    def _followers(self, bot: Bot, query: dict[str, str]) -> dict[str, Any]:
        most, start = min(int(query.get("limit", "300")), 1000), int(query.get("start", "0") or 0)
        following = [one.user for one in bot.friends.values() if one.is_following]
        more = {"next": str(start + most)} if start + most < len(following) else {}
        return {"userIds": following[start : start + most], **more}

    def _user(self, bot: Bot, request: Request, rest: list[str]) -> Answer:
        match (request.method, rest):
            case ("POST", ["all", "richmenu", menu]):
                return Answer(self.menus.set_default(bot, menu))
            case ("GET", ["all", "richmenu"]):
                if not bot.default_menu:
                    raise ApiError(404, "no default richmenu")
                return Answer({"richMenuId": bot.default_menu})
            case ("DELETE", ["all", "richmenu"]):
                bot.default_menu = ""
                return Answer()
            case ("POST", [user, "linkToken"]):
                return Answer({"linkToken": self.store.link_token(bot, user)})
            case ("POST", [user, "richmenu", menu]):
                self.store.friend(bot, user)
                return Answer(self.menus.link(bot, menu, [user]))
            case ("GET", [user, "richmenu"]):
                menu = self.store.friend(bot, user).menu
                if not menu:
                    raise ApiError(404, "the user has no richmenu")
                return Answer({"richMenuId": menu})
            case ("DELETE", [user, "richmenu"]):
                return Answer(self.menus.unlink(bot, [user]))
        raise ApiError(404, "Not found")

    # Menus.
    def _menu(self, bot: Bot, request: Request, rest: list[str]) -> Answer:
        match (request.method, rest):
            case ("POST", []):
                return Answer(self.menus.create(bot, request.body))
            case ("POST", ["validate"]):
                check_menu(request.body)
                return Answer()
            case ("GET", ["list"]):
                return Answer(self.menus.listed(bot))
            case ("POST", ["bulk", "link"]):
                return Answer(self.menus.link(bot, request.body["richMenuId"], request.body["userIds"]), 202)
            case ("POST", ["bulk", "unlink"]):
                return Answer(self.menus.unlink(bot, request.body["userIds"]), 202)
            case (_, ["alias", *alias]):
                return self._alias(bot, request, alias)
            case ("POST", [menu, "content"]):
                kind = request.headers.get("content-type", "")
                return Answer(self.menus.upload(bot, menu, request.raw, kind))
            case ("GET", [menu, "content"]):
                found = self.menus.get(bot, menu)
                return Answer(raw=found.picture, kind=found.kind)
            case ("GET", [menu]):
                return Answer({"richMenuId": menu, **self.menus.get(bot, menu).request})
            case ("DELETE", [menu]):
                return Answer(self.menus.delete(bot, menu))
        raise ApiError(404, "Not found")

    def _alias(self, bot: Bot, request: Request, rest: list[str]) -> Answer:
        match (request.method, rest):
            case ("POST", []):
                body = request.body
                return Answer(self.menus.set_alias(bot, body["richMenuAliasId"], body["richMenuId"], is_new=True))
            case ("GET", ["list"]):
                return Answer({"aliases": [self.menus.alias(bot, one) for one in bot.aliases]})
            case ("GET", [alias]):
                return Answer(self.menus.alias(bot, alias))
            case ("POST", [alias]):
                return Answer(self.menus.set_alias(bot, alias, request.body["richMenuId"], is_new=False))
            case ("DELETE", [alias]):
                self.menus.alias(bot, alias)
                del bot.aliases[alias]
                return Answer()
        raise ApiError(404, "Not found")

    # The customer's server.
    def _webhook(self, bot: Bot, request: Request, rest: list[str]) -> Answer:
        match (request.method, rest):
            case ("GET", ["endpoint"]):
                return Answer({"endpoint": bot.webhook, "active": bool(bot.webhook)})
            case ("PUT", ["endpoint"]):
                address = str(request.body.get("endpoint", ""))
                if not address.startswith(("https://", "http://")):
                    raise ApiError(400, "Invalid webhook endpoint URL")
                bot.webhook = address
                self.store.save()
                return Answer()
        raise ApiError(404, "Not found")


def _info(bot: Bot) -> dict[str, Any]:
    return {
        "userId": bot.account["bot_user_id"],
        "basicId": f"@{bot.key}",
        "displayName": f"{bot.key}（模擬）",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }


def new_request_id() -> str:
    """Return a number for a request that is not about sending."""
    return str(uuid.uuid4())
